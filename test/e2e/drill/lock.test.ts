import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { buildSync } from 'esbuild';

const CONTENDERS = 2;
const ROUNDS = 20;
/** Longer than all contenders need for one lock, which includes that they look again only now and then. */
const ROUND_MS = 260;

let scratch: string;
const started: ChildProcess[] = [];

beforeAll(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'lock-test-'));
  buildSync({ entryPoints: [path.join(__dirname, 'fixtures', 'lock-contender.ts')], bundle: true, platform: 'node', outfile: path.join(scratch, 'contender.js') });
});

afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
});

test('of processes that find the lock of a dead owner at the same moment one works at a time', async () => {
  const folder = path.join(scratch, 'locks');
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const locks = Array.from({ length: ROUNDS }, (_, round) => path.join(folder, `${round}.lock`));
  for (const lock of locks) {
    mkdirSync(lock, { recursive: true });
    writeFileSync(path.join(lock, 'owner'), String(dead));
  }
  const start = Date.now() + 1000;
  const codes = await Promise.all(Array.from({ length: CONTENDERS }, async () => {
    const child = spawn(process.execPath, [path.join(scratch, 'contender.js'), String(start), String(ROUND_MS), ...locks], { stdio: 'ignore' });
    started.push(child);
    return (await once(child, 'exit') as [number | null])[0];
  }));
  expect(codes).toEqual(Array<number>(CONTENDERS).fill(0));
  expect(readdirSync(folder)).toEqual([]);
}, 60_000);
