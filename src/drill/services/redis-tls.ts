import { connect } from 'node:tls';
import { extension, type Fragment } from '../edge/envoy/fragment';

/** TLS in front of a server that has none. */
export interface TlsFront {
  readonly host: string;
  readonly port: number;
  /** Where the server listens. */
  readonly socket: string;
  /** Files, so that Envoy, which quotes a configuration that it does not take, cannot quote the key. */
  readonly certificate: string;
  readonly key: string;
}

const NAME = 'redis';
const HANDSHAKE_MS = 1000;

/** The whole configuration of an Envoy that takes TLS off and passes on what is left, byte by byte. */
export function tlsInFront({ host, port, socket, certificate, key }: TlsFront): Fragment {
  const tls = {
    // What ElastiCache accepts for in-transit encryption.
    tls_params: { tls_minimum_protocol_version: 'TLSv1_2', tls_maximum_protocol_version: 'TLSv1_3' },
    tls_certificates: [{ certificate_chain: { filename: certificate }, private_key: { filename: key } }],
  };
  return {
    static_resources: {
      listeners: [{
        name: NAME,
        address: { socket_address: { address: host, port_value: port } },
        // With it another drill's Envoy could take the same port, and half of the connections.
        enable_reuse_port: false,
        filter_chains: [{
          filters: [extension('envoy.filters.network.tcp_proxy', 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy', { stat_prefix: NAME, cluster: NAME })],
          transport_socket: extension('envoy.transport_sockets.tls', 'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext', { common_tls_context: tls }),
        }],
      }],
      clusters: [{
        name: NAME,
        type: 'STATIC',
        connect_timeout: '2s',
        load_assignment: { cluster_name: NAME, endpoints: [{ lb_endpoints: [{ endpoint: { address: { pipe: { path: socket } } } }] }] },
      }],
    },
  };
}

/** Whether somebody listens there whom the authority vouches for. */
export function shakesHands(host: string, port: number, caPem: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, ca: caPem });
    const end = (isDone: boolean): void => {
      socket.destroy();
      resolve(isDone);
    };
    socket.once('secureConnect', () => end(true)).once('error', () => end(false)).setTimeout(HANDSHAKE_MS, () => end(false));
  });
}
