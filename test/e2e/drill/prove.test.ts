import type { Attack, Saboteur } from '../../../src/drill/attack';
import { ATTACKS } from '../../../src/drill/attacks';
import type { ProofRecord } from '../../../src/drill/evidence';
import { prove } from '../../../src/drill/prove';
import { setStage, type Stage } from '../../support/drill-stage';
import { DRILLED } from '../../support/drilled';

/** The one with our constructs, which has nearly all that there is to take away. */
const OURS = 'a Core on the open internet';

let stage: Stage;
const proofs: Record<string, readonly ProofRecord[]> = {};

/**
 * Everything that can be taken away is taken from our own template, and once more from one without any construct of ours: that is where the way in which something
 * is written could make a difference. What has been proven on one of those is not proven again on the next, for a saboteur does the same to each.
 */
beforeAll(async () => {
  stage = await setStage();
  const { [OURS]: ours, ...others } = DRILLED;
  proofs[OURS] = await prove(ATTACKS, [ours()], stage);
  for (const [name, synthesize] of Object.entries(others)) proofs[name] = await prove(withoutProven(), [synthesize()], stage);
}, 600_000);
afterAll(() => stage.stop());

const ofOthers = (): ProofRecord[] => Object.entries(proofs).filter(([name]) => name !== OURS).flatMap(([, records]) => records);

/** Attacks with the saboteurs that no template without our constructs has served for. */
function withoutProven(): Attack[] {
  const proven = new Set(ofOthers().filter(({ verdict }) => verdict === 'succeeded').map(({ attack, saboteur }) => `${attack} ${saboteur}`));
  return ATTACKS.flatMap((attack) => {
    const [first, ...more]: readonly Saboteur[] = attack.saboteurs.filter(({ name }) => !proven.has(`${attack.id} ${name}`));
    return first === undefined ? [] : [{ ...attack, saboteurs: [first, ...more] as const }];
  });
}

const told = ({ attack, saboteur, verdict, saw }: ProofRecord): string => `${attack}, ${saboteur}: ${verdict}. ${saw}`;

test.each(Object.keys(DRILLED))('%s: with a protection taken away, every attack succeeds', (name) => {
  expect(proofs[name]).not.toHaveLength(0);
  expect(proofs[name]?.filter(({ verdict }) => verdict !== 'succeeded' && verdict !== 'not-applicable').map(told)).toEqual([]);
});

test.each(ATTACKS.flatMap(({ id, saboteurs }) => saboteurs.map(({ name }) => [id, name] as const)))('%s is proven able to fail: %s', (attack, saboteur) => {
  const ofTrial = (records: readonly ProofRecord[] = []): string[] => records.filter((proof) => proof.attack === attack && proof.saboteur === saboteur).map(({ verdict }) => verdict);
  expect(ofTrial(proofs[OURS])).toHaveLength(1);
  expect(ofTrial(ofOthers())).not.toHaveLength(0);
  expect([...ofTrial(proofs[OURS]), ...ofTrial(ofOthers())]).toContain('succeeded');
});
