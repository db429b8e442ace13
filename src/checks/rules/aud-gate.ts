import { AUDIT_KEY_VARIABLE } from '../../gate/contract';
import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { isMeantToLast } from './alarms';
import { SERVICE, TASK_DEFINITION } from './containers';
import { gatesOf } from './gate-configuration';
import { isSure, taskOf } from './gate-targets';
import { actionsOf, attributeValues, isApplicationLoadBalancer, listenersOf, LOAD_BALANCER, rulesOf, targetGroupsOf } from './load-balancing';
import { environmentAt, writtenContainers } from './variables';

/** Whether one reference is to all of a secret, or to the same field of it, as the other (`arn`, `arn:field::`). */
const isWithin = (field: string, whole: string): boolean => field === whole || field.startsWith(`${whole}:`);

/** Whoever is given the same secret for something else can tell from the log who called. */
function isOfNothingElse(key: Property, task: Resource, name: string): readonly Outcome[] {
  const own = key.partialText().text;
  const others = writtenContainers(task).map(environmentAt).flatMap(({ secret, owner }) => secret.filter(({ value }) => value.path !== key.path).map((entry) => ({ ...entry, owner })));
  const same = others.find(({ value }) => isWithin(own, value.partialText().text) || isWithin(value.partialText().text, own));
  return same ? fail(key, `${name} has ${AUDIT_KEY_VARIABLE} from the secret that ${same.owner} has ${same.name} from, so whoever knows that can tell from the log who called`) : PASS;
}

const auditKey = defineRule('AUD-1', 'gate-audit-key', {
  appliesTo: [TASK_DEFINITION],
  extent: 'tasks with a gate',
  remediation: `Put ${AUDIT_KEY_VARIABLE} into the gate's Secrets, with ValueFrom the ARN of a secret that is for nothing else.`,
  check: (task) => each(gatesOf(task), ({ container, name }) => {
    const { plain, secret } = environmentAt(container);
    const written = plain.find((entry) => entry.name === AUDIT_KEY_VARIABLE);
    if (written) return fail(written.entry, `${name} has ${AUDIT_KEY_VARIABLE} in its plain environment: whoever reads the task can tell from the log who called`);
    const secrets = container.get('Secrets');
    const key = secret.find((entry) => entry.name === AUDIT_KEY_VARIABLE);
    if (key) return isOfNothingElse(key.value, task, name);
    // A list that only a deployment knows may hold it.
    secrets.items();
    return fail(secrets, `${name} has no ${AUDIT_KEY_VARIABLE}, without which records name nobody`);
  }),
});

/** Drivers that keep nothing once the task is gone, whatever their mode; another rule says so (AUD-2). */
const KEEPS_NOTHING = ['none', 'json-file'];

/** The default of the mode is an account's own setting, and was another one before (Amazon ECS guide, `defaultLogDriverMode`). */
function waitsForLog(container: Property, name: string): readonly Outcome[] {
  const log = container.get('LogConfiguration');
  const driver = log.get('LogDriver').text();
  if (driver === undefined || KEEPS_NOTHING.includes(driver)) return NOT_APPLICABLE;
  if (driver === 'awsfirelens') return undecidable(log.get('LogDriver'), `${name} hands its records to a router, and whether that drops what it cannot send at once is not known`);
  const place = log.get('Options').get('mode');
  const mode = place.text();
  return expect(mode === 'blocking', place, `${name} logs in mode ${mode ?? 'of the account\'s choice'}, in which records are dropped when they cannot be sent at once`);
}

const blockingLog = defineRule('AUD-1', 'gate-log-mode', {
  appliesTo: [TASK_DEFINITION],
  extent: 'tasks with a gate',
  remediation: 'Set the log option mode to blocking on the gate\'s container.',
  check: (task) => all(...gatesOf(task).map(({ container, name }) => () => waitsForLog(container, name))),
});

function hasGate(service: Resource): boolean {
  const task = taskOf(service);
  return task !== undefined && gatesOf(task).length > 0;
}

/** Whether anything that a load balancer passes on comes to a gate. */
const leadsToGate = (loadBalancer: Resource, graph: TemplateGraph): boolean => listenersOf(loadBalancer, graph).flatMap((listener) => [listener, ...rulesOf(listener, graph)])
  .some((one) => isSure(() => actionsOf(one).flatMap(targetGroupsOf).some(({ value }) => value instanceof Reference && graph.pointingAt(value.resource, SERVICE, 'LoadBalancers').some(hasGate))));

const RECORDED = 'access_logs.s3.enabled';

/** A gate has no record of what it never saw: a token that the load balancer refused, a path that no rule takes. */
const edgeRecords = defineRule('AUD-1', 'edge-access-log', {
  appliesTo: [LOAD_BALANCER],
  extent: 'load balancers before gates; an error where one resists deletion, else a warning',
  remediation: `Set the attribute ${RECORDED} to true, with a bucket that is encrypted by S3's own keys. In CDK, SecureIngress does.`,
  check(loadBalancer, graph) {
    if (!isApplicationLoadBalancer(loadBalancer) || !leadsToGate(loadBalancer, graph)) return NOT_APPLICABLE;
    const values = attributeValues(loadBalancer, 'LoadBalancerAttributes', RECORDED);
    if (values.length > 0 && values.every((value) => value.flag() === true)) return PASS;
    return fail(values[0] ?? loadBalancer.whole, `does not record requests (${RECORDED}): what it refuses itself is on no record at all`, isMeantToLast(graph) ? undefined : 'warning');
  },
});

export const AUD_GATE_RULES = [auditKey, blockingLog, edgeRecords];
