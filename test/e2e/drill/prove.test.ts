import { ATTACKS } from '../../../src/drill/attacks';
import type { ProofRecord } from '../../../src/drill/evidence';
import { prove } from '../../../src/drill/prove';
import { setStage, type Stage } from '../../support/drill-stage';
import { DRILLED } from '../../support/drilled';

let stage: Stage;
const proofs: Record<string, readonly ProofRecord[]> = {};

beforeAll(async () => {
  stage = await setStage();
  for (const [name, synthesize] of Object.entries(DRILLED)) proofs[name] = await prove(ATTACKS, [synthesize()], stage);
}, 600_000);
afterAll(() => stage.stop());

const told = ({ attack, saboteur, verdict, saw }: ProofRecord): string => `${attack}, ${saboteur}: ${verdict}. ${saw}`;

test.each(Object.keys(DRILLED))('%s: with a protection taken away, every attack succeeds', (name) => {
  expect(proofs[name]?.filter(({ verdict }) => verdict !== 'succeeded' && verdict !== 'not-applicable').map(told)).toEqual([]);
});

test.each(ATTACKS.flatMap(({ id, saboteurs }) => saboteurs.map(({ name }) => [id, name] as const)))('%s is proven able to fail: %s', (attack, saboteur) => {
  const records = Object.values(proofs).flat().filter((proof) => proof.attack === attack && proof.saboteur === saboteur);
  expect(records).toHaveLength(Object.keys(DRILLED).length);
  expect(records.map(({ verdict }) => verdict)).toContain('succeeded');
});
