import { BROKER_TABLE_TAG, BROKER_TABLES } from '../../broker/contract';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { brokersOf, tableOf } from './broker-configuration';
import { known, oncePerGraph } from './pointers';
import { TABLE, tagOf } from './tables';

type BrokerTable = (typeof BROKER_TABLES)[number];

/** The tables of one kind: what is tagged so, and what brokers are told of. */
const tablesOfKind = (kind: BrokerTable) => oncePerGraph((graph: TemplateGraph): readonly Resource[] => [...new Set([
  ...graph.ofType(TABLE).filter((table) => known(() => tagOf(table, BROKER_TABLE_TAG)) === kind),
  ...brokersOf(graph).flatMap((broker) => known(() => tableOf(broker, kind, graph)) ?? []),
])]);

/** Who may have which credential for which job. */
export const jobTables = tablesOfKind('jobs');
/** Nonces, workers and leases. */
export const stateTables = tablesOfKind('state');
