import type { Template } from '../../../src/checks/template/template';
import { graphsOf } from '../../../src/checks/template/template-graph';
import { ALARM_ATTACKS, alarmGround, attackAlarms, proveAlarms, translateAlarms } from '../../../src/drill/alarms';
import type { AlarmModel } from '../../../src/drill/alarms/model';
import type { Telemetry } from '../../../src/drill/alarms/series';
import { startMinistack } from '../../../src/drill/emulator/ministack';
import type { ProofRecord } from '../../../src/drill/evidence';
import { Supervisor } from '../../../src/drill/processes/supervisor';
import type { AttackEvidence } from '../../../src/drill/run-attacks';
import { setStage } from '../../../src/drill/stage';
import { openToolbox } from '../../../src/drill/toolbox/toolbox';
import { alarmedGate } from '../../support/alarmed-gate';
import { edgeOf, remoteCoreTemplate } from '../../support/drilled';

const TEMPLATES = { 'constructs of ours': remoteCoreTemplate, 'alarms that somebody wrote': alarmedGate } as const;

function read(templates: readonly Template[]): AlarmModel {
  const [graph] = graphsOf(templates);
  if (graph === undefined) throw new Error('No world was found.');
  return translateAlarms(graph, edgeOf(templates));
}

let supervisor: Supervisor;
const heard: Record<string, AttackEvidence> = {};
const proofs: Record<string, readonly ProofRecord[]> = {};

beforeAll(async () => {
  supervisor = await Supervisor.open();
  const toolbox = await openToolbox(() => undefined);
  const stage = await setStage(supervisor, toolbox);
  const emulator = startMinistack({ supervisor, ministack: toolbox.ministack, account: '111122223333', region: 'eu-central-1' });
  for (const [name, template] of Object.entries(TEMPLATES)) {
    const templates = [template()];
    const model = read(templates);
    const ground = alarmGround(model, stage, () => emulator);
    heard[name] = await attackAlarms(ALARM_ATTACKS, model, ground);
    proofs[name] = await proveAlarms(ALARM_ATTACKS, templates, { ...ground, translate: read });
  }
}, 300_000);
afterAll(() => supervisor.stop());

describe.each(Object.keys(TEMPLATES))('with %s', (name) => {
  test('every alarm rings for what it is about, not while nothing is wrong, and is delivered', () => {
    expect(heard[name]?.attacks.filter(({ verdict }) => verdict !== 'withstood').map(({ attack, target, saw }) => `${attack} ${target.logicalId}: ${saw}`)).toEqual([]);
  });

  test('each attack succeeds once its protection is taken away', () => {
    expect(proofs[name]?.filter(({ verdict }) => verdict !== 'succeeded' && verdict !== 'not-applicable')).toEqual([]);
  });

  test('each attack with a target is proven by one saboteur at least', () => {
    const attacked = new Set(heard[name]?.attacks.map(({ attack }) => attack));
    expect(new Set(proofs[name]?.filter(({ verdict }) => verdict === 'succeeded').map(({ attack }) => attack))).toEqual(attacked);
  });
});

test('of our constructs, every attack has an alarm', () => {
  expect(heard['constructs of ours']?.noTarget).toEqual([]);
});

test('alarms that go by the names of the documents are attacked by them', () => {
  const attacks = heard['alarms that somebody wrote']?.attacks.map(({ attack, target }) => `${attack} ${target.logicalId}`);
  expect(attacks?.sort()).toEqual([
    'MON-1.client-errors ClientErrors', 'MON-1.server-errors ServerErrors', 'MON-1.unreadable Unreadable', 'MON-2.bad-credentials Strangers', 'MON-6.dead-gate Silence', 'MON-6.delivered Topic',
    'MON-6.locked-down LockedDown',
  ]);
});

test('an alarm that asks CloudWatch for what is not imitated is told as such, and not guessed at', async () => {
  const { name, body } = alarmedGate();
  const text = JSON.stringify(body).replaceAll('"Statistic":"Sum"', '"ExtendedStatistic":"p99"');
  const model = read([{ name, body: JSON.parse(text) as Template['body'] }]);
  const play = (): Promise<Telemetry> => Promise.resolve({ measurements: [], events: [{ at: 0, event: {} }] });
  const chosen = ALARM_ATTACKS.filter(({ id }) => id === 'MON-1.server-errors');
  const { attacks } = await attackAlarms(chosen, model, { rehearsals: { play }, emulator: () => Promise.reject(new Error('none')) });
  expect(attacks.map(({ verdict, saw }) => [verdict, saw])).toEqual([['inconclusive', 'It could not be carried out: the statistic p99 is not evaluated']]);
});
