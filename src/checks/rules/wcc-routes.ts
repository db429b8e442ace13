import { METHOD, PATHS } from '../../broker/protocol/contract';
import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { besideBroker, brokersOf } from './broker-configuration';
import { functionBehind } from './function-calls';
import { isRestricted } from './idn-gate';
import { actionsOf, LISTENER, LISTENER_RULE, TARGET_GROUP, targetGroupsOf } from './load-balancing';
import { known } from './pointers';
import { conditionsOf, METHOD_CONDITION, named, PATH_CONDITION } from './rule-conditions';

/** The target groups of the templates in which a broker is, among whatever else. */
const brokerGroups = (forward: Property, graph: TemplateGraph): readonly Resource[] => targetGroupsOf(forward).flatMap(({ value }) => {
  if (!(value instanceof Reference) || value.resource.type !== TARGET_GROUP) return [];
  const group = value.resource;
  const functions = known(() => group.prop('Targets').items().map((target) => functionBehind(target.get('Id')))) ?? [];
  return brokersOf(graph).some(({ fn }) => functions.includes(fn)) ? [group] : [];
});

const MULTI_VALUE = 'lambda.multi_value_headers.enabled';

/** Without it, of headers that come twice the function sees one (ELB guide, "Lambda functions as targets"). */
function tellsAll(group: Resource): readonly Outcome[] {
  const place = group.prop('TargetGroupAttributes');
  const value = place.items().find((entry) => entry.get('Key').text() === MULTI_VALUE)?.get('Value');
  return expect(value?.flag() === true, value ?? place, `of ${group.logicalId} does not turn on ${MULTI_VALUE}, so of a header that comes twice the broker sees one alone`);
}

function pathsAreKnown(rule: Resource): readonly Outcome[] {
  const conditions = named(conditionsOf(rule), PATH_CONDITION);
  if (conditions.length === 0) return fail(rule.prop('Conditions'), 'name no path, so the rule leads everything to the broker');
  return each(conditions.flatMap(({ values }) => values), (value) =>
    expect(PATHS.includes(value.text() ?? ''), value, `is ${value.text() ?? ''}, and a broker answers at ${PATHS.join(', ')} alone`));
}

function methodIsOne(rule: Resource): readonly Outcome[] {
  const values = named(conditionsOf(rule), METHOD_CONDITION).flatMap((condition) => condition.values);
  if (values.length === 0) return fail(rule.prop('Conditions'), `name no method, and a broker takes ${METHOD} alone`);
  return each(values, (value) => expect(value.text() === METHOD, value, `is ${value.text() ?? ''}, and a broker takes ${METHOD} alone`));
}

const exactRoutes = defineRule('WCC-2', 'exact-routes', {
  extent: 'what forwards to a broker of the templates',
  appliesTo: [LISTENER, LISTENER_RULE],
  remediation: `Forward ${METHOD} on ${PATHS.join(', ')} alone, from networks or security groups that are named, and turn on ${MULTI_VALUE}. In CDK, CredentialBroker does.`,
  check: (rule, graph) => besideBroker(graph, () => each(actionsOf(rule).filter((action) => action.get('Type').text() === 'forward'), (forward) => {
    const groups = brokerGroups(forward, graph);
    if (groups.length === 0) return NOT_APPLICABLE;
    if (rule.type === LISTENER) return fail(forward, 'leads everything that no rule takes to the broker');
    return all(
      () => methodIsOne(rule),
      () => pathsAreKnown(rule),
      () => expect(isRestricted(rule, conditionsOf(rule), graph), rule.prop('Conditions'), 'let the whole internet ask for credentials: neither the rule nor the load balancer names its callers'),
      () => expect(rule.prop('Transforms').items().length === 0, rule.prop('Transforms'), 'change what was signed on its way to the broker'),
      () => each(groups, tellsAll),
    );
  })),
});

export const WCC_ROUTE_RULES = [exactRoutes];
