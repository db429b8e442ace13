import { defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { TemplateGraph } from '../template/template-graph';
import { containersOf, nameOf, TASK_DEFINITION } from './containers';

const LOG_GROUP = 'AWS::Logs::LogGroup';
/** What the CDK writes for `logRetention`: a custom resource that sets the retention of a group it does not own. */
const LOG_RETENTION = 'Custom::LogRetention';

/** Days for which audit records stay searchable in CloudWatch (the checklist's hot tier). */
export const HOT_DAYS = 7;

const hotTier = defineRule('AUD-2', 'hot-retention', {
  extent: 'hot tier only',
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

const declaredGroup = defineRule('AUD-2', 'declared-log-group', {
  extent: 'hot tier only',
  appliesTo: [TASK_DEFINITION],
  remediation: 'Declare the log group with a retention, and drop awslogs-create-group.',
  check: (task, graph) => {
    const outcomes = each(containersOf(task), (container) => {
      if (container.get('LogConfiguration.LogDriver').text() !== 'awslogs') return NOT_APPLICABLE;
      const options = container.get('LogConfiguration.Options');
      const create = options.get('awslogs-create-group');
      if (create.flag() === true) return fail(create, `${nameOf(container)} lets the driver create its log group, which then has no retention`);
      return isDeclared(options.get('awslogs-group'), nameOf(container), graph);
    });
    return outcomes.length === 0 ? PASS : outcomes;
  },
});

export const AUD_RULES = [hotTier, declaredGroup];
