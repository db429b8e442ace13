import type { Pki } from '../../services/pki';
import type { EdgeModel, Place } from '../model';
import { extension, type Fragment } from './fragment';
import { ISSUER_CLUSTER, type KeySets } from './jwt';
import { listenerOf } from './listener';
import type { LiveFilters } from './live';
import { clusterOfGate, CORE_CLUSTER } from './routes';

/** The certificates that an edge shows and trusts. */
export type EdgePki = Pick<Pki, 'server' | 'clientCaPem' | 'clientCrlPem'>;

/** What stands around an edge. */
export interface Surroundings {
  readonly pki: EdgePki;
  readonly core: { readonly port: number };
  /** @default - there are none */
  readonly gates?: readonly GateBehind[];
  readonly issuer: KeySets;
  readonly live: LiveFilters;
}

/** The processes that stand for a gate's tasks. */
export interface GateBehind {
  readonly place: Place;
  readonly ports: readonly number[];
  /** Where they tell of themselves. @default - nowhere */
  readonly metricsPorts?: readonly number[];
}

/** The whole configuration of one Envoy for all listeners, each of them under its index as name. */
export function bootstrap(model: EdgeModel, around: Surroundings): Fragment {
  const { core, issuer, gates = [] } = around;
  return {
    // Whoever reads filters from files must have a name.
    node: { id: 'drill', cluster: 'drill' },
    admin: { address: { socket_address: { address: '127.0.0.1', port_value: 0 } } },
    static_resources: {
      listeners: model.listeners.map((listener, index) => listenerOf(String(index), listener, around)),
      clusters: [
        cluster(CORE_CLUSTER, [core.port]),
        cluster(ISSUER_CLUSTER, [issuer.port]),
        ...gates.flatMap(({ place, ports, metricsPorts = [] }) => [cluster(clusterOfGate(place), ports), cluster(clusterOfGate(place, 'metrics'), metricsPorts)])
          .map((each) => ({ ...each, transport_socket: UNVERIFIED_TLS })),
      ],
    },
  };
}

/** The load balancer encrypts to its targets and does not ask who they are (elasticloadbalancing/latest/application/load-balancer-target-groups.html; M-52). */
const UNVERIFIED_TLS = extension('envoy.transport_sockets.tls', 'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext', { common_tls_context: {} });

function cluster(name: string, ports: readonly number[]): Fragment {
  const addresses = ports.map((port) => ({ socket_address: { address: '127.0.0.1', port_value: port } }));
  return {
    name,
    type: 'STATIC',
    connect_timeout: '2s',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: addresses.map((address) => ({ endpoint: { address } })) }] },
  };
}
