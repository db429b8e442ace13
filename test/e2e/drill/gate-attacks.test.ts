import type { AttackRecord, ProofRecord } from '../../../src/drill/evidence';
import { GATE_ATTACKS } from '../../../src/drill/gate/attacks';
import { prove } from '../../../src/drill/prove';
import { type AttackEvidence, runAttacks } from '../../../src/drill/run-attacks';
import { setStage, type Stage } from '../../support/drill-stage';
import { gateTemplate, KEYS_ONLY, TOKENS_OR_KEYS } from '../../support/gate-template';

const GATES = { 'tokens or keys': TOKENS_OR_KEYS, 'keys alone, which the load balancer lets pass': KEYS_ONLY } as const;

let stage: Stage;
const drilled: Record<string, AttackEvidence> = {};
let proofs: readonly ProofRecord[] = [];

beforeAll(async () => {
  stage = await setStage();
  for (const [name, configuration] of Object.entries(GATES)) {
    const model = stage.translate([gateTemplate(configuration)]);
    const edge = await stage.start(model);
    drilled[name] = await runAttacks(GATE_ATTACKS, model, edge.open);
    await edge.stop();
  }
  proofs = await prove(GATE_ATTACKS, [gateTemplate(TOKENS_OR_KEYS)], stage);
}, 400_000);
afterAll(() => stage.stop());

const told = ({ attack, verdict, saw, transcript }: AttackRecord): string => [`${attack}: ${verdict}. ${saw}`, ...transcript.slice(-30)].join('\n');

test.each(Object.keys(GATES))('a gate that takes %s withstands every attack that it has a target for', (name) => {
  const { attacks = [] } = drilled[name] ?? {};
  expect(attacks.filter(({ verdict }) => verdict !== 'withstood').map(told)).toEqual([]);
  expect(attacks.length).toBeGreaterThan(10);
  expect(new Set(attacks.map(({ evidence }) => evidence))).toEqual(new Set(['real-artefact']));
});

test('every attack on a gate is carried out on at least one of them', () => {
  const carriedOut = new Set(Object.values(drilled).flatMap(({ attacks }) => attacks).map(({ attack }) => attack));
  expect(GATE_ATTACKS.map(({ id }) => id).filter((id) => !carriedOut.has(id))).toEqual([]);
});

test.each(GATE_ATTACKS.flatMap(({ id, saboteurs }) => saboteurs.map(({ name }) => [id, name] as const)))('%s is proven able to fail: %s', (attack, saboteur) => {
  const found = proofs.filter((proof) => proof.attack === attack && proof.saboteur === saboteur);
  expect(found.map(({ verdict, saw }) => `${verdict}: ${saw}`)).toEqual([expect.stringMatching(/^succeeded: /)]);
});
