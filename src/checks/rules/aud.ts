import { defineRule, each, expect, fail, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { TemplateGraph } from '../template/template-graph';
import { containersOf, nameOf, TASK_DEFINITION } from './containers';

const LOG_GROUP = 'AWS::Logs::LogGroup';
/** What the CDK writes for `logRetention`: a custom resource that sets the retention of a group it does not own. */
const LOG_RETENTION = 'Custom::LogRetention';

/** Days for which audit records stay searchable in CloudWatch (the checklist's hot tier). */
export const HOT_DAYS = 7;

const hotTier = defineRule('AUD-2', 'hot-retention', {
  appliesTo: [LOG_GROUP, LOG_RETENTION],
  remediation: `Set RetentionInDays to ${HOT_DAYS} or more.`,
  check(group) {
    const place = group.prop('RetentionInDays');
    const days = place.number();
    if (days === undefined) return fail(place, 'is not set, so records are kept for ever and nobody has decided that');
    return expect(days >= HOT_DAYS, place, `keeps records for ${days} days; the hot tier is ${HOT_DAYS}`);
  },
});

/** By reference, or by the name that a group of the templates carries. */
function isDeclared(place: Property, owner: string, graph: TemplateGraph): readonly Outcome[] {
  if (!place.exists) return fail(place, `${owner} names no log group`);
  if (place.reference()?.resource.type === LOG_GROUP) return PASS;
  const { text } = place.partialText();
  const declared = graph.ofType(LOG_GROUP).some((group) => group.prop('LogGroupName').partialText().text === text);
  return declared ? PASS : undecidable(place, `${owner} logs to ${text}, which is in none of the templates, so its retention is not known`);
}

/** Drivers that leave the output on the host, or nowhere: it is gone with the task. */
const KEEPS_NOTHING = ['none', 'json-file'];

function logsToCloudWatch(container: Property, graph: TemplateGraph): readonly Outcome[] {
  const options = container.get('LogConfiguration.Options');
  const create = options.get('awslogs-create-group');
  if (create.flag() === true) return fail(create, `${nameOf(container)} lets the driver create its log group, which then has no retention`);
  return isDeclared(options.get('awslogs-group'), nameOf(container), graph);
}

/** FireLens hands the output to a container of the same task; where there is none, nobody takes it. */
function logsToRouter(container: Property, task: readonly Property[], driver: Property): readonly Outcome[] {
  const routed = task.some((other) => other !== container && other.get('FirelensConfiguration').exists);
  return expect(routed, driver, `${nameOf(container)} keeps no log: it logs to FireLens, and no other container of the task has a FirelensConfiguration`);
}

/** Drivers that send the output away are somebody's choice of a central place, which templates do not show. */
function keepsLog(container: Property, task: readonly Property[], graph: TemplateGraph): readonly Outcome[] {
  const place = container.get('LogConfiguration.LogDriver');
  const driver = place.text();
  if (driver === undefined) return fail(place, `${nameOf(container)} keeps no log: it names no log driver`);
  if (KEEPS_NOTHING.includes(driver)) return fail(place, `${nameOf(container)} keeps no log: driver ${driver} leaves nothing when the task is gone`);
  if (driver === 'awslogs') return logsToCloudWatch(container, graph);
  return driver === 'awsfirelens' ? logsToRouter(container, task, place) : PASS;
}

const declaredGroup = defineRule('AUD-2', 'declared-log-group', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Give every container a log driver, declare its log group with a retention, and drop awslogs-create-group.',
  check: (task, graph) => {
    const containers = containersOf(task);
    return each(containers, (container) => keepsLog(container, containers, graph));
  },
});

export const AUD_RULES = [hotTier, declaredGroup];
