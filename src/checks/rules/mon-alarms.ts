import { GATE_METRICS } from '../../observability/contract';
import { defineRule, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { alarmsOn, isMeantToLast } from './alarms';
import { TASK_DEFINITION } from './containers';
import { eachGate, type GateContainer } from './gate-configuration';
import { isSure } from './gate-targets';
import { actionsOf, isApplicationLoadBalancer, listenersOf, LOAD_BALANCER, rulesOf } from './load-balancing';

/** What a load balancer answers itself, and what its targets answer (RC-22). */
const OWN_ERRORS = ['HTTPCode_ELB_4XX_Count', 'HTTPCode_ELB_5XX_Count'];
const TARGET_ERRORS = ['HTTPCode_Target_4XX_Count', 'HTTPCode_Target_5XX_Count'];

/** Whether it has targets at all; what cannot be read may be one. */
const forwards = (loadBalancer: Resource, graph: TemplateGraph): boolean => listenersOf(loadBalancer, graph).some((listener) =>
  [listener, ...rulesOf(listener, graph)].some((one) => !isSure(() => actionsOf(one).every((action) => action.get('Type').text() !== 'forward'))));

/** The load balancer that a metric is of; throws where only a deployment knows. */
function isOf(metric: Property, loadBalancer: Resource): boolean {
  const dimension = metric.get('Dimensions').items().find((entry) => entry.get('Name').text() === 'LoadBalancer')?.get('Value');
  if (!dimension) return false;
  if (dimension.value instanceof Reference) return dimension.value.resource === loadBalancer;
  // A name that is written out is of one that stands already; any other may be this one's.
  dimension.text();
  return false;
}

const edgeErrors = defineRule('MON-1', 'edge-errors', {
  appliesTo: [LOAD_BALANCER],
  extent: 'application load balancers with listeners; an error where one resists deletion, else a warning',
  remediation: `Add an AWS::CloudWatch::Alarm on each of ${[...OWN_ERRORS, ...TARGET_ERRORS].join(', ')} of the load balancer.`,
  check(loadBalancer, graph) {
    if (!isApplicationLoadBalancer(loadBalancer) || listenersOf(loadBalancer, graph).length === 0) return NOT_APPLICABLE;
    const found = [...OWN_ERRORS, ...forwards(loadBalancer, graph) ? TARGET_ERRORS : []].map((name) => ({
      name,
      watched: alarmsOn(graph, (metric) => metric.get('MetricName').text() === name && metric.get('Namespace').text() === 'AWS/ApplicationELB' && isOf(metric, loadBalancer)),
    }));
    const missing = found.filter(({ watched }) => watched !== 'some');
    if (missing.length === 0) return PASS;
    const names = missing.map(({ name }) => name).join(', ');
    if (missing.some(({ watched }) => watched === 'maybe')) return undecidable(loadBalancer.whole, `may have an alarm on ${names}: what an alarm looks at only a deployment knows`);
    return fail(loadBalancer.whole, `has no alarm on ${names}, so nobody is told when errors jump`, isMeantToLast(graph) ? undefined : 'warning');
  },
});

const METRIC_FILTER = 'AWS::Logs::MetricFilter';

/** Words by which a filter of a log looks for who was refused. */
const REFUSALS = /auth|refus|denied|blocked|\b40[13]\b/i;

/** Metrics that filters make of the gate's log, where they look for who was refused. */
function filteredFrom({ container }: GateContainer, graph: TemplateGraph): Property[] {
  const { value } = container.get('LogConfiguration').get('Options').get('awslogs-group');
  if (!(value instanceof Reference)) return [];
  return graph.pointingAt(value.resource, METRIC_FILTER, 'LogGroupName')
    .filter((filter) => REFUSALS.test(filter.prop('FilterPattern').partialText().text))
    .flatMap((filter) => filter.prop('MetricTransformations').items());
}

function isWatched(configuration: Property, gate: GateContainer, graph: TemplateGraph): readonly Outcome[] {
  const namespace = configuration.get('metrics.namespace').text();
  const filtered = filteredFrom(gate, graph);
  const watched = alarmsOn(graph, (metric) => {
    const [name, space] = [metric.get('MetricName').text(), metric.get('Namespace').text()];
    if (name === GATE_METRICS.blocked && space === namespace) return true;
    return filtered.some((made) => isSure(() => made.get('MetricName').text() === name && made.get('MetricNamespace').text() === space));
  });
  if (watched === 'some') return PASS;
  if (watched === 'maybe') return undecidable(gate.container, `${gate.name} may have an alarm on refused callers: what an alarm looks at only a deployment knows`);
  const where = `${GATE_METRICS.blocked} of ${namespace ?? 'its namespace'}`;
  return fail(gate.container, `${gate.name} is a gate, and no alarm looks at ${where}: credentials can be tried for days`, isMeantToLast(graph) ? undefined : 'warning');
}

const authFailures = defineRule('MON-2', 'auth-failures', {
  appliesTo: [TASK_DEFINITION],
  extent: 'gates; an error where a load balancer resists deletion, else a warning',
  remediation: `Add an AWS::CloudWatch::Alarm on ${GATE_METRICS.blocked} in the gate's namespace, or on the metric of a filter on its log. In CDK, SecurityAlarms does.`,
  check: (task, graph) => eachGate(task, (configuration, gate) => isWatched(configuration, gate, graph)),
});

export const MON_ALARM_RULES = [edgeErrors, authFailures];
