import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Certificate, CertificateValidation, PrivateCertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { CertificateAuthority } from 'aws-cdk-lib/aws-acmpca';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { ingressTemplate, secureIngress } from '../support/ingress';
import { certificate } from '../support/remote-core';

const byDns = CertificateValidation.fromDns();

function made(stack: Stack, domainName: string, subjectAlternativeNames?: string[], validation = byDns): Certificate {
  return new Certificate(stack, 'Made', { domainName, subjectAlternativeNames, validation });
}

describe('The certificate', () => {
  test.each([
    ['core.acme.internal', undefined], ['CORE.acme.internal', undefined], ['*.acme.internal', undefined], ['acme.internal', ['core.acme.internal']], ['acme.internal', ['*.acme.internal']],
  ])('covers the host name as %p with %p', (name, others) => {
    const stack = new Stack();
    expect(() => secureIngress(stack, { certificate: made(stack, name, others) })).not.toThrow();
  });

  test.each([
    ['acme.internal', undefined], ['*.internal', undefined], ['*.core.acme.internal', undefined], ['other.acme.internal', ['*.acme.com']],
  ])('does not as %p with %p', (name, others) => {
    const stack = new Stack();
    expect(() => secureIngress(stack, { certificate: made(stack, name, others) }))
      .toThrow(`Default/Ingress: certificate is "for ${[name, ...(others ?? [])].join(', ')}". Name a certificate for core.acme.internal, or for *.acme.internal`);
  });

  test('must not need an e-mail before each renewal', () => {
    const stack = new Stack();
    expect(() => secureIngress(stack, { certificate: made(stack, 'core.acme.internal', undefined,
      CertificateValidation.fromEmail()) })).toThrow('certificate is "validated by e-mail". Validate it by DNS');
  });

  test('may come from a private authority', () => {
    const stack = new Stack();
    const certificateAuthority = CertificateAuthority.fromCertificateAuthorityArn(stack, 'Authority',
      'arn:aws:acm-pca:eu-central-1:111122223333:certificate-authority/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6');
    expect(() => secureIngress(stack, { certificate: new PrivateCertificate(stack, 'Private', { domainName: 'core.acme.internal', certificateAuthority }) })).not.toThrow();
  });

  test('is taken as it is where a name is a token', () => {
    const stack = new Stack();
    expect(() => secureIngress(stack, { certificate: made(stack, new CfnParameter(stack, 'Name').valueAsString) })).not.toThrow();
  });

  test('must be one, and of this region', () => {
    const stack = new Stack(new App(), 'Regional', { env: { account: '111122223333', region: 'us-east-1' } });
    expect(() => secureIngress(stack, { certificate: certificate(stack, 'eu-central-1') })).toThrow('Regional/Ingress: certificate is "of eu-central-1". This stack is in us-east-1');
    const other = new Stack();
    expect(() => secureIngress(other, { certificate: Certificate.fromCertificateArn(other, 'Wrong', 'hello') })).toThrow('certificate is "hello". Name a certificate of AWS Certificate Manager');
  });
});

describe('The alias record', () => {
  function zone(stack: Stack, zoneName: string): ReturnType<typeof HostedZone.fromHostedZoneAttributes> {
    return HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789', zoneName });
  }

  test('is made only where a zone is named', () => {
    ingressTemplate().resourceCountIs('AWS::Route53::RecordSet', 0);
  });

  test('points the host name at the load balancer', () => {
    const stack = new Stack();
    const template = ingressTemplate({ aliasZone: zone(stack, 'acme.internal') }, stack);
    template.resourceCountIs('AWS::Route53::RecordSet', 1);
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: 'core.acme.internal.', Type: 'A', HostedZoneId: 'Z0123456789',
      AliasTarget: Match.objectLike({ HostedZoneId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^IngressLoadBalancer'), 'CanonicalHostedZoneID'] } }),
    });
  });

  test('has a sister where the load balancer has IPv6 addresses', () => {
    const stack = new Stack();
    const template = ingressTemplate({ aliasZone: zone(stack, 'core.acme.internal'), dualStack: true }, stack);
    template.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'core.acme.internal.', Type: 'AAAA' });
    template.resourceCountIs('AWS::Route53::RecordSet', 2);
  });

  test.each(['acme.com', 'e.internal', 'x.core.acme.internal'])('refuses the zone %s', (zoneName) => {
    const stack = new Stack();
    expect(() => secureIngress(stack, { aliasZone: zone(stack, zoneName) })).toThrow(`Default/Ingress: aliasZone is "${zoneName}". Name the hosted zone that core.acme.internal lies in.`);
  });
});
