import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { LISTENER } from './load-balancing';

const TRUST_STORE = 'AWS::ElasticLoadBalancingV2::TrustStore';
const REVOCATION = 'AWS::ElasticLoadBalancingV2::TrustStoreRevocation';

/** What a listener does with client certificates; off is the default (elasticloadbalancing, MutualAuthenticationAttributes). */
function modeOf(mutual: Property): string {
  return (mutual.exists ? mutual.get('Mode').text() : undefined) ?? 'off';
}

const verifiedClients = defineRule('IDN-6', 'verified-clients', {
  appliesTo: [LISTENER],
  remediation: 'Set MutualAuthentication Mode verify with a TrustStoreArn, and leave IgnoreClientCertificateExpiry false. Where the target verifies, acknowledge it.',
  check(listener) {
    const mutual = listener.prop('MutualAuthentication');
    const mode = modeOf(mutual);
    if (mode === 'passthrough') return fail(mutual.get('Mode'), 'passes client certificates on unverified: whoever makes one up reaches the target');
    if (mode !== 'verify') return NOT_APPLICABLE;
    return all(
      () => expect(mutual.get('IgnoreClientCertificateExpiry').flag() !== true, mutual.get('IgnoreClientCertificateExpiry'), 'takes client certificates that have expired'),
      () => expect(mutual.get('TrustStoreArn').partialText().text !== '', mutual.get('TrustStoreArn'), 'names no trust store to verify client certificates with'),
    );
  },
});

/** What a trust store is known by: its resource, or its ARN where that is written out. */
function trustStoreAt(place: Property): Resource | string {
  return place.reference()?.resource ?? place.text() ?? '';
}

/** A list may be written beside a trust store whose ARN is written out, so that one is looked for too. */
function hasRevocations(place: Property, graph: TemplateGraph): readonly Outcome[] {
  const store = trustStoreAt(place);
  const outcomes = each(graph.ofType(REVOCATION), (revocation) => {
    if (trustStoreAt(revocation.prop('TrustStoreArn')) !== store) return NOT_APPLICABLE;
    return revocation.prop('RevocationContents').items().length > 0 ? PASS : NOT_APPLICABLE;
  });
  if (outcomes.some(({ kind }) => kind === 'pass')) return PASS;
  if (outcomes.length > 0) return outcomes;
  if (!(store instanceof Resource) || store.type !== TRUST_STORE) return undecidable(place, 'is a trust store that is in none of the templates, so whether it knows revoked certificates is not known');
  return fail(place, `${store.logicalId} has no revocation list: a certificate that was withdrawn is taken until it expires`);
}

const revocation = defineRule('IDN-6', 'revocation', {
  appliesTo: [LISTENER],
  remediation: 'Add an AWS::ElasticLoadBalancingV2::TrustStoreRevocation for the trust store, with the authority\'s revocation list in RevocationContents.',
  check(listener, graph) {
    const mutual = listener.prop('MutualAuthentication');
    if (modeOf(mutual) !== 'verify') return NOT_APPLICABLE;
    const place = mutual.get('TrustStoreArn');
    return place.partialText().text === '' ? NOT_APPLICABLE : hasRevocations(place, graph);
  },
});

export const IDN_MTLS_RULES = [verifiedClients, revocation];
