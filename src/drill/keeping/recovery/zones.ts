import type { Resource } from '../../../checks/template/resource';
import type { Json } from '../../../checks/template/template';
import type { KeepingScene } from '../scene';
import { CACHE_SUBNETS, DATABASE, DATABASE_SUBNETS, REPLICATION_GROUP, SERVICE, SUBNET } from '../types';
import { isTrue, mapOf, numberOf, textOf, textsIn } from './reading';

type Deployed = Pick<KeepingScene, 'graph' | 'id' | 'propertiesOf'>;

/** Where something stands. */
export interface Standing {
  /** Undefined where nothing in the templates says it. */
  readonly zones?: ReadonlySet<string>;
  /** Whether somebody takes over, or it is started again, where a zone is left. */
  readonly comesBack: boolean;
}

/** The zones of some subnets; one that no template makes may lie in one of its own. */
function zonesOf(scene: Deployed, subnets: Json | undefined): ReadonlySet<string> {
  const known = new Map(scene.graph.ofType(SUBNET).map((subnet) => [scene.id(subnet), textOf(scene.propertiesOf(subnet).AvailabilityZone)]));
  return new Set(textsIn(subnets).map((id) => known.get(id) || id));
}

function groupOf(scene: Deployed, store: Resource, type: string, property: string): ReadonlySet<string> | undefined {
  const group = scene.graph.ofType(type).find((candidate) => scene.graph.pointingAt(candidate, store.type, property).includes(store));
  return group && zonesOf(scene, scene.propertiesOf(group).SubnetIds);
}

/** How each kind stands up to the loss of a zone, as it was deployed. */
const STANDING: Readonly<Record<string, (scene: Deployed, resource: Resource) => Standing>> = {
  [DATABASE]: (scene, database) => ({ zones: groupOf(scene, database, DATABASE_SUBNETS, 'DBSubnetGroupName'), comesBack: isTrue(scene.propertiesOf(database).MultiAZ) }),
  [REPLICATION_GROUP]: (scene, group) => {
    const { NumCacheClusters, ReplicasPerNodeGroup, AutomaticFailoverEnabled, MultiAZEnabled } = scene.propertiesOf(group);
    const replicas = numberOf(ReplicasPerNodeGroup) ?? (numberOf(NumCacheClusters) ?? 1) - 1;
    return { zones: groupOf(scene, group, CACHE_SUBNETS, 'CacheSubnetGroupName'), comesBack: replicas > 0 && isTrue(AutomaticFailoverEnabled) && isTrue(MultiAZEnabled) };
  },
  [SERVICE]: (scene, service) => ({ zones: zonesOf(scene, subnetsOf(scene, service)), comesBack: true }),
};

function subnetsOf(scene: Deployed, service: Resource): Json | undefined {
  return mapOf(mapOf(scene.propertiesOf(service).NetworkConfiguration).AwsvpcConfiguration).Subnets;
}

export function standingOf(scene: Deployed, resource: Resource): Standing {
  const of = STANDING[resource.type];
  if (of === undefined) throw new Error(`nothing is known here of where ${resource.logicalId} stands.`);
  return of(scene, resource);
}
