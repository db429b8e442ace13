import { METHOD } from '../../broker/protocol/contract';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { type Broker, brokersOf, phaseOf } from './broker-configuration';
import { isSure } from './gate-targets';
import { isRestricted, onlyValue, pathsAreExact } from './idn-gate';
import { LISTENER_RULE, TARGET_GROUP, targetGroupsOf } from './load-balancing';
import { conditionsOf, METHOD_CONDITION } from './rule-conditions';

/** The target groups of the templates that a forward leads to, each with the place that names it. */
const groupsOf = (forward: Property): readonly (Resource | undefined)[] =>
  targetGroupsOf(forward).map(({ value }) => (value instanceof Reference && value.resource.type === TARGET_GROUP ? value.resource : undefined));

/** The brokers in a target group; an alias of one may lead elsewhere tomorrow, and is none. */
const brokersIn = (group: Resource, graph: TemplateGraph): readonly (Broker | undefined)[] => group.prop('Targets').items().map((target) => {
  const { value } = target.get('Id');
  return value instanceof Reference ? brokersOf(graph).find(({ fn }) => fn === value.resource) : undefined;
});

/** The one broker of a target group, if nothing else is in it. */
function onlyBroker(group: Resource | undefined, graph: TemplateGraph): Broker | undefined {
  if (group?.prop('TargetType').text() !== 'lambda') return undefined;
  const [broker, ...others] = brokersIn(group, graph);
  return others.length === 0 ? broker : undefined;
}

/** The brokers that a forward leads to, if it leads nowhere else. */
export function brokersBehind(forward: Property, graph: TemplateGraph): readonly Broker[] | undefined {
  const found = groupsOf(forward).map((group) => onlyBroker(group, graph));
  const brokers = found.filter((broker) => broker !== undefined);
  return brokers.length > 0 && brokers.length === found.length ? brokers : undefined;
}

/** Whether a broker asks every caller for a signature itself: on exact paths, from callers who are less than everybody (design 5b). */
export function isSelfAuthenticating(rule: Resource, forward: Property, graph: TemplateGraph): boolean {
  return rule.type === LISTENER_RULE && isSure(() => {
    const brokers = brokersBehind(forward, graph);
    const conditions = conditionsOf(rule);
    return brokers !== undefined && brokers.every(({ configuration }) => phaseOf(configuration) !== undefined) && rule.prop('Transforms').items().length === 0
      && onlyValue(conditions, METHOD_CONDITION) === METHOD && pathsAreExact(conditions) && isRestricted(rule, conditions, graph);
  });
}
