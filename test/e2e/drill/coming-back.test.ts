import { COMING_BACK_ATTACKS } from '../../../src/drill/keeping';
import { type KeepingRun, type KeepingRuns, keepingRuns, told } from '../../support/keeping-run';
import { backedTemplate } from './fixtures/backed';

let runs: KeepingRuns;
let evidence: KeepingRun['evidence'];
let proofs: KeepingRun['proofs'];

beforeAll(async () => {
  runs = await keepingRuns();
  ({ evidence, proofs } = await runs.of(COMING_BACK_ATTACKS, [backedTemplate()]));
}, 600_000);
afterAll(() => runs.stop());

test('what is backed up by hand withstands every attack, and each has a target', () => {
  expect(evidence.attacks.filter(({ verdict }) => verdict !== 'withstood').map(told)).toEqual([]);
  expect(evidence.noTarget).toEqual([]);
});

test.each(COMING_BACK_ATTACKS.flatMap(({ id, saboteurs }) => saboteurs.map(({ name }) => [id, name] as const)))('%s is proven able to fail: %s', (attack, saboteur) => {
  const records = proofs.filter((proof) => proof.attack === attack && proof.saboteur === saboteur);
  expect(records.map(told)).toEqual([expect.stringMatching(/: succeeded\. /)]);
});
