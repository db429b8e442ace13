import type { ClientCertificates, ListenerModel, TlsModel, TlsVersion } from '../model';
import type { EdgePki } from './bootstrap';
import { extension, type Fragment } from './fragment';
import { InexpressibleError } from './inexpressible';

/** What BoringSSL does not speak of what the load balancer's policies name: an edge refuses there what AWS accepts. Tried one by one with Envoy 1.40. */
const MISSING_CIPHERS: ReadonlySet<string> = new Set(['ECDHE-ECDSA-AES256-SHA384', 'ECDHE-RSA-AES256-SHA384', 'AES128-SHA256', 'AES256-SHA256']);
const MISSING_GROUPS: ReadonlySet<string> = new Set(['SecP256r1MLKEM768', 'SecP384r1MLKEM1024']);

const GROUPS_IN_BORINGSSL: Readonly<Record<string, string>> = { secp256r1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521', x25519: 'X25519' };
const VERSIONS: Readonly<Record<TlsVersion, string>> = { 'TLSv1': 'TLSv1_0', 'TLSv1.1': 'TLSv1_1', 'TLSv1.2': 'TLSv1_2', 'TLSv1.3': 'TLSv1_3' };

/**
 * The listener's side of TLS.
 * - Versions, cipher suites and groups of the policy: elasticloadbalancing/latest/application/describe-ssl-policies.html.
 * - No session is resumed: not with mutual authentication (mutual-authentication.html), and elsewhere so that every connection of a drill is a
 *   whole handshake.
 * - HTTP/2 or HTTP/1.1, whichever the caller prefers by ALPN: load-balancer-listeners.html.
 */
export function tlsSocket(listener: ListenerModel, tls: TlsModel, pki: EdgePki): Fragment {
  const { minVersion, maxVersion, groups } = tls.policy;
  return extension('envoy.transport_sockets.tls', 'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext', {
    common_tls_context: {
      tls_params: {
        tls_minimum_protocol_version: VERSIONS[minVersion],
        tls_maximum_protocol_version: VERSIONS[maxVersion],
        ...(minVersion !== 'TLSv1.3' && { cipher_suites: spoken(listener, tls, 'cipher suites', tls.policy.ciphers, MISSING_CIPHERS) }),
        ...(groups && { ecdh_curves: spoken(listener, tls, 'groups', groups, MISSING_GROUPS).map((group) => GROUPS_IN_BORINGSSL[group] ?? group) }),
      },
      alpn_protocols: ['h2', 'http/1.1'],
      tls_certificates: [{ certificate_chain: { inline_string: pki.server.certificatePem }, private_key: { inline_string: pki.server.privateKeyPem } }],
      ...(tls.clients && { validation_context: validation(tls.clients, pki) }),
    },
    require_client_certificate: tls.clients?.mode === 'verify',
    disable_stateless_session_resumption: true,
    disable_stateful_session_resumption: true,
  });
}

function spoken(listener: ListenerModel, { policy }: TlsModel, what: string, names: readonly string[], missing: ReadonlySet<string>): string[] {
  const rest = names.filter((name) => !missing.has(name));
  if (rest.length === 0) throw new InexpressibleError(listener.place, `the policy ${policy.name}`, `Envoy speaks none of its ${what} (${names.join(', ') || 'it names none'})`);
  return rest;
}

/**
 * Whose certificates are good: elasticloadbalancing/latest/application/mutual-authentication.html. In passthrough mode callers are asked for
 * one and let in with any or none; the authority is named there only because Envoy asks for certificates only where it knows one.
 */
function validation(clients: ClientCertificates, pki: EdgePki): Fragment {
  const trusted = { trusted_ca: { inline_string: pki.clientCaPem } };
  if (clients.mode === 'passthrough') return { ...trusted, trust_chain_verification: 'ACCEPT_UNTRUSTED' };
  return {
    ...trusted,
    ...(clients.revocation && { crl: { inline_string: pki.clientCrlPem } }),
    allow_expired_certificate: clients.ignoreExpiry,
  };
}
