import { ATTACKS } from '../../../src/drill/attacks';
import type { AttackRecord } from '../../../src/drill/evidence';
import { type AttackEvidence, runAttacks } from '../../../src/drill/run-attacks';
import { setStage, type Stage } from '../../support/drill-stage';
import { DRILLED } from '../../support/drilled';

let stage: Stage;
const drilled: Record<string, AttackEvidence> = {};

beforeAll(async () => {
  stage = await setStage();
  const standing = await Promise.all(Object.entries(DRILLED).map(async ([name, synthesize]) => {
    const model = stage.translate([synthesize()]);
    return { name, model, edge: await stage.start(model) };
  }));
  // Edges do not meet; but a flood of one would be felt by all.
  const [floods, others] = [true, false].map((isFlood) => ATTACKS.filter(({ control }) => (control === 'RTL-1') === isFlood));
  const done = await Promise.all(standing.map(async ({ name, model, edge }) => ({ name, model, edge, first: await runAttacks(others ?? [], model, edge.open) })));
  for (const { name, model, edge, first } of done) {
    const last = await runAttacks(floods ?? [], model, edge.open);
    drilled[name] = { attacks: [...first.attacks, ...last.attacks], noTarget: [...first.noTarget, ...last.noTarget] };
    await edge.stop();
  }
}, 400_000);
afterAll(() => stage.stop());

/** An attack that did not end as it should, and enough to see why. */
const told = ({ attack, target, verdict, saw, transcript }: AttackRecord): string => [`${attack} at ${target.logicalId}: ${verdict}. ${saw}`, ...transcript.slice(-30)].join('\n');

test.each(Object.keys(DRILLED))('%s withstands every attack that it has a target for', (name) => {
  const { attacks = [] } = drilled[name] ?? {};
  expect(attacks.filter(({ verdict }) => verdict !== 'withstood').map(told)).toEqual([]);
  expect(attacks).not.toHaveLength(0);
});

test.each(ATTACKS.map(({ id }) => id))('%s is carried out on at least one of the templates', (id) => {
  expect(Object.values(drilled).flatMap(({ attacks }) => attacks).filter(({ attack }) => attack === id)).not.toHaveLength(0);
});

test('what an attack has no target for is said with the reason, once for each', () => {
  for (const { attacks, noTarget } of Object.values(drilled)) {
    expect(new Set([...attacks, ...noTarget].map(({ attack }) => attack))).toEqual(new Set(ATTACKS.map(({ id }) => id)));
    for (const { reason } of noTarget) expect(reason).toMatch(/^The templates have no .+\.$/);
  }
});

test('a transcript holds what was sent and what came back, and no token that anybody could use', () => {
  const lines = Object.values(drilled).flatMap(({ attacks }) => attacks).flatMap(({ transcript }) => transcript);
  expect(lines).toEqual(expect.arrayContaining(['Before the attack: a legitimate request', 'The attack', '> GET / HTTP/1.1', '< 200', '< 401']));
  expect(lines.filter((line) => /eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{20}/.test(line))).toEqual([]);
});
