import { defineRule, each, expect, fail, PASS } from '../rule';
import { containersOf, nameOf, TASK_DEFINITION } from './containers';

/** Days for which audit records stay searchable in CloudWatch (the checklist's hot tier). */
export const HOT_DAYS = 7;

const hotTier = defineRule('AUD-2', 'hot-retention', {
  appliesTo: ['AWS::Logs::LogGroup'],
  remediation: `Set RetentionInDays to ${HOT_DAYS} or more.`,
  check(group) {
    const place = group.prop('RetentionInDays');
    const days = place.number();
    if (days === undefined) return fail(place, 'is not set, so records are kept for ever and nobody has decided that');
    return expect(days >= HOT_DAYS, place, `keeps records for ${days} days; the hot tier is ${HOT_DAYS}`);
  },
});

const declaredGroup = defineRule('AUD-2', 'declared-log-group', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Declare the log group with a retention, and drop awslogs-create-group.',
  check: (task) => {
    const outcomes = each(containersOf(task).filter((container) => container.get('LogConfiguration.LogDriver').text() === 'awslogs'), (container) => {
      const create = container.get('LogConfiguration.Options').get('awslogs-create-group');
      return expect(create.flag() !== true, create, `${nameOf(container)} lets the driver create its log group, which then has no retention`);
    });
    return outcomes.length === 0 ? PASS : outcomes;
  },
});

export const AUD_RULES = [hotTier, declaredGroup];
