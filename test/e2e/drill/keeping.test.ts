import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import type { Template } from '../../../src/checks/template/template';
import { readInput } from '../../../src/cli/inputs';
import type { AssetFiles } from '../../../src/drill/emulator/assets';
import { KEEPING_ATTACKS, WORKER_ATTACKS } from '../../../src/drill/keeping';
import { type KeepingRun, type KeepingRuns, keepingRuns, told } from '../../support/keeping-run';
import { keptCore } from '../../support/kept-core';
import { keepingTemplate, MASTER_KEY_ASSET, ROLLOUT_ASSET, ROTATION_ASSET } from './fixtures/keeping';

interface Kept {
  readonly templates: readonly Template[];
  readonly assets: AssetFiles;
}

const byHand = (): Kept => ({ templates: [keepingTemplate()], assets: new Map([ROTATION_ASSET, ROLLOUT_ASSET, MASTER_KEY_ASSET].map((name) => [name, path.resolve('assets/runtime', name)])) });

/** A Core has no workers: brokers and pools are attacked in `workers.test.ts`. */
const ATTACKS = KEEPING_ATTACKS.filter((attack) => !WORKER_ATTACKS.includes(attack));

/** What is kept, and who says so: by hand without any construct of ours, and with all of them. */
const APPS: Readonly<Record<string, () => Kept>> = {
  'plain CloudFormation': byHand,
  'a Core with every store': () => {
    const app = new App({ outdir: path.join(folder, 'kept'), analyticsReporting: false });
    keptCore(new Stack(app, 'Kept'));
    return readInput(app.synth().directory);
  },
};
const done: Record<string, KeepingRun> = {};
let folder: string;
let runs: KeepingRuns;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'keeping-test-'));
  runs = await keepingRuns();
  for (const [name, build] of Object.entries(APPS)) {
    const { templates, assets } = build();
    done[name] = await runs.of(ATTACKS, templates, assets);
  }
}, 1_500_000);
afterAll(async () => {
  await runs.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

test.each(Object.keys(APPS))('%s withstands every attack', (name) => {
  expect(done[name]?.evidence.attacks.filter(({ verdict }) => verdict !== 'withstood').map(told)).toEqual([]);
});

test.each(Object.keys(APPS))('%s: with a protection taken away, every attack succeeds', (name) => {
  expect(done[name]?.proofs.filter(({ verdict }) => verdict !== 'succeeded' && verdict !== 'not-applicable').map((proof) => `${proof.saboteur}: ${told(proof)}`)).toEqual([]);
});

test.each(ATTACKS.flatMap(({ id, saboteurs }) => saboteurs.map(({ name }) => [id, name] as const)))('%s is proven able to fail: %s', (attack, saboteur) => {
  const records = done['a Core with every store']?.proofs.filter((proof) => proof.attack === attack && proof.saboteur === saboteur) ?? [];
  expect(records.map(told)).toEqual([expect.stringMatching(/: succeeded\. /)]);
});

test('every attack has a target where every store is', () => {
  expect(done['a Core with every store']?.evidence.noTarget).toEqual([]);
});

test('no transcript and no verdict holds a secret', () => {
  const text = JSON.stringify(done);
  expect(text).not.toMatch(/written-out-for-everybody|changeme"|AKIA|sk-proj/);
});
