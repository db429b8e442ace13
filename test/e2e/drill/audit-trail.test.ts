import { TRAIL_ATTACKS } from '../../../src/drill/keeping';
import { type KeepingRun, type KeepingRuns, keepingRuns, told } from '../../support/keeping-run';
import { auditedTemplate } from './fixtures/audited';

let runs: KeepingRuns;
let evidence: KeepingRun['evidence'];
let proofs: KeepingRun['proofs'];

beforeAll(async () => {
  runs = await keepingRuns();
  ({ evidence, proofs } = await runs.of(TRAIL_ATTACKS, [auditedTemplate()]));
}, 600_000);
afterAll(() => runs.stop());

test('a trail that is made by hand withstands every attack, and each has a target', () => {
  expect(evidence.attacks.filter(({ verdict }) => verdict !== 'withstood').map(told)).toEqual([]);
  expect(evidence.noTarget).toEqual([]);
});

test.each(TRAIL_ATTACKS.flatMap(({ id, saboteurs }) => saboteurs.map(({ name }) => [id, name] as const)))('%s is proven able to fail: %s', (attack, saboteur) => {
  const records = proofs.filter((proof) => proof.attack === attack && proof.saboteur === saboteur);
  expect(records.map(told)).toEqual([expect.stringMatching(/: succeeded\. /)]);
});

test('transcripts say what was done by a stand-in', () => {
  const transcripts = evidence.attacks.flatMap(({ transcript }) => transcript).join('\n');
  expect(transcripts).toMatch(/delivered to \S+ by the drill's stand-in for Firehose/);
  expect(transcripts).toMatch(/handed on to \S+ by the drill's stand-in for replication/);
  expect(transcripts).toMatch(/The emulator keeps lines as they are/);
});

test('no transcript and no verdict holds what was written to be hidden', () => {
  expect(JSON.stringify([evidence, proofs])).not.toMatch(/drill\.person@|ctx_drill|sk-proj/);
});
