import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ApplicationListenerRule, ListenerAction, ListenerCondition, TrustStore } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Authorizer } from '../../src/authorizer/authorizer';
import type { ClientCertificateProps } from '../../src/authorizer/client-certificates';
import { CognitoIssuer } from '../../src/authorizer/cognito-issuer';
import { judge } from '../../src/checks/judge';
import { treeTemplates } from '../../src/checks/tree-templates';
import { alb, albTargets, CERTIFICATE } from '../support/alb';
import { JWT } from '../support/remote-core';

const VERIFY = { Mode: 'verify', IgnoreClientCertificateExpiry: false, AdvertiseTrustStoreCaNames: 'off' };

const newStack = (): Stack => new Stack(new App(), 'Stack');

function certificates(stack: Stack, props: Partial<ClientCertificateProps> = {}): ClientCertificateProps {
  const bucket = Bucket.fromBucketName(stack, 'Authority', 'authority');
  return { caBundle: { bucket, key: 'ca.pem', version: '7' }, revocationList: { bucket, key: 'revoked.pem' }, ...props };
}

/** A listener that demands what the authorizer does before it forwards. */
function edge(stack: Stack, authorizer: Authorizer): Template {
  const proof = authorizer._bind(stack);
  const listener = alb(stack).addListener('Https', {
    port: 443, certificates: [CERTIFICATE], open: false, defaultAction: ListenerAction.fixedResponse(404), mutualAuthentication: proof.mutualAuthentication,
  });
  const conditions = [ListenerCondition.pathPatterns(['/v1/*'])];
  new ApplicationListenerRule(stack, 'Forward', { listener, priority: 1000, conditions, action: proof.guard(ListenerAction.forward([albTargets(stack)])) });
  return Template.fromStack(stack);
}

function actionTypes(template: Template): string[] {
  const rules = Object.values(template.findResources('AWS::ElasticLoadBalancingV2::ListenerRule')) as { Properties: { Actions: { Type: string }[] } }[];
  return rules.flatMap(({ Properties }) => Properties.Actions.map(({ Type }) => Type));
}

function identityFindings(stack: Stack): string[] {
  return judge(treeTemplates(stack.node.root)).findings.filter(({ control }) => control.startsWith('IDN-')).map(({ rule }) => rule);
}

describe('Authorizer.cognito', () => {
  const issuerIn = (stack: Stack): CognitoIssuer => new CognitoIssuer(stack, 'Issuer', { scopes: ['invoke'], callers: [{ name: 'platform' }, { name: 'batch' }] });

  test('demands an access token of the issuer for one of its callers, with the scope', () => {
    const stack = newStack();
    const issuer = issuerIn(stack);
    edge(stack, Authorizer.cognito(issuer, { scope: 'invoke' })).hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Actions: [
        {
          Type: 'jwt-validation', Order: 1,
          JwtValidationConfig: {
            Issuer: stack.resolve(issuer.issuer) as unknown,
            JwksEndpoint: stack.resolve(issuer.jwksUri) as unknown,
            AdditionalClaims: [
              { Name: 'client_id', Format: 'single-string', Values: ['platform', 'batch'].map((caller): unknown => stack.resolve(issuer.client(caller).userPoolClientId)) },
              { Name: 'token_use', Format: 'single-string', Values: ['access'] },
              { Name: 'scope', Format: 'space-separated-values', Values: ['core/invoke'] },
            ],
          },
        },
        Match.objectLike({ Type: 'forward', Order: 2 }),
      ],
    });
    expect(identityFindings(stack)).toEqual([]);
  });

  test('takes any of the scopes where none is named', () => {
    const stack = newStack();
    expect(JSON.stringify(edge(stack, Authorizer.cognito(issuerIn(stack))).findResources('AWS::ElasticLoadBalancingV2::ListenerRule'))).not.toContain('"scope"');
  });

  test('needs the internet for the keys of the pool', () => {
    const stack = newStack();
    const authorizer = Authorizer.cognito(issuerIn(stack));
    expect(authorizer.fetchesKeysFromInternet).toBe(true);
    expect(stack.resolve(authorizer._hosts)).toEqual([{ 'Fn::Join': ['', ['cognito-idp.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]] }]);
  });
});

describe('Authorizer.mtls', () => {
  test('verifies certificates with a trust store, and knows which are withdrawn', () => {
    const stack = newStack();
    const template = edge(stack, Authorizer.mtls(certificates(stack)));
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TrustStore', {
      CaCertificatesBundleS3Bucket: 'authority', CaCertificatesBundleS3Key: 'ca.pem', CaCertificatesBundleS3ObjectVersion: '7',
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TrustStoreRevocation', {
      TrustStoreArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^TrustStore'), 'TrustStoreArn'] },
      RevocationContents: [{ RevocationType: 'CRL', S3Bucket: 'authority', S3Key: 'revoked.pem', S3ObjectVersion: Match.absent() }],
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      MutualAuthentication: { ...VERIFY, TrustStoreArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^TrustStore'), 'TrustStoreArn'] } },
    });
    expect(actionTypes(template)).toEqual(['forward']);
    expect(identityFindings(stack)).toEqual([]);
  });

  test('forwards nothing before the list of withdrawn certificates is there', () => {
    const stack = newStack();
    const template = edge(stack, Authorizer.mtls(certificates(stack)));
    template.hasResource('AWS::ElasticLoadBalancingV2::ListenerRule', { DependsOn: Match.arrayWith([Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::TrustStoreRevocation'))[0]]) });
  });

  test('needs no internet', () => {
    const stack = newStack();
    expect(Authorizer.mtls(certificates(stack)).fetchesKeysFromInternet).toBe(false);
  });

  test('tells clients which authorities count if asked to', () => {
    const stack = newStack();
    edge(stack, Authorizer.mtls(certificates(stack, { advertiseCaNames: true }))).hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      MutualAuthentication: Match.objectLike({ AdvertiseTrustStoreCaNames: 'on' }),
    });
  });

  test.each(['caBundle', 'revocationList'] as const)('refuses a %s that is no file', (prop) => {
    const stack = newStack();
    const bucket = Bucket.fromBucketName(stack, 'Other', 'other');
    expect(() => Authorizer.mtls(certificates(stack, { [prop]: { bucket, key: '/ca.pem' } }))._bind(stack)).toThrow(`Stack: authorizer.${prop}.key is "/ca.pem". Name the key of a PEM file`);
  });
});

describe('Authorizer.trustStore', () => {
  test('verifies with a trust store whose revocation list the pack asks about', () => {
    const stack = newStack();
    const arn = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:truststore/callers/0123456789abcdef';
    const template = edge(stack, Authorizer.trustStore(TrustStore.fromTrustStoreArn(stack, 'Callers', arn)));
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::TrustStore', 0);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { MutualAuthentication: { ...VERIFY, TrustStoreArn: arn } });
    expect(identityFindings(stack)).toEqual(['IDN-6.revocation[undecidable]']);
  });
});

describe('two proofs', () => {
  test('are both demanded', () => {
    const stack = newStack();
    const both = Authorizer.mtls(certificates(stack)).and(Authorizer.jwt(JWT));
    expect(both._hosts).toEqual(['login.acme.com']);
    const template = edge(stack, both);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { MutualAuthentication: Match.objectLike({ Mode: 'verify' }) });
    expect(actionTypes(template)).toEqual(['jwt-validation', 'forward']);
    template.hasResource('AWS::ElasticLoadBalancingV2::ListenerRule', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('^Revocation')]) });
  });

  test('are the same in the other order', () => {
    const stack = newStack();
    expect(actionTypes(edge(stack, Authorizer.jwt(JWT).and(Authorizer.mtls(certificates(stack)))))).toEqual(['jwt-validation', 'forward']);
  });

  test('are one certificate and one token', () => {
    const stack = newStack();
    const wrong = Authorizer.jwt(JWT).and(Authorizer.jwt(JWT));
    expect(() => wrong._bind(stack)).toThrow('Stack: authorizer.and is ["token","token"]. Combine one certificate with one token.');
    expect(() => Authorizer.mtls(certificates(stack)).and(Authorizer.mtls(certificates(newStack())))._bind(stack)).toThrow('["certificate","certificate"]');
  });
});
