import type { ListenerModel } from '../model';
import type { Surroundings } from './bootstrap';
import { rememberSource } from './conditions';
import { extension, type Fragment } from './fragment';
import { earlyMutations, router, serverHeader } from './headers';
import { JwtFilters, type KeySets } from './jwt';
import { routes } from './routes';
import { tlsSocket } from './tls';
import { type LiveFilters, webAclFilters } from './live';

const LOOPBACK = { socket_address: { address: '127.0.0.1', port_value: 0 } };
/** What the load balancer takes of headers in all: elasticloadbalancing/latest/application/load-balancer-limits.html. Envoy has no limit for a single one. */
const HEADERS_KB = 64;

/** How long a connection lasts that is idle or answered for the last time; Envoy's seconds would be most of a drill. */
const LINGERING = '0.050s';

/** A listener on a free port of the loopback device that accepts connections with and without a PROXY line. */
export function listenerOf(name: string, listener: ListenerModel, { pki, issuer, live }: Surroundings): Fragment {
  return {
    name,
    address: LOOPBACK,
    listener_filters: [extension('envoy.filters.listener.proxy_protocol', 'envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol', {
      allow_requests_without_proxy_protocol: true,
    })],
    filter_chains: [{
      ...(listener.tls && { transport_socket: tlsSocket(listener, listener.tls, pki) }),
      filters: [rememberSource(), connectionManager(name, listener, issuer, live)],
    }],
  };
}

/**
 * What is done to requests on their way to Core.
 * - The web ACL comes first: rules of the listener are tried on what it lets through (elasticloadbalancing/latest/application/application-load-balancers.html#load-balancer-waf).
 * - Target and Host pass as they are. AWS appends a listener port other than 80 and 443 to Host unless told to preserve it; that is not imitated.
 * - X-Forwarded-For is appended to, preserved or removed; X-Forwarded-Proto is the listener's (x-forwarded-headers.html).
 * - Ambiguous requests are refused by Envoy itself in every desync mode; AWS lets some of them through in the modes monitor and defensive
 *   (load-balancer attributes, routing.http.desync_mitigation_mode), so a difference between the modes cannot be seen here.
 * - A connection may be idle for as long as idle_timeout.timeout_seconds says.
 * - An HTTP listener speaks HTTP/1.1 alone (load-balancer-listeners.html: HTTP/2 with HTTPS listeners).
 */
function connectionManager(name: string, listener: ListenerModel, keySets: KeySets, live: LiveFilters): Fragment {
  const jwts = new JwtFilters(keySets);
  const idle = `${listener.hygiene.idleTimeoutSeconds}s`;
  return extension('envoy.filters.network.http_connection_manager', 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
    stat_prefix: name,
    codec_type: listener.tls ? 'AUTO' : 'HTTP1',
    route_config: routes(listener, jwts),
    http_filters: [
      ...listener.webAcl ? webAclFilters(name, listener.webAcl, live) : [],
      ...jwts.filters(),
      router(listener),
    ],
    early_header_mutation_extensions: earlyMutations(listener),
    ...serverHeader(listener),
    use_remote_address: true,
    skip_xff_append: true,
    generate_request_id: false,
    preserve_external_request_id: true,
    // A header of Envoy's own, which means nothing to a load balancer.
    forward_client_cert_details: 'ALWAYS_FORWARD_ONLY',
    path_with_escaped_slashes_action: 'KEEP_UNCHANGED',
    max_request_headers_kb: HEADERS_KB,
    stream_idle_timeout: idle,
    delayed_close_timeout: LINGERING,
    drain_timeout: LINGERING,
    common_http_protocol_options: { idle_timeout: idle, headers_with_underscores_action: 'ALLOW' },
    http_protocol_options: { accept_http_10: true },
    upgrade_configs: [{ upgrade_type: 'websocket' }],
    local_reply_config: { mappers: [QUIET] },
  });
}

/** What the web ACL and the token checks refuse says nothing of how it was refused. */
const QUIET: Fragment = { filter: { response_flag_filter: { flags: ['FI', 'RL'] } }, body: { inline_string: '' } };
