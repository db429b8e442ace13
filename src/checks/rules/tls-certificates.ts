import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import { Reference } from '../template/value';
import { CLASSIC_LOAD_BALANCER, LISTENER } from './load-balancing';

const LISTENER_CERTIFICATE = 'AWS::ElasticLoadBalancingV2::ListenerCertificate';
const ACM_CERTIFICATE = 'AWS::CertificateManager::Certificate';
const IAM_CERTIFICATE = 'AWS::IAM::ServerCertificate';

/** The partition is a hole in many templates. */
const ACM_ARN = /^arn:([^:]+|\$\{[^}]*\}):acm:/;
const IAM_ARN = /^arn:([^:]+|\$\{[^}]*\}):iam:/;

/** Whoever issued it, a certificate in ACM is watched there; one in IAM was uploaded with its key, and expires unseen. */
function comesFromAcm(place: Property): readonly Outcome[] {
  const type = place.value instanceof Reference ? place.value.resource.type : undefined;
  const { text } = place.partialText();
  if (type === ACM_CERTIFICATE || ACM_ARN.test(text)) return PASS;
  if (type === IAM_CERTIFICATE || IAM_ARN.test(text)) return fail(place, 'is a server certificate in IAM: somebody had its key in a file, and nobody renews it');
  return undecidable(place, `${text} is in none of the templates, so who renews it is not known`);
}

const managed = defineRule('TLS-3', 'managed-certificate', {
  appliesTo: [LISTENER, LISTENER_CERTIFICATE, CLASSIC_LOAD_BALANCER],
  remediation: 'Name a certificate of AWS Certificate Manager, requested there or imported.',
  check(resource) {
    const [list, key] = resource.type === CLASSIC_LOAD_BALANCER ? ['Listeners', 'SSLCertificateId'] as const : ['Certificates', 'CertificateArn'] as const;
    return each(resource.prop(list).items(), (entry) => {
      const place = entry.get(key);
      return place.exists ? comesFromAcm(place) : NOT_APPLICABLE;
    });
  },
});

const validation = defineRule('TLS-3', 'dns-validation', {
  appliesTo: [ACM_CERTIFICATE],
  remediation: 'Set ValidationMethod DNS, so that ACM renews the certificate without anybody reading mail, and leave CertificateExport out.',
  check(certificate) {
    const method = certificate.prop('ValidationMethod');
    const exported = certificate.prop('CertificateExport');
    return all(
      () => {
        // A private authority asks nobody.
        if (certificate.prop('CertificateAuthorityArn').exists) return PASS;
        // EMAIL is the default (ACM API, RequestCertificate).
        const name = method.text() ?? 'EMAIL';
        return name === 'EMAIL' ? fail(method, 'is renewed only if somebody answers a mail in time', 'warning') : PASS;
      },
      () => (exported.text() === 'ENABLED' ? fail(exported, 'lets the private key be taken out as a file', 'warning') : PASS),
    );
  },
});

const serviceConnect = defineRule('TLS-6', 'service-connect', {
  appliesTo: ['AWS::ECS::Service'],
  remediation: 'Give each entry of ServiceConnectConfiguration.Services a Tls block with an IssuerCertificateAuthority.',
  check(service) {
    const connect = service.prop('ServiceConnectConfiguration');
    if (!connect.exists || connect.get('Enabled').flag() === false) return NOT_APPLICABLE;
    return each(connect.get('Services').items(), (offered) => expect(
      offered.get('Tls.IssuerCertificateAuthority.AwsPcaAuthorityArn').exists, offered.get('Tls'), 'is offered to other services without TLS, so neither side proves who it is',
    ));
  },
});

export const TLS_CERTIFICATE_RULES = [managed, validation, serviceConnect];
