import type { ControlId } from '../../../controls';
import type { GateConfiguration } from '../../../gate/contract';
import type { AttackResult, Saboteur } from '../../attack';
import { configurationOf } from '../../gate/model';
import { isReached, samePlace } from '../../gate/translate';
import type { ListenerModel } from '../../edge/model';
import { type AlarmAttack, defineAlarmAttack } from '../attack';
import { type AlarmModel, type AlarmReading, isStat, type MetricStat } from '../model';
import {
  ALARMS_REMOVED, INSIGHT_RULES_OFF, METRICS_RENAMED, OTHER_NAMESPACE, OUT_OF_REACH_THRESHOLD, PERIODS_TOO_SHORT, SILENCE_IS_GOOD,
} from '../saboteurs';
import { type ScriptName, SCRIPTS } from '../scripts';
import { behaviourOf, compositeBehaviour } from '../timeline';
import { fullNameOf } from '../translate';

/** By their names in CloudWatch, written out: an attack that took them from where the gate does would follow every renaming. */
type Watched = (metric: MetricStat) => boolean;

const called = (...names: readonly string[]): Watched => ({ name }) => names.includes(name);

/** Whether some rule of it leads to a gate: what others lead to is not rehearsed. */
const leadsToGate = ({ rules }: ListenerModel): boolean => rules.some(({ actions }) => actions.some((action) => action.kind === 'forward' && action.targets.some(({ gate }) => gate !== undefined)));

/** Whether the edge of a drill, or a gate of it, measures what an alarm looks at. */
function isMeasured({ edge }: AlarmModel, { namespace, dimensions }: MetricStat): boolean {
  const gates = (edge.gates ?? []).filter((gate) => isReached(edge, gate));
  const ofGate = gates.some((gate) => configurationOf(gate).metrics.namespace === namespace);
  return ofGate || (namespace === 'AWS/ApplicationELB' && edge.listeners.filter(leadsToGate).some(({ loadBalancer }) => fullNameOf(loadBalancer) === dimensions.LoadBalancer));
}

/** Whether records of a gate are counted: those of brokers alone have a worker in them, and nobody plays brokers here. */
function isOfCallers({ insightRules }: AlarmModel, expression: string): boolean {
  return expression.startsWith('INSIGHT_RULE_METRIC') && ![...insightRules].some(([name, body]) => expression.includes(name) && body.includes('"$.worker"'));
}

/** Alarms on metrics that are meant, all of whose metrics are measured here. */
function watching(model: AlarmModel, isMeant: Watched): AlarmReading[] {
  return model.alarms.filter(({ metrics }) => {
    const stats = metrics.filter(isStat);
    return stats.some(isMeant) && stats.every((metric) => isMeasured(model, metric));
  });
}

/** The first metric of a share is what it is a share of; what else such an alarm looks at makes the whole. */
const firstIs = (isMeant: Watched) => ({ metrics }: AlarmReading): boolean => {
  const [first] = metrics.filter(isStat);
  return first !== undefined && isMeant(first);
};

type Alarms = (model: AlarmModel) => readonly AlarmReading[];

interface Ringing {
  readonly control: ControlId;
  readonly aspect: string;
  /** What happens, as a sentence. */
  readonly tries: string;
  readonly script: ScriptName;
  readonly needs: string;
  readonly alarms: Alarms;
  readonly saboteurs: readonly [Saboteur, ...Saboteur[]];
}

const onMetrics = (...names: readonly string[]): Alarms => (model) => watching(model, called(...names)).filter(firstIs(called(...names)));

/** Where some gate is such a one. */
const ifAnyGate = (isSuch: (configuration: GateConfiguration) => boolean, alarms: Alarms): Alarms => (model) => (
  (model.edge.gates ?? []).some((gate) => isReached(model.edge, gate) && isSuch(configurationOf(gate))) ? alarms(model) : []
);

const EXPECTS = [
  'The alarm of the template rings, and did not while nothing was wrong.',
  'Its figures are the gate\'s own, or counted at the drill\'s edge; that it rings is computed here as CloudWatch documents it.',
].join(' ');

const GONE: AttackResult = { verdict: 'succeeded', saw: 'There is no such alarm any more.' };
const RINGS_ALWAYS: AttackResult = { verdict: 'succeeded', saw: 'It rings while nothing is wrong, so that nobody listens to it.' };

/** Plays it, and looks whether each alarm that is meant rings, and rings for that alone. */
function defineRinging({ control, aspect, tries, script, needs, alarms, saboteurs }: Ringing): AlarmAttack {
  return defineAlarmAttack(control, aspect, {
    tries,
    expects: EXPECTS,
    needs,
    targets: (model) => alarms(model).map(({ place }) => ({ place })),
    run: async ({ place }, scene): Promise<AttackResult> => {
      const alarm = scene.model.alarms.find((each) => samePlace(each.place, place));
      if (alarm === undefined) return GONE;
      const [quiet, then] = [await scene.rehearsed('quiet'), await scene.rehearsed(script)];
      // A gate that has told nothing would keep every alarm quiet.
      if (quiet.events.length === 0) throw new Error('the gate has told nothing in its quiet minute');
      const behaviour = behaviourOf(scene.model, alarm, quiet, then);
      scene.note(`While nothing is wrong: ${behaviour.quiet.join(' ')}`);
      scene.note(`When ${SCRIPTS[script].when}: ${behaviour.then.join(' ')}`);
      if (behaviour.quiet.includes('ALARM')) return RINGS_ALWAYS;
      const ringsAt = behaviour.then.indexOf('ALARM');
      if (ringsAt < 0) return { verdict: 'succeeded', saw: `It does not ring when ${SCRIPTS[script].when}.` };
      return { verdict: 'withstood', saw: `It rings the ${ringsAt + 1}. time that it is looked at after ${SCRIPTS[script].when}, and not before.` };
    },
    saboteurs,
  });
}

/** Whatever it is about. */
const ANY = [ALARMS_REMOVED, OUT_OF_REACH_THRESHOLD, METRICS_RENAMED, OTHER_NAMESPACE] as const;

const COUNTED = [...ANY, PERIODS_TOO_SHORT] as const;

/** A composite of alarms of which at least one rings then. */
const underAttack = defineAlarmAttack('MON-2', 'under-attack', {
  tries: `Plays what gates measure when ${SCRIPTS.hostile.when}, and when ${SCRIPTS['failing-core'].when}.`,
  expects: 'A composite alarm rings then, and did not while nothing was wrong; its alarms are computed as each of them is.',
  needs: 'composite alarm on what gates measure',
  targets: (model) => model.composites.filter(({ rule }) => model.alarms.some((alarm) => alarm.names.some((name) => rule.includes(`"${name}"`) || rule.includes(`(${name})`))
    && alarm.metrics.filter(isStat).some((metric) => isMeasured(model, metric)))).map(({ place }) => ({ place })),
  run: async ({ place }, scene): Promise<AttackResult> => {
    const composite = scene.model.composites.find((each) => samePlace(each.place, place));
    if (composite === undefined) return GONE;
    const quiet = await scene.rehearsed('quiet');
    const isKnown = ({ metrics }: AlarmReading): boolean => metrics.filter(isStat).every((metric) => isMeasured(scene.model, metric));
    const rings: string[] = [];
    for (const script of ['hostile', 'failing-core'] as const) {
      const behaviour = compositeBehaviour(scene.model, composite.rule, isKnown, quiet, await scene.rehearsed(script));
      if (behaviour.quiet) return RINGS_ALWAYS;
      if (behaviour.then) rings.push(SCRIPTS[script].when);
    }
    return rings.length > 0 ? { verdict: 'withstood', saw: `It rings when ${rings.join(', and when ')}; not while nothing is wrong.` } : { verdict: 'succeeded', saw: 'It never rings.' };
  },
  saboteurs: [ALARMS_REMOVED, METRICS_RENAMED],
});

/** The first takes longest to rehearse, and begins. */
export const RINGING_ATTACKS: readonly AlarmAttack[] = [
  defineRinging({
    control: 'MON-6', aspect: 'records-lost', script: 'killed-at-work', needs: 'alarm on records that are missing, of gates that know of each other by the store in which they count',
    tries: 'Kills a task with requests under way, of which nobody has a record.',
    alarms: ifAnyGate(({ rate }) => rate !== undefined, onMetrics('gateway_audit_lost_total')),
    saboteurs: COUNTED,
  }),
  defineRinging({
    control: 'MON-1', aspect: 'client-errors', script: 'hostile', needs: 'alarm on 4xx answers of a gate',
    tries: 'Sends credentials that are none, and more than a budget has, and plays it as often as the alarm looks back.',
    alarms: onMetrics('gateway_requests_total_4xx', 'HTTPCode_Target_4XX_Count'), saboteurs: COUNTED,
  }),
  defineRinging({
    control: 'MON-1', aspect: 'unreadable', script: 'failing-core', needs: 'alarm on 4xx answers of the load balancer itself',
    tries: 'Sends what no load balancer can read, and plays it as often as the alarm looks back.',
    alarms: onMetrics('HTTPCode_ELB_4XX_Count'), saboteurs: COUNTED,
  }),
  defineRinging({
    control: 'MON-1', aspect: 'server-errors', script: 'failing-core', needs: 'alarm on 5xx answers of a gate',
    tries: 'Has the Core answer every request with 500, and plays it as often as the alarm looks back.',
    alarms: onMetrics('gateway_requests_total_5xx', 'HTTPCode_Target_5XX_Count'), saboteurs: COUNTED,
  }),
  defineRinging({
    control: 'MON-1', aspect: 'nobody-there', script: 'nobody-left', needs: 'alarm on targets, or on 5xx answers of the load balancer itself',
    tries: 'Kills every task of a gate while callers go on calling.',
    alarms: onMetrics('HTTPCode_ELB_5XX_Count', 'HealthyHostCount', 'UnHealthyHostCount'), saboteurs: ANY,
  }),
  defineRinging({
    control: 'MON-2', aspect: 'bad-credentials', script: 'hostile', needs: 'alarm on callers who could not prove who they are',
    tries: 'Shows the gate credentials that are none, over and over.',
    alarms: onMetrics('gateway_key_auth_blocked_total'), saboteurs: COUNTED,
  }),
  defineRinging({
    control: 'MON-2', aspect: 'one-caller', script: 'hostile', needs: 'alarm on the callers of a rule of Contributor Insights',
    tries: 'Is proven, and is refused again and again; the rule reads the records that the gate has written of it.',
    alarms: (model) => (model.edge.gates?.length ? model.alarms.filter(({ metrics }) => (
      metrics.every((metric) => !isStat(metric)) && metrics.some((metric) => !isStat(metric) && isOfCallers(model, metric.expression))
    )) : []),
    saboteurs: [ALARMS_REMOVED, OUT_OF_REACH_THRESHOLD, INSIGHT_RULES_OFF],
  }),
  defineRinging({
    control: 'MON-2', aspect: 'spent-budgets', script: 'hostile', needs: 'alarm on requests that a gate has refused for being too many',
    tries: 'Sends more than a budget has, again and again.',
    alarms: ifAnyGate(({ rate }) => rate !== undefined, onMetrics('gateway_limited_total', 'gateway_limited_total_general', 'gateway_limited_total_heavy')),
    saboteurs: COUNTED,
  }),
  defineRinging({
    control: 'MON-6', aspect: 'dead-gate', script: 'nobody-left', needs: 'alarm on the silence of a gate',
    tries: 'Kills every task of a gate, so that nobody tells anything any more.',
    alarms: (model) => watching(model, ({ namespace }) => !namespace.startsWith('AWS/')).filter(({ trigger }) => trigger.missingData === 'breaching'),
    saboteurs: [ALARMS_REMOVED, METRICS_RENAMED, SILENCE_IS_GOOD],
  }),
  defineRinging({
    control: 'MON-6', aspect: 'locked-down', script: 'in-trouble', needs: 'alarm on a lock-down',
    tries: 'Sets the flag that locks callers out.',
    alarms: onMetrics('gateway_locked_down'), saboteurs: COUNTED,
  }),
  defineRinging({
    control: 'MON-6', aspect: 'old-keys', script: 'in-trouble', needs: 'alarm on the age of an issuer\'s keys that are mirrored',
    tries: 'Has the mirror of the issuer\'s keys stand still for most of the time for which they are good.',
    alarms: ifAnyGate(({ identity }) => identity.tokens.some(({ keys }) => keys.source === 'mirror'), onMetrics('gateway_jwks_age_seconds')),
    saboteurs: COUNTED,
  }),
  defineRinging({
    control: 'MON-6', aspect: 'store-away', script: 'in-trouble', needs: 'alarm on requests that nobody could count',
    tries: 'Takes the store away in which gates count.',
    alarms: onMetrics('gateway_uncounted_total', 'gateway_uncounted_total_refused', 'gateway_uncounted_total_allowed'), saboteurs: COUNTED,
  }),
  underAttack,
];
