import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { buildSync } from 'esbuild';
import { digestsOf, evidenceFileOf, writeEvidence } from '../../src/drill/evidence-file';
import type { Report } from '../../src/report/join';
import { temporaryFolder } from '../support/checked-app';
import { attack, evidence } from '../support/evidence';
import { remoteCore } from '../support/remote-core';
import { PROGRAMS, rowOf } from '../support/report';

const ROOT = path.resolve(__dirname, '../..');
let folder: string;
let program: string;

beforeAll(() => {
  folder = temporaryFolder();
  program = path.join(folder, 'cli/cdk-secure-core.js');
  buildSync({ entryPoints: [path.join(ROOT, 'src/cli/main.ts')], bundle: true, platform: 'node', outfile: program });
});

function run(...args: string[]): { code: number | null; out: string; err: string } {
  const result = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', cwd: folder, env: { PATH: process.env.PATH, CI: 'true' } });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

function assembly(): string {
  const app = new App({ outdir: temporaryFolder() });
  remoteCore(new Stack(app, 'RemoteCore'));
  app.synth();
  return app.outdir;
}

function data(of: string): Report {
  const out = path.join(folder, 'data.json');
  expect(run('report', of, '--format', 'json', '--out', out)).toMatchObject({ code: 0, err: '' });
  return JSON.parse(fs.readFileSync(out, 'utf8')) as Report;
}

describe('report', () => {
  test('writes one page into the assembly, the same every time, and says where and what in short', () => {
    const out = assembly();
    const file = path.join(out, 'secure-core/report.html');
    const said = run('report', out);
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out.trim().split('\n')).toEqual([
      `Wrote ${file}`,
      expect.stringMatching(/^Of 122 controls hold: 0 typed, \d+ checked, 0 attacked: real artefact, 0 attacked: template’s intent, 0 read back\.$/),
      'Broken: none. Open: none.',
      'The templates were not attacked: run `cdk-secure-core drill`.',
    ]);
    const first = fs.readFileSync(file, 'utf8');
    run('report', out);
    expect(fs.readFileSync(file, 'utf8')).toBe(first);
  });

  test('joins the evidence that drill left, and refuses it once a template has changed', () => {
    const out = assembly();
    writeEvidence(out, evidence({ templates: digestsOf(out), attacks: [attack()] }));
    expect(rowOf(data(out), 'TLS-2')).toMatchObject({ attackedTemplateIntent: { tone: 'good' }, attackedRealArtefact: { tone: 'none' } });
    fs.appendFileSync(path.join(out, 'RemoteCore.template.json'), '\n');
    expect(run('report', out)).toEqual({
      code: 2,
      out: '',
      err: `${evidenceFileOf(out)} proves nothing about these templates: stack RemoteCore (RemoteCore.template.json) has changed since drill ran. Run \`cdk-secure-core drill ${out}\` again.\n`,
    });
  });

  test('reads what the compiler refused beside its own bundle, and lacks it without a complaint', () => {
    const out = assembly();
    const record = path.join(folder, 'typed.json');
    expect(rowOf(data(out), 'TLS-2').typed).toMatchObject({ verdict: 'not-proven', says: 'not proven: no typed.json in this package' });
    fs.writeFileSync(record, JSON.stringify(PROGRAMS));
    // The sources have no jsii metadata, and a class that is merely called SecureCore is not taken for this library's.
    expect(rowOf(data(out), 'TLS-2').typed).toMatchObject({ verdict: 'not-used', programs: PROGRAMS.programs });
    const tree = path.join(out, 'tree.json');
    fs.writeFileSync(tree, fs.readFileSync(tree, 'utf8').replace(/("path":"RemoteCore\/Core","constructInfo":)\{[^}]*\}/, '$1{"fqn":"cdk-secure-core.SecureCore","version":"1.0.0"}'));
    expect(rowOf(data(out), 'TLS-2').typed).toMatchObject({ verdict: 'everywhere', tone: 'good' });
    fs.writeFileSync(record, '{"version": 1}');
    expect(rowOf(data(out), 'TLS-2').typed.verdict).toBe('not-proven');
    fs.rmSync(record);
  });

  test.each<[string, () => string, RegExp]>([
    ['a template file', () => path.join(ROOT, 'test/cli/fixtures/short-forms.yaml'), /is a file: a report is about the folder that cdk synth writes/],
    ['a folder without a manifest', () => ROOT, /holds no manifest\.json/],
    ['malformed evidence', () => { const out = assembly(); fs.mkdirSync(path.dirname(evidenceFileOf(out))); fs.writeFileSync(evidenceFileOf(out), '{}'); return out; }, /its version is not 1\. Run drill again\.$/m],
  ])('says one sentence about %s and exits with 2', (_, location, sentence) => {
    const { code, out, err } = run('report', location());
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});

test('check --format sarif exits as check does', () => {
  const { code, out } = run('check', path.join(ROOT, 'test/cli/fixtures/short-forms.yaml'), '--format', 'sarif');
  expect(code).toBe(1);
  expect((JSON.parse(out) as { version: string; runs: { results: unknown[] }[] })).toMatchObject({ version: '2.1.0', runs: [{ results: { length: 4 } }] });
});
