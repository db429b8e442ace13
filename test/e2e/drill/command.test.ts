import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { App, Stack } from 'aws-cdk-lib';
import { buildSync } from 'esbuild';
import type { Evidence } from '../../../src/drill/evidence';
import { evidenceIn } from '../../support/evidence';
import { httpsListener } from '../../support/load-balancing';
import { remoteCore } from '../../support/remote-core';

const ROOT = path.resolve(__dirname, '../../..');
/** Nothing may be left after this. */
const SOON_MS = 5000;
jest.setTimeout(120_000);

let folder: string;
let program: string;
let good: string;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drill-command-'));
  program = path.join(folder, 'cdk-secure-core.js');
  buildSync({ entryPoints: [path.join(ROOT, 'src/cli/main.ts')], bundle: true, minify: true, platform: 'node', outfile: program });
  good = assembly('good');
});

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function assembly(name: string, build: (stack: Stack) => unknown = remoteCore): string {
  const outdir = path.join(folder, name);
  const app = new App({ outdir });
  build(new Stack(app, 'Remote'));
  app.synth();
  return outdir;
}

/** The same assembly with every occurrence of one text of its template replaced by another. */
function altered(name: string, from: string, to: string): string {
  const outdir = path.join(folder, name);
  fs.cpSync(good, outdir, { recursive: true });
  const file = templateOf(outdir);
  const text = fs.readFileSync(file, 'utf8');
  expect(text).toContain(from);
  fs.writeFileSync(file, text.replaceAll(from, to));
  return outdir;
}

function templateOf(outdir: string): string {
  return path.join(outdir, fs.readdirSync(outdir).find((name) => name.endsWith('.template.json')) ?? '');
}

/** A private place for temporary files, so that what a run leaves behind can be told. */
function environment(name: string): NodeJS.ProcessEnv {
  const TMPDIR = path.join(folder, `tmp-${name}`);
  fs.mkdirSync(TMPDIR, { recursive: true });
  return { PATH: process.env.PATH, HOME: process.env.HOME, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME, CDK_SECURE_CORE_CACHE: process.env.CDK_SECURE_CORE_CACHE, TMPDIR };
}

function run(...args: string[]): { code: number | null; out: string; err: string } {
  const result = spawnSync(process.execPath, [program, 'drill', ...args], { encoding: 'utf8', cwd: folder, env: environment('run') });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

/** Likewise, beside others. */
async function beside(name: string, ...args: string[]): Promise<{ code: number | null; out: string }> {
  const started = spawn(process.execPath, [program, 'drill', ...args], { cwd: folder, env: environment(name), stdio: ['ignore', 'pipe', 'ignore'] });
  let out = '';
  started.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const [code] = await once(started, 'close') as [number | null];
  return { code, out };
}

/** Processes whose environment or arguments name a folder of these tests. */
function leftovers(tmp: string): string[] {
  return fs.readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
    try {
      return `${fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')}${fs.readFileSync(`/proc/${pid}/environ`, 'utf8')}`.includes(tmp);
    } catch {
      return false;
    }
  });
}

describe('cdk-secure-core drill', () => {
  test('withstands everything with a safe assembly, and leaves evidence about these very templates', () => {
    const { code, out } = run(good);
    expect(out).toMatch(/✓ TLS-2\.old-versions/);
    expect(out).toMatch(/, 0 succeeded, 0 inconclusive;/);
    expect(code).toBe(0);
    const evidence = evidenceIn(good);
    expect(evidence?.attacks.length).toBeGreaterThan(10);
    expect(evidence?.engines).toEqual(['ministack 1.5.33', 'envoy 1.40.0', expect.stringMatching(/^(Redis|Valkey) \d/)]);
    expect(evidence?.readbacks.filter(({ verdict }) => verdict === 'same').length).toBeGreaterThan(50);
    expect(fs.readdirSync(path.join(folder, 'tmp-run'))).toEqual([]);
  });

  test('says what the attacker achieved, step by step, and fails, while another run of the same stack goes well', async () => {
    const outdir = altered('weak', 'ELBSecurityPolicy-TLS13-1-3-2021-06', 'ELBSecurityPolicy-2016-08');
    const [{ code, out }, other] = await Promise.all([beside('one', outdir, '--control', 'TLS-2'), beside('two', good, '--family', 'HDR')]);
    expect(other.code).toBe(0);
    expect(out).toMatch(/✗ TLS-2\.old-versions/);
    expect(out).toMatch(/tried .*\n.*expected /);
    expect(out).not.toMatch(/IDN-/);
    expect(code).toBe(1);
  });

  test('writes no evidence of a part, for a report would take it for the whole', () => {
    const outdir = assembly('part', httpsListener);
    const { code, err } = run(outdir, '--family', 'HDR');
    expect(code).toBe(0);
    expect(err).toContain('Only a part was tried, so no evidence is written.');
    expect(evidenceIn(outdir)).toBeUndefined();
  });

  test('repeats an attack with its protection taken away, and prints the evidence of the chosen control as JSON, and nothing else on standard output', () => {
    const { code, out } = run(good, '--control', 'IDN-3', '--prove', '--json');
    const { attacks, proofs } = JSON.parse(out) as Evidence;
    expect(new Set(attacks.map(({ control }) => control))).toEqual(new Set(['IDN-3']));
    expect(proofs.filter(({ verdict }) => verdict === 'succeeded').length).toBeGreaterThan(2);
    expect(proofs.filter(({ verdict }) => !['succeeded', 'not-applicable'].includes(verdict))).toEqual([]);
    expect(code).toBe(0);
  });

  test('says so where it replaces the proofs of an earlier run', () => {
    const outdir = assembly('proven', httpsListener);
    expect(run(outdir, '--prove').err).not.toContain('The proofs of an earlier run');
    expect(run(outdir).err).toContain('The proofs of an earlier run are not in this evidence: --prove makes new ones.');
  });

  test.each([
    [['no-such-folder'], /no-such-folder does not exist/],
    [['.'], /holds no manifest\.json/],
    [['good', '--control', 'TLS-99'], /--control TLS-99: there is no such control/],
    [['good', '--control', 'SUP-4'], /--control SUP-4 has no attack: \S.{20}/],
    [['good', '--control', 'CTR-1'], /No attack is known for CTR-1 yet; there are some for TLS-1/],
    [['good', '--family', 'IDN', '--control', 'TLS-2'], /--control TLS-2 is not in --family IDN: give one of the two/],
    [['good', '--family', 'XYZ'], /--family XYZ: there is no such family, only TLS, IDN/],
    [['good', '--parameter', 'Nope=1'], /--parameter Nope: there is no such parameter/],
  ])('refuses %j in one sentence', (args, sentence) => {
    const { code, err } = run(...args);
    expect(err).toMatch(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
  });

  test('stops at a property that it does not know, and names it', () => {
    const outdir = altered('unknown', '"SslPolicy"', '"SslPolicyOfTomorrow"');
    const { code, err } = run(outdir);
    expect(err).toMatch(/SslPolicyOfTomorrow/);
    expect(code).toBe(2);
  });

  test('tears everything down at Ctrl-C, and when it is killed', async () => {
    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      const env = environment(signal);
      const running = spawn(process.execPath, [program, 'drill', good, '--control', 'HDR-5', '--keep'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      running.stdout.resume();
      for await (const line of createInterface({ input: running.stderr })) if (line.startsWith('Kept until Ctrl-C')) break;
      expect(leftovers(env.TMPDIR ?? '').length).toBeGreaterThan(2);
      running.kill(signal);
      await once(running, 'exit');
      for (const deadline = Date.now() + SOON_MS; Date.now() < deadline && (leftovers(env.TMPDIR ?? '').length > 0 || fs.readdirSync(env.TMPDIR ?? '').length > 0);) await sleep(50);
      expect(leftovers(env.TMPDIR ?? '')).toEqual([]);
      expect(fs.readdirSync(env.TMPDIR ?? '')).toEqual([]);
    }
  });
});
