import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { TemplateGraph } from '../template/template-graph';
import { PLAN, SELECTION, vaultAt } from './bdr-coverage';

/** How a selection says what it takes (AWS Backup API, BackupSelection). */
const WAYS = ['Resources', 'ListOfTags', 'Conditions'];

const selects = defineRule('BDR-1', 'selects', {
  appliesTo: [PLAN],
  remediation: 'Add an AWS::Backup::BackupSelection for the plan that names what it backs up.',
  check(plan, graph) {
    const selections = graph.pointingAt(plan, SELECTION, 'BackupPlanId');
    const isFilled = selections.some((selection) => WAYS.some((way) => {
      const place = selection.prop('BackupSelection').get(way);
      return place.exists && !(Array.isArray(place.value) && place.value.length === 0);
    }));
    return expect(isFilled, plan.whole, 'backs up nothing: no selection of it names anything');
  },
});

/** NT-44: a week is the least. */
const LEAST_DAYS = 7;

/** What the vault's lock does not let a backup be: a job that asks for it fails (AWS Backup guide, "Vault Lock"). */
function fitsLock(days: Property, rule: Property, graph: TemplateGraph): readonly Outcome[] {
  const lock = vaultAt(rule.get('TargetBackupVault'), graph)?.prop('LockConfiguration');
  if (!lock) return PASS;
  const [least, most] = [lock.get('MinRetentionDays').number() ?? 0, lock.get('MaxRetentionDays').number() ?? Infinity];
  const kept = days.number() ?? Infinity;
  const said = days.exists ? `${kept} days` : 'not set, which is for ever';
  return expect(kept >= least && kept <= most, days, `is ${said}, and the vault is locked for ${least} to ${most}: every backup of the rule fails`);
}

function isKeptLongEnough(rule: Property, graph: TemplateGraph): readonly Outcome[] {
  const places = [rule, ...rule.get('CopyActions').items()].map((place) => place.get('Lifecycle').get('DeleteAfterDays'));
  const [own] = places;
  return [
    ...each(places.filter(({ exists }) => exists), (days) =>
      expect((days.number() ?? 0) >= LEAST_DAYS, days,
        `is less than ${LEAST_DAYS} days, the least in which somebody notices what went wrong`)),
    ...each(own ? [own] : [], (days) => fitsLock(days, rule, graph)),
  ];
}

const retention = defineRule('BDR-1', 'retention', {
  appliesTo: [PLAN],
  remediation: `Set Lifecycle.DeleteAfterDays to ${LEAST_DAYS} or more, and within what the vault's lock takes.`,
  check: (plan, graph) => all(() => each(plan.prop('BackupPlan').get('BackupPlanRule').items(), (rule) => {
    const outcomes = isKeptLongEnough(rule, graph);
    return outcomes.length > 0 ? outcomes : PASS;
  })),
});

/** As often as four days of a month are named, a week is the longest that passes, or nearly. */
const WEEKS_A_MONTH = 4;

/** Whether a schedule comes round every week; without one AWS Backup takes every day (AWS Backup API, BackupRuleInput). */
function isWeekly(schedule: string | undefined): boolean {
  if (schedule === undefined) return true;
  const [minute, , day = '', month = '', weekday = '', year = '*'] = /^cron\((.*)\)$/.exec(schedule.trim())?.[1]?.trim().split(/\s+/) ?? [];
  if (minute === undefined || !/^(\*|\?|\*\/1|1\/1|1-12)$/.test(month) || !/^[*?]$/.test(year)) return false;
  // What is left open on one side is said on the other; `SAT#1` and `6L` are days of a month.
  if (/^[*?]$/.test(day)) return !/[#L]/.test(weekday);
  const step = Number(/^[*1]\/(\d+)$/.exec(day)?.[1] ?? Infinity);
  return step <= LEAST_DAYS || day.split(',').length >= WEEKS_A_MONTH || /^1-(2[89]|3[01])$/.test(day);
}

const often = defineRule('BDR-1', 'often', {
  extent: 'plans as a whole: one rule is enough, whatever others make for longer',
  appliesTo: [PLAN],
  remediation: 'Let a rule of the plan make a backup every day, or once a week at least.',
  check(plan) {
    const places = plan.prop('BackupPlan').get('BackupPlanRule').items().map((rule) => rule.get('ScheduleExpression'));
    const outcomes = each(places, (place) => (isWeekly(place.text()) ? PASS : NOT_APPLICABLE));
    const [first] = places;
    if (outcomes.length > 0 || !first) return outcomes;
    return fail(first, `is ${first.text() ?? ''}, less than once a week: what was made since the last backup is lost, and that is nearly everything`);
  },
});

export const BDR_PLAN_RULES = [selects, retention, often];
