import type { Resource } from '../../../checks/template/resource';
import type { TemplateGraph } from '../../../checks/template/template-graph';
import type { ClientCertificates, TlsModel, TlsPolicy } from '../model';
import { DEFAULT_TLS_POLICY, TLS_POLICIES } from '../tls-policies';
import type { Inspection } from './inspect';
import { Spot } from './spot';
import { TRUST_STORE, TRUST_STORE_REVOCATION } from './types';

/** Absent on an HTTP listener. AWS: "Create an HTTPS listener for your Application Load Balancer". */
export function tlsOf(listener: Resource, graph: TemplateGraph, inspection: Inspection): TlsModel | undefined {
  const spot = Spot.of(listener);
  if (spot.get('Protocol').requiredOneOf(['HTTP', 'HTTPS']) === 'HTTP') {
    for (const key of ['SslPolicy', 'MutualAuthentication']) {
      if (spot.get(key).exists) spot.get(key).refuse('an HTTP listener takes none; take it out, or make the listener HTTPS');
    }
    return undefined;
  }
  const clients = clientsOf(spot, graph, inspection);
  return { policy: policyOf(spot, inspection), ...(clients === undefined ? {} : { clients }) };
}

function policyOf(listener: Spot, inspection: Inspection): TlsPolicy {
  const spot = listener.get('SslPolicy');
  const name = spot.text() ?? DEFAULT_TLS_POLICY;
  if (name.includes('FIPS')) inspection.omit(listener.resource, 'policies for FIPS do without ChaCha20 in TLS 1.3; the drill speaks every suite of TLS 1.3', 'SslPolicy');
  return TLS_POLICIES.get(name) ?? spot.refuse('the drill does not know which versions and ciphers this policy stands for; name another to drill the rest');
}

/** AWS: "Mutual authentication with TLS in Application Load Balancer". */
function clientsOf(listener: Spot, graph: TemplateGraph, inspection: Inspection): ClientCertificates | undefined {
  const spot = listener.get('MutualAuthentication');
  if (!spot.exists) return undefined;
  const mode = spot.get('Mode').oneOf(['off', 'passthrough', 'verify']) ?? 'off';
  const trustStore = spot.get('TrustStoreArn');
  const expiry = spot.get('IgnoreClientCertificateExpiry');
  if (mode !== 'verify') {
    for (const unused of [trustStore, expiry]) if (unused.exists) unused.refuse(`mode ${mode} takes none; take it out, or verify`);
    return mode === 'off' ? undefined : { mode };
  }
  const identity = trustStore.identity();
  const known = trustStore.target(TRUST_STORE);
  if (known) inspection.inspect(known);
  const revocation = revocations(identity, graph, inspection);
  if (!known && !revocation) inspection.omit(listener.resource, 'the trust store is in none of the templates, and with it whether it revokes anything', trustStore.path);
  return { mode, ignoreExpiry: expiry.flag(false), trustStore: identity, revocation };
}

function revocations(trustStore: string, graph: TemplateGraph, inspection: Inspection): boolean {
  const lists = graph.ofType(TRUST_STORE_REVOCATION).filter((list) => Spot.of(list).get('TrustStoreArn').identity() === trustStore);
  lists.forEach((list) => inspection.inspect(list));
  return lists.some((list) => Spot.of(list).get('RevocationContents').items().length > 0);
}
