import type { ClientCertificates, HeaderModel, ListenerModel } from '../model';
import { extension, type Fragment } from './fragment';
import { OWN_HEADER } from './waf-reading';

const TIME = '%Y-%m-%dT%H:%M:%SZ';

/** elasticloadbalancing/latest/application/header-modification.html and mutual-authentication.html name these and what is in them. */
const CERTIFICATE_HEADERS: Readonly<Record<ClientCertificates['mode'], readonly HeaderModel[]>> = {
  verify: [
    { name: 'X-Amzn-Mtls-Clientcert-Serial-Number', value: '%DOWNSTREAM_PEER_SERIAL%' },
    { name: 'X-Amzn-Mtls-Clientcert-Issuer', value: '%DOWNSTREAM_PEER_ISSUER%' },
    { name: 'X-Amzn-Mtls-Clientcert-Subject', value: '%DOWNSTREAM_PEER_SUBJECT%' },
    { name: 'X-Amzn-Mtls-Clientcert-Validity', value: `NotBefore=%DOWNSTREAM_PEER_CERT_V_START(${TIME})%;NotAfter=%DOWNSTREAM_PEER_CERT_V_END(${TIME})%` },
    { name: 'X-Amzn-Mtls-Clientcert-Leaf', value: '%DOWNSTREAM_PEER_CERT%' },
  ],
  // The whole chain at AWS; the leaf here, which is all that Envoy tells.
  passthrough: [{ name: 'X-Amzn-Mtls-Clientcert', value: '%DOWNSTREAM_PEER_CERT%' }],
};

/** Where routing.http.x_amzn_tls_version_and_cipher_suite.enabled is on: application-load-balancers.html#load-balancer-attributes. */
const TLS_HEADERS: readonly HeaderModel[] = [
  { name: 'X-Amzn-Tls-Version', value: '%DOWNSTREAM_TLS_VERSION%' },
  { name: 'X-Amzn-Tls-Cipher-Suite', value: '%DOWNSTREAM_TLS_CIPHER%' },
];

/** Envoy's own: no load balancer sends them. */
const NOT_FOR_THE_CORE = ['x-envoy-external-address', 'x-envoy-internal', 'x-envoy-expected-rq-timeout-ms'];

/** A header name with anything but letters, digits and hyphens; pseudo-headers begin with a colon. */
const INVALID_NAME = '[^-A-Za-z0-9:].*|[-A-Za-z0-9].*[^-A-Za-z0-9].*';

/**
 * What is taken off a request before anything looks at it.
 * - Headers of invalid names, where the listener's load balancer drops them: load-balancer-attributes (routing.http.drop_invalid_header_fields.enabled).
 *   Names that are no HTTP tokens at all are refused by Envoy in either case.
 * - Headers by which filters of the edge's own web ACL tell each other something.
 * - X-Forwarded-For, where it is to be removed: x-forwarded-headers.html.
 * - Copies of the headers about client certificates and TLS that the caller has sent, where the load balancer writes them itself. Whether AWS overwrites them
 *   is not documented; that it does is assumed here. Without mutual authentication they pass, so that a Core cannot take comfort in their names.
 */
export function earlyMutations(listener: ListenerModel): Fragment[] {
  const { hygiene } = listener;
  const written = aboutTls(listener).map(({ name }) => name);
  const mutations: Fragment[] = [
    ...(hygiene.dropInvalidHeaders ? [{ remove_on_match: { key_matcher: { safe_regex: { regex: INVALID_NAME } } } }] : []),
    ...(listener.webAcl ? [{ remove_on_match: { key_matcher: { prefix: OWN_HEADER } } }] : []),
    ...(hygiene.forwardedFor === 'remove' ? ['X-Forwarded-For'] : []).concat(written).map((name) => ({ remove: name })),
  ];
  if (mutations.length === 0) return [];
  return [extension('early', 'envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation', { mutations })];
}

/**
 * What Core receives beside what the caller sent: elasticloadbalancing/latest/application/x-forwarded-headers.html, and the client certificate.
 * The address is appended here, for Envoy itself writes the machine's own in place of a loopback address.
 */
export function requestHeaders(listener: ListenerModel): Fragment {
  const { port, hygiene } = listener;
  const caller = hygiene.forwardedPort ? '%DOWNSTREAM_REMOTE_ADDRESS%' : '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%';
  const address = { header: { key: 'X-Forwarded-For', value: caller }, append_action: 'APPEND_IF_EXISTS_OR_ADD' };
  return {
    request_headers_to_add: [
      ...[{ name: 'X-Forwarded-Port', value: String(port) }, ...aboutTls(listener)].map(overwrite),
      ...(hygiene.forwardedFor === 'append' ? [address] : []),
    ],
    request_headers_to_remove: NOT_FOR_THE_CORE,
  };
}

/** Under the listener's own names for them (header-modification.html, "Rename mTLS/TLS headers"). */
function aboutTls({ tls, hygiene, renamedHeaders = {} }: ListenerModel): readonly HeaderModel[] {
  if (tls === undefined) return [];
  const headers = [...(tls.clients ? CERTIFICATE_HEADERS[tls.clients.mode] : []), ...(hygiene.tlsHeaders ? TLS_HEADERS : [])];
  return headers.map(({ name, value }) => ({ name: renamedHeaders[name.toLowerCase()] ?? name, value }));
}

/**
 * What callers receive of Core's answer: with the header attributes of the listener, which replace Core's own
 * (elasticloadbalancing/latest/application/header-modification.html), and without `server` where that is turned off. The attribute
 * routing.http.response.server.enabled allows or removes "the HTTP response server header" (APIReference/API_ListenerAttribute.html), which is
 * read here as Core's too. Whether answers that the load balancer makes itself carry the attributes is not documented; here they do not.
 */
export function router({ responseHeaders, serverHeader: named }: ListenerModel): Fragment {
  const mutations = [
    ...responseHeaders.map(({ name, value }) => ({ append: overwrite({ name, value: verbatim(value) }) })),
    ...(named ? [] : [{ remove: 'server' }]),
  ];
  return extension('envoy.filters.http.router', 'envoy.extensions.filters.http.router.v3.Router', {
    suppress_envoy_headers: true,
    upstream_http_filters: [
      extension('answers', 'envoy.extensions.filters.http.header_mutation.v3.HeaderMutation', { mutations: { response_mutations: mutations } }),
      extension('envoy.filters.http.upstream_codec', 'envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec'),
    ],
  });
}

/** The load balancer's own name, where it may give one: on what it answers itself, and where Core gives none. */
export function serverHeader({ serverHeader: named }: ListenerModel): Fragment {
  return named ? { server_name: 'awselb/2.0', server_header_transformation: 'APPEND_IF_ABSENT' } : { server_header_transformation: 'PASS_THROUGH' };
}

export function overwrite({ name, value }: HeaderModel): Fragment {
  return { header: { key: name, value }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' };
}

/** A text in which Envoy is to find no command of its own. */
export function verbatim(text: string): string {
  return text.replaceAll('%', '%%');
}
