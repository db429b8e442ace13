import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import type { Template } from '../../../src/checks/template/template';
import type { Saboteur } from '../../../src/drill/attack';
import { readInput } from '../../../src/cli/inputs';
import type { AssetFiles } from '../../../src/drill/emulator/assets';
import { type KeepingAttack, KEEPING_ATTACKS, WORKER_ATTACKS } from '../../../src/drill/keeping';
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

const BY_HAND = 'plain CloudFormation';
const OURS = 'a Core with every store';

/** What is kept, and who says so: by hand without any construct of ours, and with all of them. */
const APPS: Readonly<Record<string, () => Kept>> = {
  [BY_HAND]: byHand,
  [OURS]: () => {
    const app = new App({ outdir: path.join(folder, 'kept'), analyticsReporting: false });
    keptCore(new Stack(app, 'Kept'));
    return readInput(app.synth().directory);
  },
};
const done: Record<string, KeepingRun> = {};
let folder: string;
let runs: KeepingRuns;

/**
 * Each attack is proven on our own constructs, by every saboteur that there was nothing for by hand, or else by its first. By hand a deployment takes a fraction of the
 * time; there the others have been proven, and what they take away is the same.
 */
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'keeping-test-'));
  runs = await keepingRuns();
  for (const [name, build] of Object.entries(APPS)) {
    const { templates, assets } = build();
    done[name] = await runs.of(ATTACKS.map(withoutProven), templates, assets);
  }
}, 1_500_000);
afterAll(async () => {
  await runs.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

function withoutProven(attack: KeepingAttack): KeepingAttack {
  const [first = attack.saboteurs[0], ...more]: readonly Saboteur[] = attack.saboteurs.filter(({ name }) => !verdictsOf(BY_HAND, attack.id, name).includes('succeeded'));
  return { ...attack, saboteurs: [first, ...more] };
}

function verdictsOf(app: string, attack: string, saboteur?: string): string[] {
  const proofs = done[app]?.proofs ?? [];
  return proofs.filter((proof) => proof.attack === attack && (saboteur === undefined || proof.saboteur === saboteur)).map(({ verdict }) => verdict);
}

test.each(Object.keys(APPS))('%s withstands every attack', (name) => {
  expect(done[name]?.evidence.attacks.filter(({ verdict }) => verdict !== 'withstood').map(told)).toEqual([]);
});

test.each(Object.keys(APPS))('%s: with a protection taken away, every attack succeeds', (name) => {
  expect(done[name]?.proofs.filter(({ verdict }) => verdict !== 'succeeded' && verdict !== 'not-applicable').map((proof) => `${proof.saboteur}: ${told(proof)}`)).toEqual([]);
});

test.each(ATTACKS.flatMap(({ id, saboteurs }) => saboteurs.map(({ name }) => [id, name] as const)))('%s is proven able to fail: %s', (attack, saboteur) => {
  expect(Object.keys(APPS).flatMap((app) => verdictsOf(app, attack, saboteur))).toContain('succeeded');
});

test.each(ATTACKS.map(({ id }) => id))('%s is proven able to fail on our constructs, by whatever was not proven by hand', (attack) => {
  const verdicts = verdictsOf(OURS, attack);
  expect(verdicts).not.toHaveLength(0);
  expect(new Set(verdicts)).toEqual(new Set(['succeeded']));
});

test('every attack has a target where every store is', () => {
  expect(done[OURS]?.evidence.noTarget).toEqual([]);
});

test('no transcript and no verdict holds a secret', () => {
  const text = JSON.stringify(done);
  expect(text).not.toMatch(/written-out-for-everybody|changeme"|AKIA|sk-proj/);
});
