import { type Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  type ApplicationListener, type CfnListener, CfnTrustStore, CfnTrustStoreRevocation, ListenerAction, MutualAuthenticationMode, TrustStore, TrustStoreRevocation,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { alb, albListener, CERTIFICATE, resourceOf } from '../../support/alb';
import { deployTimeValue, httpsListener, loadBalancer } from '../../support/load-balancing';
import { raw } from '../../support/network';
import { describeRule } from '../../support/rule-cases';

const ARN = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:truststore/callers/0123456789abcdef';
const LISTS = [{ revocationType: 'CRL', s3Bucket: 'authority', s3Key: 'revoked.crl' }];

type Mutual = CfnListener.MutualAuthenticationProperty;

/** A listener that treats client certificates like this. */
const mutual = (stack: Stack, props: Mutual): CfnListener => httpsListener(stack, { mutualAuthentication: props });
const verify = (stack: Stack, props: Mutual = {}): CfnListener => mutual(stack, { mode: 'verify', trustStoreArn: ARN, ...props });

const trustStore = (stack: Stack): CfnTrustStore => new CfnTrustStore(stack, 'Trust', { caCertificatesBundleS3Bucket: 'authority', caCertificatesBundleS3Key: 'ca.pem' });

/** The same with the CDK's own constructs. */
function construct(stack: Stack): { readonly trust: TrustStore; readonly bucket: Bucket; readonly listener: ApplicationListener } {
  const bucket = new Bucket(stack, 'Authority');
  const trust = new TrustStore(stack, 'Trust', { bucket, key: 'ca.pem' });
  const listener = alb(stack).addListener('Https', {
    port: 443, certificates: [CERTIFICATE], defaultAction: ListenerAction.fixedResponse(404),
    mutualAuthentication: { mutualAuthenticationMode: MutualAuthenticationMode.VERIFY, trustStore: trust },
  });
  return { trust, bucket, listener };
}

/** A hand-written listener with this for its client certificates. */
const rawListener = (stack: Stack, mutualAuthentication: object): void => {
  raw(stack, 'AWS::ElasticLoadBalancingV2::Listener', { LoadBalancerArn: loadBalancer(stack).ref, Protocol: 'HTTPS', Port: 443, DefaultActions: [], MutualAuthentication: mutualAuthentication });
};

const NOT_ASKED_FOR = {
  'a listener that asks for no certificate': (stack: Stack) => httpsListener(stack),
  'a listener as the CDK makes it': (stack: Stack) => albListener(stack),
  'a listener with certificates turned off': (stack: Stack) => mutual(stack, { mode: 'off' }),
  'a listener that names no mode, which is off': (stack: Stack) => rawListener(stack, {}),
};

describeRule('IDN-6.verified-clients', {
  compliant: {
    'certificates that are verified': (stack) => verify(stack),
    'expiry said to matter': (stack) => verify(stack, { ignoreClientCertificateExpiry: false }),
    'the constructs of the CDK': (stack) => construct(stack),
    'a trust store known at deployment': (stack) => verify(stack, { trustStoreArn: deployTimeValue(stack) }),
  },
  violating: {
    'certificates passed on unverified': { build: (stack) => mutual(stack, { mode: 'passthrough' }), message: /passes client certificates on unverified/, severity: 'error' },
    'expired certificates': { build: (stack) => verify(stack, { ignoreClientCertificateExpiry: true }), message: /takes client certificates that have expired/, severity: 'error' },
    'expired certificates, as text': { build: (stack) => rawListener(stack, { Mode: 'verify', TrustStoreArn: ARN, IgnoreClientCertificateExpiry: 'True' }), message: /have expired/ },
    'no trust store': { build: (stack) => mutual(stack, { mode: 'verify' }), message: /names no trust store/ },
    'an empty trust store': { build: (stack) => verify(stack, { trustStoreArn: '' }), message: /names no trust store/ },
    'no trust store, where expiry is not known': {
      build: (stack) => rawListener(stack, { Mode: 'verify', IgnoreClientCertificateExpiry: deployTimeValue(stack) }),
      message: /names no trust store/,
    },
  },
  override: {
    build: (stack) => resourceOf(construct(stack).listener).addPropertyOverride('MutualAuthentication.IgnoreClientCertificateExpiry', true),
    message: /have expired/,
  },
  raw: { build: (stack) => rawListener(stack, { Mode: 'passthrough' }), message: /passes client certificates on unverified/ },
  undecidable: {
    'a mode known at deployment': (stack) => verify(stack, { mode: deployTimeValue(stack) }),
    'expiry known at deployment': (stack) => verify(stack).addPropertyOverride('MutualAuthentication.IgnoreClientCertificateExpiry', deployTimeValue(stack)),
  },
  notApplicable: NOT_ASKED_FOR,
});

const UNLISTED = /Trust\w* has no revocation list/;

/** A listener that verifies with a trust store of the template. */
function withStore(stack: Stack): CfnTrustStore {
  const trust = trustStore(stack);
  verify(stack, { trustStoreArn: trust.ref });
  return trust;
}

describeRule('IDN-6.revocation', {
  compliant: {
    'a revocation list': (stack) => new CfnTrustStoreRevocation(stack, 'Revoked', { trustStoreArn: withStore(stack).ref, revocationContents: LISTS }),
    'the ARN of the trust store, by its attribute': (stack) => new CfnTrustStoreRevocation(stack, 'Revoked', { trustStoreArn: withStore(stack).attrTrustStoreArn, revocationContents: LISTS }),
    'the constructs of the CDK': (stack) => {
      const { trust, bucket } = construct(stack);
      new TrustStoreRevocation(stack, 'Revoked', { trustStore: trust, revocationContents: [{ bucket, key: 'revoked.crl' }] });
    },
    'a list for a trust store that both name by its ARN': (stack) => {
      verify(stack);
      new CfnTrustStoreRevocation(stack, 'Revoked', { trustStoreArn: ARN, revocationContents: LISTS });
    },
    'a list beside an empty one': (stack) => {
      const trustStoreArn = withStore(stack).ref;
      new CfnTrustStoreRevocation(stack, 'Empty', { trustStoreArn, revocationContents: [] });
      new CfnTrustStoreRevocation(stack, 'Revoked', { trustStoreArn, revocationContents: LISTS });
    },
    'a list beside one for a trust store known at deployment': (stack) => {
      new CfnTrustStoreRevocation(stack, 'Revoked', { trustStoreArn: withStore(stack).ref, revocationContents: LISTS });
      new CfnTrustStoreRevocation(stack, 'Other', { trustStoreArn: deployTimeValue(stack), revocationContents: LISTS });
    },
  },
  violating: {
    'no list': { build: (stack) => withStore(stack), message: UNLISTED, severity: 'error' },
    'the constructs of the CDK without one': { build: (stack) => construct(stack), message: UNLISTED },
    'a list without contents': { build: (stack) => new CfnTrustStoreRevocation(stack, 'Revoked', { trustStoreArn: withStore(stack).ref }), message: UNLISTED },
    'an empty list': { build: (stack) => new CfnTrustStoreRevocation(stack, 'Revoked', { trustStoreArn: withStore(stack).ref, revocationContents: [] }), message: UNLISTED },
    'a list for another trust store': {
      build: (stack) => {
        withStore(stack);
        new CfnTrustStoreRevocation(stack, 'Revoked', { trustStoreArn: ARN, revocationContents: LISTS });
      },
      message: UNLISTED,
    },
  },
  override: {
    build: (stack) => {
      const { trust, bucket } = construct(stack);
      const revoked = new TrustStoreRevocation(stack, 'Revoked', { trustStore: trust, revocationContents: [{ bucket, key: 'revoked.crl' }] });
      resourceOf(revoked).addPropertyOverride('RevocationContents', []);
    },
    message: UNLISTED,
  },
  raw: { build: (stack) => rawListener(stack, { Mode: 'verify', TrustStoreArn: trustStore(stack).ref }), message: UNLISTED },
  undecidable: {
    'a trust store of nobody\'s template': (stack) => verify(stack),
    'a trust store known at deployment': (stack) => verify(stack, { trustStoreArn: deployTimeValue(stack) }),
    'a list for a trust store known at deployment': (stack) => {
      withStore(stack);
      new CfnTrustStoreRevocation(stack, 'Revoked', { trustStoreArn: deployTimeValue(stack), revocationContents: LISTS });
    },
    'contents known at deployment': (stack) => new CfnTrustStoreRevocation(stack, 'Revoked', { trustStoreArn: withStore(stack).ref })
      .addPropertyOverride('RevocationContents', deployTimeValue(stack)),
    'a mode known at deployment': (stack) => verify(stack, { mode: deployTimeValue(stack) }),
  },
  notApplicable: {
    ...NOT_ASKED_FOR,
    'certificates passed on unverified': (stack) => mutual(stack, { mode: 'passthrough' }),
    'certificates verified with nothing': (stack) => mutual(stack, { mode: 'verify' }),
  },
});
