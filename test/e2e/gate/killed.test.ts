import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { bundleRuntime } from '../../../tools/bundle-runtime';

/** Nothing may be left after this. */
const SOON_MS = 5000;

interface Running {
  readonly folder: string;
  readonly processes: readonly { readonly name: string; readonly pid: number }[];
}

let scratch: string;
let program: string;
const drills: ChildProcess[] = [];

beforeAll(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'killed-test-'));
  // Beside the command line, as in the package.
  program = path.join(scratch, 'cli', 'stage.js');
  buildSync({ entryPoints: [path.join(__dirname, 'fixtures', 'stage-like.ts')], bundle: true, platform: 'node', outfile: program });
  bundleRuntime(path.join(scratch, 'runtime'));
}, 120_000);
afterAll(() => {
  for (const drill of drills) drill.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
});

/** Of these groups, as `ps` has them; a zombie is gone, only its parent has not asked yet. */
function alive(groups: readonly number[]): string[] {
  const lines = execFileSync('ps', ['-eo', 'pgid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => {
    const [group = '', state = ''] = line.trim().split(/\s+/);
    return groups.includes(Number(group)) && !state.startsWith('Z');
  });
}

test.each(['SIGKILL', 'SIGTERM'] as const)('a drill of a gate that gets %s leaves no gate, no Redis and no password behind', async (signal) => {
  const drill = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  drills.push(drill);
  const [line] = await once(createInterface({ input: drill.stdout }), 'line') as [string];
  const { folder, processes } = JSON.parse(line) as Running;
  const names = processes.map(({ name }) => name);
  expect(names.filter((name) => name.startsWith('gate '))).toHaveLength(2);
  expect(names.filter((name) => name === 'redis')).toHaveLength(3);
  const groups = processes.map(({ pid }) => pid);
  expect(alive(groups).length).toBeGreaterThanOrEqual(groups.length);
  expect(readdirSync(folder).filter((name) => name.startsWith('redis-'))).toHaveLength(3);

  const exited = once(drill, 'exit');
  drill.kill(signal);
  await exited;
  for (const deadline = Date.now() + SOON_MS; Date.now() < deadline && (alive(groups).length > 0 || existsSync(folder));) await sleep(50);
  expect(alive(groups)).toEqual([]);
  expect(existsSync(folder)).toBe(false);
}, 120_000);
