import { each, fail, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { portsOf } from './addresses';
import { ingressIs, OTHER_SOURCES } from './net';

export const DB_INSTANCE = 'AWS::RDS::DBInstance';
export const DB_CLUSTER = 'AWS::RDS::DBCluster';

/** An instance of a cluster takes most of what it is from there. */
export const isMember = (database: Resource): boolean => database.prop('DBClusterIdentifier').exists;

/** Engines that speak PostgreSQL's protocol. */
export const isPostgres = (engine: string): boolean => /^(aurora-)?postgres(ql)?$/.test(engine.toLowerCase());

/** A store takes traffic from the security groups of programs, at one port. */
export function isReachedByPrograms(groups: Property, graph: TemplateGraph, what: string): readonly Outcome[] {
  return each(groups.items(), (place) => ingressIs(place, graph, ({ at }, group) => {
    const network = OTHER_SOURCES.map((key) => at.get(key)).find((source) => source.exists);
    if (network) return fail(place, `${group.logicalId} lets ${network.partialText().text} reach the ${what}: name the security groups of the programs that use it`);
    const ports = portsOf({ at });
    // A serverless cache listens at two, one beside the other (ElastiCache guide, "Endpoints").
    return ports === undefined || ports.to - ports.from <= 1 ? PASS : fail(place, `${group.logicalId} opens ports ${ports.from} to ${ports.to}; the ${what} listens at its own alone`);
  }));
}
