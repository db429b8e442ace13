import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { bundleRuntime } from '../../../tools/bundle-runtime';
import { ROOT } from '../../support/examples';

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Processes that still had this run's folder for temporary files in their environment once it had ended. */
  readonly survivors: readonly string[];
  /** What it left in that folder. */
  readonly files: readonly string[];
}

const COMMAND = [path.join(ROOT, 'node_modules/tsx/dist/cli.mjs'), 'tools/gate.ts'];
const around = (folder: string) => ({ cwd: ROOT, env: { ...process.env, NODE_ENV: 'production', CDK_VALIDATION: 'true', CI: 'true', TMPDIR: folder } });

const folders: string[] = [];
function newFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'try-'));
  folders.push(folder);
  return folder;
}
afterAll(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })));

/** What `npm run gate` does, once the gate is bundled. */
function runGate(...options: string[]): Run {
  const folder = newFolder();
  const { status, stdout, stderr } = spawnSync(process.execPath, [...COMMAND, ...options], { ...around(folder), encoding: 'utf8' });
  return { status, stdout, stderr, survivors: processesOf(folder), files: filesOf(folder) };
}

function filesOf(folder: string): string[] {
  return fs.readdirSync(folder).filter((name) => name.startsWith('cdk-secure-core-'));
}

function processesOf(folder: string): string[] {
  return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((id) => {
    try {
      return fs.readFileSync(`/proc/${id}/environ`, 'utf8').includes(folder) ? [fs.readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ')] : [];
    } catch {
      // It has ended, or is somebody else's.
      return [];
    }
  });
}

/** The titles with what was answered, and the command that was run. */
function outcomesOf({ stdout }: Run): { readonly title: string; readonly verdict: string; readonly command: string; readonly body: string }[] {
  return [...stdout.matchAll(/^(.+) → (.+)\n {2}(curl .+)\n {2}(.+)/gm)].map(([, title = '', verdict = '', command = '', body = '']) => ({ title, verdict, command, body }));
}

beforeAll(() => bundleRuntime());

describe('npm run gate', () => {
  const run: { at?: Run } = {};
  const done = (): Run => {
    if (run.at === undefined) throw new Error('It has not been run.');
    return run.at;
  };
  beforeAll(() => {
    run.at = runGate('--once');
  }, 120_000);

  test('ends well, says what it does, and complains of nothing', () => {
    expect(done()).toMatchObject({ status: 0, stderr: '' });
    for (const said of ['Synthesizing a SecureCore', 'emulated DynamoDB', 'Redis with TLS', 'Made an API key']) expect(done().stdout).toContain(said);
  });

  test('lets one request in, which is streamed to the end, and tells the Core who called', () => {
    const [works] = outcomesOf(done());
    expect(works).toMatchObject({ verdict: '200', command: expect.stringContaining('-N https://127.0.0.1:') as string });
    expect(works?.body).toMatch(/^data: .*"delta":\{"role":"assistant","content":"Hello "\}/);
    expect(done().stdout).toContain('… 7 more lines');
  });

  test.each([
    ['No credential', '401', 'unauthenticated'],
    ['A key without the scope that the route asks for', '403', 'forbidden'],
    ['A path that two programs could read differently', '400', 'bad_request'],
  ])('is refused: %s → %s', (title, verdict, code) => {
    const outcome = outcomesOf(done()).find((each) => each.title === title);
    expect(outcome?.verdict).toBe(verdict);
    expect(JSON.parse(outcome?.body ?? '')).toMatchObject({ error: { code, request_id: expect.any(String) as string } });
  });

  test('shows no more than these, says why certificates are not verified, and keeps the key out of the commands', () => {
    expect(outcomesOf(done())).toHaveLength(4);
    expect(done().stdout).toContain('-k: the gate makes key and certificate in its memory');
    const [, key = ''] = /export KEY=(ctx_[\w-]{43})$/m.exec(done().stdout) ?? [];
    expect(key).not.toBe('');
    expect(done().stdout.split(key)).toHaveLength(2);
    expect(done().stdout).not.toContain('\u001b[');
  });

  test('leaves no process and no file behind', () => {
    expect(done().survivors).toEqual([]);
    expect(done().files).toEqual([]);
  });
});

test('the gate can be tried behind its edge, whose certificate is verified, and which knows the exact routes alone', () => {
  const run = runGate('--once', '--edge');
  expect(run).toMatchObject({ status: 0, stderr: '', survivors: [], files: [] });
  expect(outcomesOf(run).map(({ verdict }) => verdict)).toEqual(['200', '401', '403', '404']);
  for (const { command } of outcomesOf(run)) {
    expect(command).toContain('--cacert');
    expect(command).not.toContain(' -k ');
  }
}, 120_000);

test('without --once everything stays up, the printed command works from another shell, and Ctrl-C ends it all', async () => {
  const folder = newFolder();
  const running = spawn(process.execPath, [...COMMAND], { ...around(folder), stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(running, 'exit');
  let said = '';
  await new Promise<void>((resolve, reject) => {
    running.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('until Ctrl-C')) resolve();
    });
    running.once('exit', () => reject(new Error(`It ended: ${said}`)));
  });
  const [, key = ''] = /export KEY=(\S+)/.exec(said) ?? [];
  const [, command = ''] = /→ 200\n {2}(curl .+)/.exec(said) ?? [];
  expect(spawnSync('sh', ['-c', command], { encoding: 'utf8', env: { PATH: process.env.PATH, KEY: key } }).stdout).toContain('data: [DONE]');
  expect(processesOf(folder).length).toBeGreaterThan(3);
  running.kill('SIGINT');
  expect(await ended).toEqual([130, null]);
  expect([processesOf(folder), filesOf(folder)]).toEqual([[], []]);
}, 120_000);

test('an option that does not exist is refused with what there is', () => {
  const run = runGate('--twice');
  expect(run).toMatchObject({ status: 2, stdout: '' });
  expect(run.stderr).toContain('--once');
});
