import type { Pki } from '../../services/pki';
import type { EdgeModel } from '../model';
import type { Fragment } from './fragment';
import { ISSUER_CLUSTER, type KeySets } from './jwt';
import { listenerOf } from './listener';
import type { LiveFilters } from './live';
import { CORE_CLUSTER } from './routes';

/** What stands around an edge. */
export interface Surroundings {
  readonly pki: Pki;
  readonly core: { readonly port: number };
  readonly issuer: KeySets;
  readonly live: LiveFilters;
}

/** The whole configuration of one Envoy for all listeners, each of them under its index as name. */
export function bootstrap(model: EdgeModel, around: Surroundings): Fragment {
  const { core, issuer } = around;
  return {
    // Whoever reads filters from files must have a name.
    node: { id: 'drill', cluster: 'drill' },
    admin: { address: { socket_address: { address: '127.0.0.1', port_value: 0 } } },
    static_resources: {
      listeners: model.listeners.map((listener, index) => listenerOf(String(index), listener, around)),
      clusters: [cluster(CORE_CLUSTER, core.port), cluster(ISSUER_CLUSTER, issuer.port)],
    },
  };
}

function cluster(name: string, port: number): Fragment {
  const address = { socket_address: { address: '127.0.0.1', port_value: port } };
  return {
    name,
    type: 'STATIC',
    connect_timeout: '2s',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
  };
}
