import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { launch } from '../../../src/drill/processes/managed-process';
import { type ManagedProcess, Supervisor } from '../../../src/drill/processes/supervisor';

/** Nothing may be left after this. */
const SOON_MS = 3000;

let scratch: string;
let drill: string;
const open: Supervisor[] = [];

beforeAll(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'supervisor-test-'));
  drill = path.join(scratch, 'drill.js');
  // As the command line is: one minified file.
  buildSync({ entryPoints: [path.join(__dirname, 'fixtures', 'drill-like.ts')], bundle: true, minify: true, platform: 'node', outfile: drill });
});

afterEach(() => Promise.allSettled(open.splice(0).map((supervisor) => supervisor.stop())));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function opened(): Promise<Supervisor> {
  const supervisor = await Supervisor.open();
  open.push(supervisor);
  return supervisor;
}

/** A zombie is gone too: only its parent has not asked yet. */
function isAlive(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim().startsWith('Z');
  } catch {
    return false;
  }
}

async function until(condition: () => boolean, within = SOON_MS): Promise<void> {
  const deadline = Date.now() + within;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Not within ${within} ms: ${condition.toString()}`);
    await sleep(20);
  }
}

function node(supervisor: Supervisor, source: string, env?: Record<string, string>): ManagedProcess {
  return supervisor.start('child', process.execPath, ['-e', source], env);
}

const STAYS = "setInterval(() => {}, 1000); console.log('up')";

describe('a drill', () => {
  interface Running { readonly process: ChildProcess; readonly said: readonly string[]; readonly folder: string; readonly processes: readonly number[] }

  async function run(ending: string): Promise<Running> {
    const started = spawn(process.execPath, [drill, ending], { stdio: ['ignore', 'pipe', 'ignore'] });
    const said: string[] = [];
    const lines = createInterface({ input: started.stdout }).on('line', (line) => said.push(line));
    await once(lines, 'line');
    return { process: started, said, ...JSON.parse(said[0] ?? '') as Pick<Running, 'folder' | 'processes'> };
  }

  async function endOf({ process: { exitCode, signalCode }, process: running }: Running): Promise<number | string | null> {
    if (exitCode !== null || signalCode !== null) return exitCode ?? signalCode;
    const [code, signal] = await once(running, 'exit') as [number | null, string | null];
    return code ?? signal;
  }

  async function nothingIsLeft({ folder, processes }: Running): Promise<void> {
    await until(() => !processes.some(isAlive) && !existsSync(folder));
    expect(keepersOf(folder)).toEqual([]);
  }

  /** The folder is in the keeper's arguments. */
  function keepersOf(folder: string): string[] {
    return execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n').filter((line) => line.includes(folder));
  }

  test.each([
    ['ends in order', 'stop', 0],
    ['leaves by process.exit', 'exit', 3],
    ['has a defect', 'throw', 1],
  ])('that %s leaves no child, no grandchild and no folder', async (_, ending, code) => {
    const running = await run(ending);
    expect(await endOf(running)).toBe(code);
    await nothingIsLeft(running);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('that gets %s stops everything, does what was asked for the end, and exits with %d', async (signal, code) => {
    const running = await run('wait');
    expect(running.processes.every(isAlive)).toBe(true);
    running.process.kill(signal);
    expect(await endOf(running)).toBe(code);
    // All is done when the prompt is back, not some time later.
    expect(running.processes.filter(isAlive)).toEqual([]);
    expect(existsSync(running.folder)).toBe(false);
    expect(running.said).toContain('action');
    await nothingIsLeft(running);
  });

  test('that is killed leaves no child, no grandchild and no folder', async () => {
    const running = await run('wait');
    expect(running.processes.every(isAlive)).toBe(true);
    writeFileSync(path.join(running.folder, 'private-key.pem'), 'x');
    running.process.kill('SIGKILL');
    expect(await endOf(running)).toBe('SIGKILL');
    await nothingIsLeft(running);
  });

  test('that hangs while it stops leaves at the second Ctrl-C, and still nothing is left', async () => {
    const running = await run('hang');
    running.process.kill('SIGINT');
    await until(() => !running.processes.some(isAlive));
    expect(running.process.exitCode).toBeNull();
    running.process.kill('SIGINT');
    expect(await endOf(running)).toBe(130);
    await nothingIsLeft(running);
  });
});

describe('a supervisor', () => {
  test('has a folder that nobody else may look into, and removes it', async () => {
    const supervisor = await opened();
    expect(statSync(supervisor.folder).mode & 0o777).toBe(0o700);
    await supervisor.stop();
    expect(existsSync(supervisor.folder)).toBe(false);
  });

  test('gives a child the PATH, the language and what it was asked for, and nothing of its own environment', async () => {
    const supervisor = await opened();
    const child = node(supervisor, 'console.log(JSON.stringify({ env: process.env, cwd: process.cwd() }))', { GATEWAY_PORT: '4566' });
    expect(await child.exited).toBe(0);
    const { env, cwd } = JSON.parse(child.output()) as { env: Record<string, string>; cwd: string };
    expect(env).toEqual({ PATH: process.env.PATH, LANG: process.env.LANG ?? 'C.UTF-8', HOME: supervisor.folder, TMPDIR: supervisor.folder, GATEWAY_PORT: '4566' });
    expect(cwd).toBe(supervisor.folder);
  });

  test('tells of a child that crashes, with its code and its last words', async () => {
    const supervisor = await opened();
    const child = node(supervisor, "console.log('starting'); console.error('no such port'); process.exitCode = 7");
    expect(await child.exited).toBe(7);
    expect(child.output().split('\n').sort()).toEqual(['', 'no such port', 'starting']);
    await expect(child.stop()).resolves.toBeUndefined();
  });

  test('keeps the end of a long output', async () => {
    const supervisor = await opened();
    const child = node(supervisor, "for (let line = 0; line < 5000; line++) console.log('line ' + line)");
    await child.exited;
    const lines = child.output().trim().split('\n');
    expect(lines).toHaveLength(200);
    expect(lines.at(-1)).toBe('line 4999');
  });

  test.each([
    ['does not exist', () => '/no/such/program'],
    ['is not an executable file that this user may run', () => scratch],
  ])('ends a program whose file %s with a sentence that says so', async (reason, command) => {
    const supervisor = await opened();
    const child = supervisor.start('envoy', command(), []);
    expect(await child.exited).toBeNull();
    expect(child.output()).toBe(`envoy could not be started: ${command()} ${reason}.\n`);
    expect(child.pid).toBeNaN();
    await expect(child.stop()).resolves.toBeUndefined();
  });

  test('kills what a crashed child has left behind', async () => {
    const supervisor = await opened();
    const child = node(supervisor, `
      const left = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(STAYS)}], { stdio: ['ignore', 'inherit', 'ignore'] });
      console.log(left.pid);
      setTimeout(() => process.exit(1), 100);`);
    await until(() => /\d/.test(child.output()));
    const left = Number(child.output().split('\n')[0]);
    expect(isAlive(left)).toBe(true);
    expect(await child.exited).toBe(1);
    await until(() => !isAlive(left), 1000);
  });

  test('stops one child and leaves the others', async () => {
    const supervisor = await opened();
    const [one, other] = [node(supervisor, STAYS), node(supervisor, STAYS)];
    await until(() => one.output() !== '' && other.output() !== '');
    await one.stop();
    expect([isAlive(one.pid), isAlive(other.pid)]).toEqual([false, true]);
    expect(await one.exited).toBeNull();
  });

  test('kills a child that does not listen to SIGTERM, after a second', async () => {
    const supervisor = await opened();
    const child = node(supervisor, `process.on('SIGTERM', () => {}); ${STAYS}`);
    await until(() => child.output() !== '');
    const asked = Date.now();
    await child.stop();
    expect(Date.now() - asked).toBeGreaterThan(900);
    expect(isAlive(child.pid)).toBe(false);
  });

  test('stops the children first and then does the actions, last asked first, once', async () => {
    const supervisor = await opened();
    const child = node(supervisor, STAYS);
    await until(() => child.output() !== '');
    const done: string[] = [];
    supervisor.onStop(() => void done.push(`first, child ${isAlive(child.pid) ? 'up' : 'down'}`));
    supervisor.onStop(() => void done.push('second'));
    await Promise.all([supervisor.stop(), supervisor.stop()]);
    await supervisor.stop();
    expect(done).toEqual(['second', 'first, child down']);
  });

  test('finishes its work before it tells of an action that failed', async () => {
    const supervisor = await opened();
    const done: string[] = [];
    supervisor.onStop(() => void done.push('done'));
    supervisor.onStop(() => Promise.reject(new Error('no answer')));
    await expect(supervisor.stop()).rejects.toThrow('no answer');
    expect(done).toEqual(['done']);
    expect(existsSync(supervisor.folder)).toBe(false);
  });

  test('starts nothing once it is being stopped', async () => {
    const supervisor = await opened();
    const stopping = supervisor.stop();
    expect(() => node(supervisor, STAYS)).toThrow('child cannot be started: the drill is being stopped.');
    await stopping;
  });

  test('survives the death of its keeper', async () => {
    // By its parent and its title: it takes its own name for its arguments, the folder among them, as soon as it runs.
    const keepers = (): number[] => execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
      .filter((line) => line.includes('cdk-secure-core keeper')).map((line) => line.trim().split(/\s+/).map(Number))
      .flatMap(([pid = 0, parent]) => (parent === process.pid ? [pid] : []));
    const others = new Set(keepers());
    const supervisor = await opened();
    const own = (): number | undefined => keepers().find((pid) => !others.has(pid));
    let keeper: number | undefined;
    await until(() => (keeper = own()) !== undefined);
    process.kill(keeper ?? Number.NaN, 'SIGKILL');
    await sleep(100);
    const child = node(supervisor, STAYS);
    await until(() => child.output() !== '');
    await supervisor.stop();
    expect([isAlive(child.pid), existsSync(supervisor.folder)]).toEqual([false, false]);
  });
});

test('the keeper learns of a child at its start and at its end', async () => {
  const told: string[] = [];
  const keeper = { watch: (group: number) => void told.push(`+${group}`), forget: (group: number) => void told.push(`-${group}`) };
  const child = launch({ name: 'child', command: process.execPath, args: ['-e', ''], folder: scratch, env: {}, keeper });
  expect(told).toEqual([`+${child.pid}`]);
  await child.exited;
  expect(told).toEqual([`+${child.pid}`, `-${child.pid}`]);
});

test('ten supervisors at once do not meet, and leave no signal handler behind', async () => {
  const before = process.listenerCount('SIGINT');
  const supervisors = await Promise.all(Array.from({ length: 10 }, opened));
  const children = supervisors.map((supervisor) => node(supervisor, "require('node:fs').writeFileSync('mine', String(process.pid)); " + STAYS));
  await until(() => children.every((child) => child.output() !== ''), 15_000);
  expect(new Set(supervisors.map(({ folder }) => folder)).size).toBe(10);
  supervisors.forEach(({ folder }, at) => expect(readFileSync(path.join(folder, 'mine'), 'utf8')).toBe(String(children[at]?.pid)));
  expect(process.listenerCount('SIGINT')).toBe(before + 1);

  await supervisors[0]?.stop();
  expect(children.map(({ pid }) => isAlive(pid))).toEqual([false, ...Array<boolean>(9).fill(true)]);
  await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
  expect(children.some(({ pid }) => isAlive(pid))).toBe(false);
  expect(process.listenerCount('SIGINT')).toBe(before);
}, 60_000);
