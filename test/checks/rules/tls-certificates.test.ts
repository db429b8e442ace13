import { CfnResource, type Stack } from 'aws-cdk-lib';
import { Certificate, CertificateValidation, CfnCertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { CfnService } from 'aws-cdk-lib/aws-ecs';
import { CfnListenerCertificate } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnServerCertificate } from 'aws-cdk-lib/aws-iam';
import { alb, albListener, resourceOf } from '../../support/alb';
import { deployTimeValue, httpsListener } from '../../support/load-balancing';
import { raw } from '../../support/network';
import { describeRule } from '../../support/rule-cases';

const IAM_ARN = 'arn:aws:iam::111122223333:server-certificate/core';
const UPLOADED = /is a server certificate in IAM/;

const certificate = (stack: Stack, props: Partial<ConstructorParameters<typeof CfnCertificate>[2]> = {}): CfnCertificate =>
  new CfnCertificate(stack, 'Certificate', { domainName: 'core.acme.com', validationMethod: 'DNS', ...props });

const uploaded = (stack: Stack): CfnServerCertificate => new CfnServerCertificate(stack, 'Uploaded', { serverCertificateName: 'core' });

describeRule('TLS-3.managed-certificate', {
  compliant: {
    'a certificate of ACM by its ARN': (stack) => httpsListener(stack),
    'one of another partition': (stack) => httpsListener(stack, { certificates: [{ certificateArn: 'arn:aws-cn:acm:cn-north-1:111122223333:certificate/1' }] }),
    'one of the stack': (stack) => httpsListener(stack, { certificates: [{ certificateArn: certificate(stack).ref }] }),
    'a listener as the CDK makes it': (stack) => albListener(stack),
    'an ACM certificate whose id is known at deployment': (stack) => httpsListener(stack, {
      certificates: [{ certificateArn: `arn:aws:acm:eu-central-1:111122223333:certificate/${deployTimeValue(stack)}` }],
    }),
    'a second certificate of ACM': (stack) => new CfnListenerCertificate(stack, 'Second', { listenerArn: 'arn', certificates: [{ certificateArn: certificate(stack).ref }] }),
  },
  violating: {
    'a certificate of IAM by its ARN': { build: (stack) => httpsListener(stack, { certificates: [{ certificateArn: IAM_ARN }] }), message: UPLOADED, severity: 'error' },
    'one of the stack': { build: (stack) => httpsListener(stack, { certificates: [{ certificateArn: uploaded(stack).attrArn }] }), message: UPLOADED },
    'a second certificate of IAM': { build: (stack) => new CfnListenerCertificate(stack, 'Second', { listenerArn: 'arn', certificates: [{ certificateArn: IAM_ARN }] }), message: UPLOADED },
  },
  override: { build: (stack) => resourceOf(albListener(stack)).addPropertyOverride('Certificates.0.CertificateArn', IAM_ARN), message: UPLOADED },
  raw: { build: (stack) => raw(stack, 'AWS::ElasticLoadBalancingV2::Listener', { Certificates: [{ CertificateArn: IAM_ARN }] }), message: UPLOADED },
  undecidable: {
    'a certificate known at deployment': (stack) => httpsListener(stack, { certificates: [{ certificateArn: deployTimeValue(stack) }] }),
    'what a custom resource answers': (stack) => httpsListener(stack, { certificates: [{ certificateArn: new CfnResource(stack, 'Made', { type: 'Custom::Certificate' }).getAtt('Arn').toString() }] }),
  },
  notApplicable: { 'a plain listener': (stack) => alb(stack).addRedirect() },
});

describeRule('TLS-3.dns-validation', {
  compliant: {
    'validation by DNS': (stack) => certificate(stack),
    'a certificate as the CDK makes it': (stack) => new Certificate(stack, 'Certificate', { domainName: 'core.acme.com', validation: CertificateValidation.fromDns() }),
    'one of a private authority, which validates nothing': (stack) => certificate(stack, {
      validationMethod: undefined, certificateAuthorityArn: 'arn:aws:acm-pca:eu-central-1:111122223333:certificate-authority/1',
    }),
    'a key that stays': (stack) => certificate(stack, { certificateExport: 'DISABLED' }),
  },
  violating: {
    'validation by mail': {
      build: (stack) => new Certificate(stack, 'Certificate', { domainName: 'core.acme.com', validation: CertificateValidation.fromEmail() }),
      message: /answers a mail/,
      severity: 'warning',
    },
    'no method, which means mail': { build: (stack) => certificate(stack, { validationMethod: undefined }), message: /answers a mail/ },
    'a key that can be taken out': { build: (stack) => certificate(stack, { certificateExport: 'ENABLED' }), message: /taken out as a file/, severity: 'warning' },
  },
  override: { build: (stack) => certificate(stack).addPropertyOverride('ValidationMethod', 'EMAIL'), message: /answers a mail/ },
  raw: { build: (stack) => raw(stack, 'AWS::CertificateManager::Certificate', { DomainName: 'core.acme.com' }), message: /answers a mail/ },
  undecidable: (stack) => certificate(stack, { validationMethod: deployTimeValue(stack) }),
});

const CLEAR = /offered to other services without TLS/;
const TLS = { issuerCertificateAuthority: { awsPcaAuthorityArn: 'arn:aws:acm-pca:eu-central-1:111122223333:certificate-authority/1' } };

const connected = (stack: Stack, connect?: Partial<CfnService.ServiceConnectConfigurationProperty>): CfnService => new CfnService(stack, 'Service', {
  taskDefinition: 'core:1', serviceConnectConfiguration: connect && { enabled: true, ...connect },
});

describeRule('TLS-6.service-connect', {
  compliant: {
    'an offer with TLS': (stack) => connected(stack, { services: [{ portName: 'api', tls: TLS }] }),
  },
  violating: {
    'an offer in clear': { build: (stack) => connected(stack, { services: [{ portName: 'api' }] }), message: CLEAR, severity: 'warning' },
    'an offer in clear beside one with TLS': { build: (stack) => connected(stack, { services: [{ portName: 'api', tls: TLS }, { portName: 'metrics' }] }), message: CLEAR },
  },
  override: { build: (stack) => connected(stack, { services: [{ portName: 'api', tls: TLS }] }).addPropertyDeletionOverride('ServiceConnectConfiguration.Services.0.Tls'), message: CLEAR },
  raw: { build: (stack) => raw(stack, 'AWS::ECS::Service', { ServiceConnectConfiguration: { Enabled: true, Services: [{ PortName: 'api' }] } }), message: CLEAR },
  undecidable: (stack) => connected(stack).addPropertyOverride('ServiceConnectConfiguration', { Enabled: { Ref: (deployTimeValue(stack), 'DeployTime') }, Services: [{ PortName: 'api' }] }),
  notApplicable: {
    'a service without Service Connect': (stack) => connected(stack),
    'one that only calls others': (stack) => connected(stack, {}),
    'one that is switched off': (stack) => connected(stack, { enabled: false, services: [{ portName: 'api' }] }),
  },
});
