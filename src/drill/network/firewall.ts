import type { FirewallModel } from './model';

/** Where the stand-in takes redirected connections. */
const PROXY_PORT = 15_001;
/** Network Firewall recognises protocols on any port; the stand-in looks at the ports that they have by custom. */
const INSPECTED = [80, 443];

/** What a firewall's endpoint does with packets: named traffic goes to the proxy, the rest passes or does not. */
export function firewallRules({ ports, unlisted }: FirewallModel): string {
  const inspected = INSPECTED.filter((port) => ports?.includes(port) ?? true).join(', ');
  return `
table ip firewall {
  chain prerouting { type nat hook prerouting priority -100; ${inspected === '' ? '' : `iifname "eth0" tcp dport { ${inspected} } redirect to :${PROXY_PORT};`} }
  chain forward { type filter hook forward priority 0; policy accept; ${unlisted === 'dropped' || ports !== undefined ? 'reject with icmp type admin-prohibited;' : ''} }
}
`;
}

/** Envoy in the firewall's place: it reads the name in the TLS handshake or the HTTP request and lets it out, or closes the connection. */
export function firewallProgram(firewall: FirewallModel, envoy: string): { readonly command: readonly string[]; readonly port: number } {
  const config = JSON.stringify(bootstrap(firewall));
  return { command: [envoy, '--config-yaml', config, '--concurrency', '1', '--use-dynamic-base-id', '--log-level', 'error', '--disable-hot-restart'], port: PROXY_PORT };
}

const TYPE = 'type.googleapis.com/envoy.extensions';
const OUT = 'out';
const HTTP = ['http/1.0', 'http/1.1'];

function bootstrap({ lists, unlisted }: FirewallModel): unknown {
  const chains = lists.flatMap(({ kinds, names, home }) => {
    const from = { source_prefix_ranges: home.map((cidr) => ({ address_prefix: cidr.split('/')[0], prefix_len: Number(cidr.split('/')[1]) })) };
    return [
      ...(kinds.includes('TLS_SNI') ? [{ filter_chain_match: { transport_protocol: 'tls', server_names: names.flatMap(serverNames), ...from }, filters: [passOn()] }] : []),
      ...(kinds.includes('HTTP_HOST') ? [{ filter_chain_match: { transport_protocol: 'raw_buffer', application_protocols: HTTP, ...from }, filters: [passOnByHost(names)] }] : []),
    ];
  });
  // A listener needs a chain; one that nobody asks for stands where there are no others.
  const nothing = { filter_chain_match: { server_names: ['nothing.invalid'] }, filters: [passOn()] };
  const unnamed = { filter_chain_match: { transport_protocol: 'raw_buffer' }, filters: [passOn()] };
  return {
    static_resources: {
      listeners: [{
        name: 'firewall',
        address: { socket_address: { address: '0.0.0.0', port_value: PROXY_PORT } },
        listener_filters: [inspector('original_dst', 'OriginalDst'), inspector('tls_inspector', 'TlsInspector'), inspector('http_inspector', 'HttpInspector')],
        filter_chains: [...chains, unlisted === 'dropped-by-name' ? unnamed : nothing],
        ...(unlisted === 'passed' ? { default_filter_chain: { filters: [passOn()] } } : {}),
      }],
      clusters: [{ name: OUT, type: 'ORIGINAL_DST', lb_policy: 'CLUSTER_PROVIDED', connect_timeout: '2s' }],
    },
  };
}

function inspector(name: string, type: string): unknown {
  return { name: `envoy.filters.listener.${name}`, typed_config: { '@type': `${TYPE}.filters.listener.${name}.v3.${type}` } };
}

function passOn(): unknown {
  return { name: 'tcp', typed_config: { '@type': `${TYPE}.filters.network.tcp_proxy.v3.TcpProxy`, stat_prefix: OUT, cluster: OUT } };
}

function passOnByHost(names: readonly string[]): unknown {
  const domains = names.flatMap(serverNames).flatMap((name) => [name, `${name}:80`]);
  return {
    name: 'http',
    typed_config: {
      '@type': `${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
      stat_prefix: OUT,
      route_config: { virtual_hosts: [{ name: 'listed', domains, routes: [{ match: { prefix: '/' }, route: { cluster: OUT } }] }] },
      http_filters: [{ name: 'router', typed_config: { '@type': `${TYPE}.filters.http.router.v3.Router` } }],
    },
  };
}

/** A domain list's `.example.com` is the name itself and everything below it (Network Firewall guide, "Stateful domain list rule groups"). */
function serverNames(name: string): string[] {
  return name.startsWith('.') ? [name.slice(1), `*${name}`] : [name];
}
