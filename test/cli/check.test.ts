import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Aspects, CfnResource, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { Finding } from '../../src/checks/finding';
import { RESPONSE_HEADER_ATTRIBUTES } from '../../src/ingress/response-headers';
import type { Summary } from '../../src/report/findings';
import { CommandLine } from '../support/command-line';
import { httpsListener } from '../support/load-balancing';
import { remoteCore } from '../support/remote-core';

const ROOT = path.resolve(__dirname, '../..');
const FIXTURE = path.join(__dirname, 'fixtures/short-forms.yaml');
let folder: string;
let commandLine: CommandLine;

interface Output {
  readonly findings: readonly Finding[];
  readonly acknowledged: readonly (Finding & { reason: string })[];
  readonly summary: Summary;
}

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'check-'));
  commandLine = new CommandLine(folder);
});

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function check(...args: string[]): Output & { code: number | null } {
  const { code, out } = commandLine.run('check', ...args, '--format', 'json');
  return { code, ...(JSON.parse(out) as Output) };
}

function file(name: string, content: unknown): string {
  const target = path.join(folder, name);
  fs.writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content));
  return target;
}

/** A template with a nested one. */
function nesting(TemplateURL: string): string {
  return file('outer.json', { Resources: { Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL } } } });
}

/** Synthesizes an app as `cdk synth` does, without or with construct paths in its templates. */
function assembly(name: string, build: (app: App) => void, context: Record<string, unknown> = {}): string {
  const outdir = path.join(folder, name);
  const app = new App({ outdir, context });
  build(app);
  app.synth();
  return outdir;
}

describe('check, on a YAML template with short forms', () => {
  test('finds what is wrong, at its place, in the documented shape', () => {
    const { code, findings } = check(FIXTURE);
    expect(code).toBe(1);
    expect(findings.map(({ rule, logicalId, path: at }) => `${rule} ${logicalId} ${at}`)).toEqual([
      'TLS-2.policy Listener Properties.SslPolicy',
      'NET-2.bounded-sources Group Properties.SecurityGroupIngress.0.CidrIp',
      'NET-5.workload-egress LoadBalancer Properties.SecurityGroups.0',
      'RTL-1.rate-limited LoadBalancer Properties',
      'INC-1.kill-switch LoadBalancer Properties',
      'MON-1.edge-errors LoadBalancer Properties',
      'RED-3.server-header Listener Properties.ListenerAttributes',
    ]);
    const [finding] = findings;
    expect(Object.keys(finding ?? {})).toEqual(['control', 'rule', 'severity', 'stack', 'logicalId', 'resourceType', 'path', 'message', 'remediation']);
    expect(finding).toMatchObject({ control: 'TLS-2', severity: 'error', stack: 'short-forms', resourceType: 'AWS::ElasticLoadBalancingV2::Listener' });
  });

  test('takes parameters from the command line', () => {
    const rules = check(FIXTURE, '--parameter', 'Policy=ELBSecurityPolicy-TLS13-1-3-2021-06').findings.map((finding) => finding.rule);
    expect(rules).not.toContain('TLS-2.policy');
    expect(commandLine.run('check', FIXTURE, '--parameter', 'Policy')).toMatchObject({ code: 2, err: '--parameter Policy is not of the form Name=Value.\n' });
  });

  test('names the parameters there are where one is not', () => {
    expect(commandLine.run('check', FIXTURE, '--parameter', 'Typo=1')).toMatchObject({ code: 2, err: '--parameter Typo: there is no such parameter, only Policy, Subnet.\n' });
    expect(commandLine.run('check', file('bare.yaml', { Resources: {} }), '--parameter', 'Typo=1')).toMatchObject({ code: 2, err: '--parameter Typo: there are no parameters.\n' });
  });

  test('says which entry of which template it cannot see into, and takes an answer in the template', () => {
    const loop = { 'Fn::ForEach::Topics': ['Name', ['A'], { '${Name}': { Type: 'AWS::SNS::Topic' } }] };
    const { out } = commandLine.run('check', file('loop.json', { Resources: loop }));
    expect(out).toContain('ERROR   engine.unreadable\n  loop/Fn::ForEach::Topics\n    Fn::ForEach::Topics is a loop that is not unrolled, so what it creates is not judged\n');
    expect(out).not.toContain('()');
    const Metadata = { 'cdk-secure-core:acknowledge': [{ id: 'SecureCore::engine.unreadable', reason: 'Only topics.' }] };
    expect(check(file('answered.json', { Metadata, Resources: loop }))).toMatchObject({ code: 0, findings: [], acknowledged: [{ reason: 'Only topics.', acknowledgedAt: 'answered' }] });
  });

  test('reads YAML that starts with a brace, and a key that two objects have', () => {
    expect(commandLine.run('check', file('flow.yaml', '{Resources: {A: {Type: AWS::CloudWatch::Dashboard}}}')).code).toBe(0);
    expect(commandLine.run('check', file('siblings.json', { Resources: { A: { Type: 'AWS::CloudWatch::Dashboard' }, B: { Type: 'AWS::CloudWatch::Dashboard' } } })).code).toBe(0);
  });

  test('shows what its metadata acknowledges, with the reason', () => {
    expect(check(FIXTURE).acknowledged).toMatchObject([{ rule: 'AUD-2.hot-retention', reason: 'A scratch log that nobody reads after a day.' }]);
  });

  test('prints no colours into a pipe, names every place once, and says what it did not look at', () => {
    const { out } = commandLine.run('check', FIXTURE);
    expect(out).not.toContain('\u001b[');
    expect(out).toContain('ERROR   TLS-2.policy\n  short-forms/Listener (AWS::ElasticLoadBalancingV2::Listener)\n    SslPolicy');
    expect(out).toContain('acknowledged AUD-2.hot-retention at Log: A scratch log');
    expect(out).toMatch(/0 fatal, 5 error, 2 warning, 1 acknowledged: \d+ rules over 4 resources\./);
  });
});

describe('check, on a cloud assembly', () => {
  test('finds nothing in a SecureCore and exits with 0', () => {
    const { code, findings } = check(assembly('clean', (app) => remoteCore(new Stack(app, 'RemoteCore'))));
    expect(findings).toEqual([]);
    expect(code).toBe(0);
  });

  test('sees stages and nested stacks, and honours what the app acknowledges, with or without paths in the templates', () => {
    for (const withPaths of [true, false]) {
      const { findings, acknowledged } = check(assembly(`stages-${withPaths}`, (app) => {
        const stack = new Stack(new Stage(app, 'Prod'), 'Logs');
        new CfnLogGroup(stack, 'Endless');
        const answered = new CfnLogGroup(stack, 'Answered');
        Validations.of(answered).acknowledge({ id: 'SecureCore::AUD-2.hot-retention', reason: 'Kept by another team.' });
        new CfnLogGroup(new NestedStack(stack, 'Inner'), 'Endless');
      }, { 'aws:cdk:enable-path-metadata': withPaths }));
      expect(acknowledged).toMatchObject([{ logicalId: 'Answered', reason: 'Kept by another team.', acknowledgedAt: 'Prod/Logs/Answered' }]);
      expect(findings.map((finding) => finding.rule)).toEqual(['AUD-2.hot-retention', 'AUD-2.hot-retention']);
      expect(new Set(findings.map((finding) => finding.stack)).size).toBe(2);
    }
  });

  test('honours what is acknowledged in nested stacks, with or without paths in the templates', () => {
    for (const withPaths of [true, false]) {
      const { findings, acknowledged } = check(assembly(`nested-${withPaths}`, (app) => {
        const outer = new NestedStack(new Stack(new Stage(app, 'Prod'), 'Logs'), 'Outer');
        const inner = new NestedStack(outer, 'Inner');
        // The same logical id in two templates: the paths must not be mixed up.
        new CfnLogGroup(outer, 'Endless');
        Validations.of(new CfnLogGroup(inner, 'Endless')).acknowledge({ id: 'SecureCore::AUD-2.hot-retention', reason: 'Kept by another team.' });
      }, { 'aws:cdk:enable-path-metadata': withPaths }));
      expect(acknowledged).toMatchObject([{ stack: 'Prod/Logs/Outer/Inner', acknowledgedAt: 'Prod/Logs/Outer/Inner/Endless' }]);
      expect(findings).toMatchObject([{ rule: 'AUD-2.hot-retention', constructPath: 'Prod/Logs/Outer/Endless' }]);
    }
  });

  test('exits with 0 where only warnings are left', () => {
    const out = assembly('warnings', (app) => httpsListener(new Stack(app, 'Edge'), {
      sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
      loadBalancerArn: 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/edge/0123456789abcdef',
      listenerAttributes: Object.entries(RESPONSE_HEADER_ATTRIBUTES).map(([key, value]) => ({ key, value })),
    }));
    const { code, findings } = check(out);
    expect(findings.map((finding) => finding.severity)).toEqual(['warning']);
    expect(code).toBe(0);
  });

  test('sees what an aspect or an override did last', () => {
    const { findings } = check(assembly('aspect', (app) => {
      httpsListener(new Stack(app, 'Edge'));
      Aspects.of(app).add({ visit: (node) => {
        if (CfnResource.isCfnResource(node) && node.cfnResourceType.endsWith('::Listener')) node.addPropertyDeletionOverride('SslPolicy');
      } });
    }));
    expect(findings.map((finding) => finding.rule)).toContain('TLS-2.policy');
  });

  test('writes where --out says, and nothing to the screen', () => {
    const target = path.join(folder, 'deep/er/report.json');
    expect(commandLine.run('check', FIXTURE, '--format', 'json', '--out', target)).toEqual({ code: 1, out: '', err: '' });
    expect((JSON.parse(fs.readFileSync(target, 'utf8')) as Output).findings).toHaveLength(7);
  });
});

describe('check, on what it cannot read', () => {
  test.each<[string, () => string[], RegExp]>([
    ['a file that is not there', () => ['nowhere.yaml'], /^nowhere\.yaml does not exist: name a CloudFormation template/],
    ['a folder without a manifest', () => [ROOT], /holds no manifest\.json/],
    ['an empty file', () => [file('empty.yaml', '')], /is not a CloudFormation template/],
    ['JSON that is cut off', () => [file('broken.json', '{\n"Resources": {')], /broken\.json cannot be read as a CloudFormation template: it is JSON that ends too early, in line 2$/m],
    ['JSON that is cut off in a text', () => [file('broken.template', '{"Resources": {"A": "B')], /it is JSON that ends too early, in line 1$/m],
    ['broken JSON', () => [file('wrong.json', '{"Resources": {"A" "hunter2"}}')], /: it is not valid JSON, in line 1$/m],
    ['JSON with a key twice', () => [file('twice.json', '{"Resources": {"A": {"Type": "x"}, "\\u0041": {"Type": "y"}}}')], /: its JSON has the key A twice in one object$/m],
    ['YAML of several documents', () => [file('two.yaml', 'Resources: {}\n---\nResources: {}\n')], /two\.yaml cannot be read as a CloudFormation template: it holds more than one document$/m],
    ['a broken nested template', () => { file('inner.json', '{'); return [nesting('inner.json')]; }, /inner\.json cannot be read as a CloudFormation template: it is JSON that ends too early/],
    ['a nested list', () => { file('inner-list.json', []); return [nesting('inner-list.json')]; }, /inner-list\.json is not a CloudFormation template: it holds no map/],
    ['broken YAML', () => [file('broken.yaml', 'Resources:\n  A: [1\n')], /cannot be read as a CloudFormation template: /],
    ['YAML that is no template', () => [file('other.yaml', 'name: x\n')], /has no Resources section/],
    ['a list', () => [file('list.json', [])], /is not a CloudFormation template/],
    ['an assembly without stacks', () => [assembly('no-stacks', () => undefined)], /holds no stacks/],
    ['a broken manifest', () => { fs.mkdirSync(path.join(folder, 'bad')); file('bad/manifest.json', '{'); return [path.join(folder, 'bad')]; }, /cannot be read as a cloud assembly/],
    ['an unknown format', () => [FIXTURE, '--format', 'xml'], /Allowed choices are text, json, sarif/],
    ['no location', () => [], /missing required argument/],
    ['an --out that is a folder', () => [FIXTURE, '--out', folder], /--out .* cannot be written/],
  ])('says one sentence about %s and exits with 2', (_, args, sentence) => {
    const { code, out, err } = commandLine.run('check', ...args());
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).not.toMatch(/CloudFormation template:.*CloudFormation template:/);
    expect(err).not.toContain('hunter2');
    expect(err).not.toMatch(/ at .*\.js:\d+/);
  });

  test('exits with 2 on an unknown command, and with 0 when asked for help', () => {
    expect(commandLine.run('chek').code).toBe(2);
    expect(commandLine.run('--help')).toMatchObject({ code: 0, err: '' });
    expect(commandLine.run('check', '--help').out).toContain('Exit code: 0 clean or warnings only');
  });
});
