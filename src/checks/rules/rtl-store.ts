import { defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { portsOf } from './addresses';
import { SERVICE, TASK_DEFINITION } from './containers';
import { type GateContainer, gatesOf } from './gate-configuration';
import { isSure, taskOf } from './gate-targets';
import { groupAt, ingressOf, OTHER_SOURCES, SECURITY_GROUP, STANDALONE_INGRESS } from './net';
import { GROUPS_OF } from './net-store-access';
import { looseIn } from './pointers';

const REPLICATION_GROUP = 'AWS::ElastiCache::ReplicationGroup';
const CACHE_CLUSTER = 'AWS::ElastiCache::CacheCluster';
const STORES = [REPLICATION_GROUP, CACHE_CLUSTER, 'AWS::ElastiCache::ServerlessCache', 'AWS::MemoryDB::Cluster'];

/** The resource whose address stands in a text, if it is one of the templates' stores: one beside the gate before one of the same name elsewhere. */
export function storeAt(host: Property, task: Resource, graph: TemplateGraph): Resource | undefined {
  const { text } = host.partialText();
  const named = STORES.flatMap((type) => graph.ofType(type)).filter(({ logicalId }) => text.includes(`\${${logicalId}.`));
  return named.find(({ template }) => template === task.template) ?? (named.length === 1 ? named[0] : undefined);
}

/** Whether a rule of the store's group lets the service in at a port. */
function admits(rule: Property, carried: readonly (Resource | string)[], port: number): boolean {
  const opened = portsOf({ at: rule });
  if (!opened || port < opened.from || port > opened.to) return false;
  // Whether addresses should be let in is another rule's to say (NET-4).
  return OTHER_SOURCES.some((key) => rule.get(key).exists) || carried.includes(groupAt(rule.get('SourceSecurityGroupId')));
}

/** Whether a store lets a service in at the port at which it counts there. */
export function letsIn(store: Resource, service: Resource, port: number, at: Property, graph: TemplateGraph): readonly Outcome[] {
  const carried = service.prop('NetworkConfiguration.AwsvpcConfiguration.SecurityGroups').items().map(groupAt);
  const groups = store.prop(GROUPS_OF.get(store.type) ?? '').items().map((place) => place.reference()?.resource);
  // Without a group of its own, either of them is found fault with already (NET-2, NET-4).
  if (carried.length === 0 || groups.length === 0) return NOT_APPLICABLE;
  if (groups.some((group) => group?.type !== SECURITY_GROUP)) return undecidable(at, `counts in ${store.logicalId}, with a security group that is in none of the templates`);
  const rules = groups.flatMap((group) => (group ? ingressOf(group, graph) : []));
  if (rules.some((rule) => isSure(() => admits(rule.at, carried, port)))) return PASS;
  const unclear = each(rules, (rule) => (admits(rule.at, carried, port) ? PASS : NOT_APPLICABLE));
  if (unclear.length > 0) return unclear;
  if (looseIn(graph, STANDALONE_INGRESS, 'GroupId').length > 0) return undecidable(at, `counts in ${store.logicalId}, which lets it in unless by a rule whose GroupId is known only when deployed`);
  return fail(at, `counts in ${store.logicalId}, whose security groups let it in at port ${port} nowhere: whatever is counted then is not shared`);
}

function reachesStore({ configuration }: GateContainer, task: Resource, service: Resource, graph: TemplateGraph): readonly Outcome[] {
  const redis = configuration.get('rate.redis');
  if (!redis.exists) return NOT_APPLICABLE;
  const [host, at] = [redis.get('host'), service.prop('TaskDefinition')];
  const store = storeAt(host, task, graph);
  if (!store) return undecidable(at, `counts in ${host.partialText().text || 'a store without a name'}, which is in none of the templates, so who else reaches it is not known`);
  return letsIn(store, service, redis.get('port').number() ?? NaN, at, graph);
}

const reachable = defineRule('RTL-2', 'shared-store', {
  appliesTo: [SERVICE],
  extent: 'services with a gate',
  remediation: 'Name a Redis of the same app as the gate\'s store, and let its security group take traffic from the service\'s group. In CDK, Gate does.',
  check(service, graph) {
    const task = taskOf(service);
    return task ? each(gatesOf(task), (gate) => reachesStore(gate, task, service, graph)) : NOT_APPLICABLE;
  },
});

const isCountedIn = (store: Resource, graph: TemplateGraph): boolean => graph.ofType(TASK_DEFINITION).some((task) =>
  gatesOf(task).some(({ configuration }) => isSure(() => configuration.get('rate.redis.host').exists && storeAt(configuration.get('rate.redis.host'), task, graph) === store)));

const POLICY = 'maxmemory-policy';
const KEEPS = 'noeviction';
const FORGETS = 'so when its memory is full it forgets what expires, which every count does: whoever fills it has a fresh budget';

/** ElastiCache's own parameters say volatile-lru (ElastiCache guide, "Redis OSS parameters"). */
function keepsCounts(place: Property): readonly Outcome[] {
  const group = place.value instanceof Reference ? place.value.resource : undefined;
  if (group?.type === 'AWS::ElastiCache::ParameterGroup') {
    const policy = group.prop('Properties').get(POLICY);
    return expect(policy.text() === KEEPS, place, `names parameters in which ${POLICY} is ${policy.text() ?? 'not set'}, ${FORGETS}`);
  }
  const name = place.text();
  if (name === undefined || name.startsWith('default.')) return fail(place, `is ${name ?? 'not set'}, ${FORGETS}`);
  return undecidable(place, `names parameters that are in none of the templates, so whether ${POLICY} is ${KEEPS} is not known`);
}

const noEviction = defineRule('RTL-6', 'no-eviction', {
  appliesTo: [REPLICATION_GROUP, CACHE_CLUSTER],
  extent: 'stores in which a gate of the templates counts',
  remediation: `Name a parameter group with ${POLICY} ${KEEPS}. In CDK, SecureRedis does.`,
  check: (store, graph) => (isCountedIn(store, graph) ? keepsCounts(store.prop('CacheParameterGroupName')) : NOT_APPLICABLE),
});

const SCALABLE_TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';

/** The most that ever run of a service, but for what a deployment starts beside them; nothing where nobody says. */
function mostTasks(service: Resource, graph: TemplateGraph): number | undefined {
  const scaled = graph.ofType(SCALABLE_TARGET).filter((target) => target.prop('ResourceId').partialText().text.includes(`\${${service.logicalId}.Name}`));
  const figures = scaled.length > 0 ? scaled.map((target) => target.prop('MaxCapacity')) : [service.prop('DesiredCount')];
  const known = figures.flatMap((place) => place.number() ?? []);
  return known.length > 0 ? Math.max(...known) : undefined;
}

function dividesBudget({ configuration }: GateContainer, service: Resource, graph: TemplateGraph): readonly Outcome[] {
  const loss = configuration.get('rate.onRedisLost');
  if (loss.get('kind').text() !== 'count') return NOT_APPLICABLE;
  const at = service.prop('DesiredCount');
  const [gates, most] = [loss.get('gates').number() ?? NaN, mostTasks(service, graph)];
  if (most === undefined) return undecidable(at, 'is not set, and nothing scales the service: how many gates divide a budget when Redis is gone is not known');
  return expect(gates >= most, at, `${most} gates run, and each grants one of ${gates} parts of every budget when Redis is gone`);
}

const countingGates = defineRule('RTL-6', 'counting-gates', {
  appliesTo: [SERVICE],
  extent: 'gates that count by themselves when Redis is gone; what a deployment starts beside them is left out',
  remediation: 'Set gates to the most tasks that ever run: MaxCapacity where the service is scaled, DesiredCount elsewhere.',
  check(service, graph) {
    const task = taskOf(service);
    return task ? each(gatesOf(task), (gate) => dividesBudget(gate, service, graph)) : NOT_APPLICABLE;
  },
});

export const RTL_STORE_RULES = [reachable, noEviction, countingGates];
