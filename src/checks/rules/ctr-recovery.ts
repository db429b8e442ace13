import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { containersOf, nameOf, SERVICE, TASK_DEFINITION } from './containers';
import { gatesOf } from './gate-configuration';
import { isSure } from './gate-targets';
import { LOAD_BALANCER, TARGET_GROUP } from './load-balancing';

const SCALABLE_TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';

/** What somebody protects from being deleted is meant to stay up. */
const PROTECTED = 'deletion_protection.enabled';

const isProduction = (graph: TemplateGraph): boolean => graph.ofType(LOAD_BALANCER).some((balancer) => isSure(() =>
  balancer.prop('LoadBalancerAttributes').items().some((entry) => entry.get('Key').text() === PROTECTED && entry.get('Value').flag() === true)));

/** Where it stands how many copies run at least: with what scales them, which overrules the service. */
function leastAt(service: Resource, graph: TemplateGraph): Property {
  const scaled = graph.ofType(SCALABLE_TARGET).find((target) => {
    const { value } = target.prop('ResourceId');
    return target.prop('ResourceId').partialText().text.includes(`\${${service.logicalId}.Name}`) || (value instanceof Reference && value.resource === service);
  });
  return scaled ? scaled.prop('MinCapacity') : service.prop('DesiredCount');
}

/** As Amazon ECS takes one where nothing is said (Amazon ECS API, CreateService). */
const USUAL_COUNT = 1;

const copies = defineRule('CTR-6', 'copies', {
  extent: 'services of Amazon ECS; two copies where a load balancer resists deletion',
  appliesTo: [SERVICE],
  remediation: 'Set DesiredCount, or MinCapacity of its AWS::ApplicationAutoScaling::ScalableTarget, to 2 or more.',
  check(service, graph) {
    if (service.prop('SchedulingStrategy').text() === 'DAEMON') return NOT_APPLICABLE;
    const place = leastAt(service, graph);
    const least = place.number() ?? USUAL_COUNT;
    if (!(least >= 1)) return fail(place, 'is 0, so nothing starts it again when it stops');
    return expect(least >= 2 || !isProduction(graph), place, 'is 1, so nobody is answered while the only copy is replaced');
  },
});

const rollback = defineRule('CTR-6', 'rollback', {
  extent: 'services that Amazon ECS itself deploys',
  appliesTo: [SERVICE],
  remediation: 'Set DeploymentConfiguration.DeploymentCircuitBreaker to { Enable: true, Rollback: true }.',
  check(service) {
    if ((service.prop('DeploymentController').get('Type').text() ?? 'ECS') !== 'ECS') return NOT_APPLICABLE;
    const configuration = service.prop('DeploymentConfiguration');
    const turnsBack = (at: Property): boolean => at.get('Enable').flag() === true && at.get('Rollback').flag() === true;
    const place = configuration.get('DeploymentCircuitBreaker');
    if (turnsBack(configuration.get('Alarms'))) return PASS;
    return expect(turnsBack(place), place, 'is not on with Rollback, so a version that does not start is tried again for hours');
  },
});

const isEssential = (container: Property): boolean => container.get('Essential').flag() ?? true;

/** Docker's word for none at all. */
const hasOwnCheck = (container: Property): boolean => {
  const command = container.get('HealthCheck').get('Command').items();
  return command.length > 0 && command[0]?.partialText().text !== 'NONE';
};

/** The entry by which a service puts a container behind a load balancer. */
function entryOf(container: Property, services: readonly Resource[]): Property | undefined {
  const name = container.get('Name').partialText().text;
  return services.flatMap((service) => service.prop('LoadBalancers').items()).find((entry) => entry.get('ContainerName').partialText().text === name);
}

/** Target groups look after what is in them, unless they are told not to. */
function isLookedAfter(entry: Property): readonly Outcome[] {
  const { value } = entry.get('TargetGroupArn');
  if (!(value instanceof Reference) || value.resource.type !== TARGET_GROUP) return PASS;
  const place = value.resource.prop('HealthCheckEnabled');
  return expect(place.flag() !== false, place, 'is false, so a target that is ill is sent requests all the same');
}

/** A gate asks the container behind it, and is ill as long as that one is. */
const gateAsks = (task: Resource): boolean => isSure(() => gatesOf(task).some(({ configuration }) => configuration.get('core').get('healthCheckPath').exists));

const healthCheck = defineRule('CTR-6', 'health-check', {
  extent: 'tasks of services',
  appliesTo: [TASK_DEFINITION],
  remediation: 'Give each essential container a HealthCheck, or put it behind a target group; a gate asks the Core behind it.',
  check(task, graph) {
    const services = graph.pointingAt(task, SERVICE, 'TaskDefinition');
    if (services.length === 0) return NOT_APPLICABLE;
    const asked = gateAsks(task);
    return each(containersOf(task).filter(isEssential), (container) => {
      const entry = entryOf(container, services);
      if (entry) return isLookedAfter(entry);
      return expect(asked || hasOwnCheck(container), container.get('HealthCheck'), `is not set: ${nameOf(container)} runs on when it answers nobody any more`);
    });
  },
});

/** Whether another container waits for this one to have ended. */
const isPreparation = (container: Property, task: Resource): boolean => containersOf(task).some((other) => other.get('DependsOn').items().some((dependency) =>
  dependency.get('ContainerName').text() === container.get('Name').text() && /^(SUCCESS|COMPLETE)$/.test(dependency.get('Condition').text() ?? '')));

const restart = defineRule('CTR-6', 'restart', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Leave Essential out, or set it to true; or set RestartPolicy.Enabled. A container that prepares something is named in DependsOn with SUCCESS or COMPLETE.',
  check: (task) => all(() => each(containersOf(task), (container) => {
    if (isEssential(container) || isPreparation(container, task)) return PASS;
    return expect(container.get('RestartPolicy').get('Enabled').flag() === true, container.get('Essential'), `is false: when ${nameOf(container)} stops, nothing starts it again`);
  })),
});

export const CTR_RECOVERY_RULES = [copies, rollback, healthCheck, restart];
