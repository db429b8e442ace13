import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { readInput } from '../../../src/cli/inputs';
import { WORKER_ATTACKS } from '../../../src/drill/keeping';
import { type KeepingRun, type KeepingRuns, keepingRuns, told } from '../../support/keeping-run';
import { workerFleet } from '../../support/worker-fleet';

let folder: string;
let runs: KeepingRuns;
let run: KeepingRun;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'workers-test-'));
  runs = await keepingRuns();
  const app = new App({ outdir: path.join(folder, 'fleet'), analyticsReporting: false });
  workerFleet(new Stack(app, 'Fleet', { env: { account: '111122223333', region: 'eu-central-1' } }));
  const { templates, assets } = readInput(app.synth().directory);
  run = await runs.of(WORKER_ATTACKS, templates, assets);
}, 1_200_000);
afterAll(async () => {
  await runs.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

test('brokers of every phase withstand every attack', () => {
  expect(run.evidence.attacks.filter(({ verdict }) => verdict !== 'withstood').map(told)).toEqual([]);
});

test('each attack is carried out on every broker, or every pool, that it is about', () => {
  const counts = Object.fromEntries(WORKER_ATTACKS.map(({ id }) => [id, run.evidence.attacks.filter(({ attack }) => attack === id).length]));
  expect(counts).toEqual({ ...Object.fromEntries(WORKER_ATTACKS.map(({ id }) => [id, 3])), 'WCC-7.impersonation': 2, 'WCC-10.mixed-fleet': 2 });
  expect(run.evidence.noTarget).toEqual([]);
});

test.each(WORKER_ATTACKS.flatMap(({ id, saboteurs }) => saboteurs.map(({ name }) => [id, name] as const)))('%s is proven able to fail: %s', (attack, saboteur) => {
  const records = run.proofs.filter((proof) => proof.attack === attack && proof.saboteur === saboteur);
  expect(records.map(told)).toEqual([expect.stringMatching(/: succeeded\. /)]);
});

test('no transcript and no verdict holds a key or a credential', () => {
  expect(JSON.stringify(run)).not.toMatch(/[0-9a-f]{64}|[A-Za-z0-9_-]{43}/);
});
