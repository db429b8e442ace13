import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { CfnListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { report, reportOn } from '../../src/cli/report';
import { evidenceFileOf, writeEvidence } from '../../src/drill/evidence-file';
import type { Report } from '../../src/report/join';
import { temporaryFolder } from '../support/checked-app';
import { CommandLine } from '../support/command-line';
import { attack, digestsIn, whole } from '../support/evidence';
import { remoteCore } from '../support/remote-core';
import { PROGRAMS, rowOf } from '../support/report';

const ROOT = path.resolve(__dirname, '../..');
const ATTACK = attack({ target: { stack: 'RemoteCore', logicalId: 'CoreIngressLoadBalancerHttps' } });
let folder: string;
let commandLine: CommandLine;
let core: string;

beforeAll(() => {
  folder = temporaryFolder();
  commandLine = new CommandLine(folder);
  core = assembly((stack) => remoteCore(stack));
});

function assembly(build: (stack: Stack) => void): string {
  const app = new App({ outdir: temporaryFolder() });
  build(new Stack(app, 'RemoteCore'));
  app.synth();
  return app.outdir;
}

/** A copy that a test may alter. */
function copyOfCore(): string {
  const copy = temporaryFolder();
  fs.cpSync(core, copy, { recursive: true });
  return copy;
}

function data(of: string): Report {
  const out = path.join(folder, 'data.json');
  expect(commandLine.run('report', of, '--format', 'json', '--out', out)).toMatchObject({ code: 0, err: '' });
  return JSON.parse(fs.readFileSync(out, 'utf8')) as Report;
}

describe('report', () => {
  test('writes one page into the assembly, the same every time, and says where and what in short', () => {
    const file = path.join(core, 'secure-core/report.html');
    const said = commandLine.run('report', core);
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out.trim().split('\n')).toEqual([
      `Wrote ${file}`,
      expect.stringMatching(/^Of 122 controls hold: 0 typed, \d+ checked, 0 attacked: real artefact, 0 attacked: template’s intent, 0 read back\.$/),
      'Broken: none. Open: none.',
      'The templates were not attacked: run `cdk-secure-core drill`.',
    ]);
    const first = fs.readFileSync(file, 'utf8');
    report(core, { format: 'html', parameter: [] }, () => undefined);
    // In this process there is no typed.json either, and the bundle knows nothing that the sources do not.
    expect(fs.readFileSync(file, 'utf8')).toBe(first);
  });

  test('joins the evidence that drill left, and refuses it once a template has changed', () => {
    const out = copyOfCore();
    writeEvidence(out, whole({ templates: digestsIn(out), attacks: [ATTACK, attack({ ...ATTACK, attack: 'TLS-2.ciphers' })] }));
    expect(rowOf(reportOn(out), 'TLS-2')).toMatchObject({ attackedTemplateIntent: { tone: 'good' }, attackedRealArtefact: { tone: 'none' } });
    fs.appendFileSync(path.join(out, 'RemoteCore.template.json'), '\n');
    expect(commandLine.run('report', out)).toEqual({
      code: 2,
      out: '',
      err: `${evidenceFileOf(out)} proves nothing about these templates: stack RemoteCore (RemoteCore.template.json) has changed since drill ran. Run \`cdk-secure-core drill ${out}\` again.\n`,
    });
  });

  test('calls nothing withstood where the evidence leaves out an attack of the same control', () => {
    const out = copyOfCore();
    const { noTarget, ...evidence } = whole({ templates: digestsIn(out), attacks: [ATTACK] });
    writeEvidence(out, { ...evidence, noTarget: noTarget.filter((entry) => entry.attack !== 'TLS-2.ciphers') });
    expect(rowOf(reportOn(out), 'TLS-2').attackedTemplateIntent).toMatchObject({ tone: 'open', says: '1 of 2 attacks missing in the evidence: drill again' });
  });

  test('reads what the compiler refused beside its own bundle, and lacks it without a complaint', () => {
    const out = copyOfCore();
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
    ['malformed evidence', () => { const out = copyOfCore(); fs.mkdirSync(path.dirname(evidenceFileOf(out)), { recursive: true }); fs.writeFileSync(evidenceFileOf(out), '{}'); return out; }, /its version is not 1\. Run drill again\.$/m],
  ])('says one sentence about %s and exits with 2', (_, location, sentence) => {
    const { code, out, err } = commandLine.run('report', location());
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});

describe('A report on templates with parameters', () => {
  let parametrized: string;
  beforeAll(() => {
    parametrized = assembly((stack) => {
      const policy = new CfnParameter(stack, 'Policy', { default: 'ELBSecurityPolicy-TLS13-1-3-2021-06' });
      new CfnParameter(stack, 'Password', { noEcho: true });
      new CfnListener(stack, 'Listener', { loadBalancerArn: 'arn:elsewhere', protocol: 'TLS', port: 443, sslPolicy: policy.valueAsString, defaultActions: [] });
    });
  });
  const OLD = 'ELBSecurityPolicy-2016-08';

  test('judges with what it is given, and keeps no secret', () => {
    expect(rowOf(reportOn(parametrized), 'TLS-2').checked.verdict).toBe('passed');
    const given = reportOn(parametrized, [`Policy=${OLD}`, 'Password=hunter2']);
    expect(rowOf(given, 'TLS-2').checked.verdict).toBe('failed');
    expect(given.parameters).toEqual([{ name: 'Policy', value: OLD }, { name: 'Password' }]);
    expect(JSON.stringify(given)).not.toContain('hunter2');
  });

  test('judges with what drill deployed with, and refuses anything else: one page speaks of one deployment', () => {
    const drilled = temporaryFolder();
    fs.cpSync(parametrized, drilled, { recursive: true });
    writeEvidence(drilled, whole({ templates: digestsIn(drilled), parameters: [{ name: 'Policy', value: OLD }] }));
    expect(rowOf(reportOn(drilled), 'TLS-2').checked.verdict).toBe('failed');
    expect(rowOf(reportOn(drilled, [`Policy=${OLD}`]), 'TLS-2').checked.verdict).toBe('failed');
    expect(() => reportOn(drilled, ['Policy=ELBSecurityPolicy-TLS13-1-3-2021-06'])).toThrow('--parameter Policy: drill ran with another value. Run drill again with this one, or leave it out.');
    expect(() => reportOn(drilled, ['Password=hunter2'])).toThrow('--parameter Password: drill ran without it. Run drill again with it, or leave it out.');
    expect(commandLine.run('report', drilled, '--parameter', 'Nothing=1')).toMatchObject({
      code: 2,
      err: '--parameter Nothing: there is no such parameter, only BootstrapVersion, Password, Policy.\n',
    });
  });

  test('takes a secret that the evidence has not kept', () => {
    const drilled = temporaryFolder();
    fs.cpSync(parametrized, drilled, { recursive: true });
    writeEvidence(drilled, whole({ templates: digestsIn(drilled), parameters: [{ name: 'Password' }] }));
    expect(reportOn(drilled, ['Password=hunter2']).parameters).toEqual([{ name: 'Password' }]);
  });
});

test('check --format sarif exits as check does', () => {
  const check = (format: string): unknown => {
    const { code, out } = commandLine.run('check', path.join(ROOT, 'test/cli/fixtures/short-forms.yaml'), '--format', format);
    expect(code).toBe(1);
    return JSON.parse(out);
  };
  const { findings, acknowledged } = check('json') as { findings: unknown[]; acknowledged: unknown[] };
  expect(findings.length).toBeGreaterThan(1);
  expect(check('sarif')).toMatchObject({ version: '2.1.0', runs: [{ results: { length: findings.length + acknowledged.length } }] });
});
