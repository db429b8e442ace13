import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { Acknowledgements } from '../../src/checks/acknowledgements';
import { judge } from '../../src/checks/judge';
import { RULES } from '../../src/checks/rules';
import type { Json, Template } from '../../src/checks/template/template';
import { loadTemplate } from '../../src/checks/template/load';
import { TemplateLines } from '../../src/cli/template-lines';
import { parseTemplateText } from '../../src/cli/text';
import { CONTROLS } from '../../src/controls';
import { toSarif } from '../../src/report/sarif';
import { temporaryFolder } from '../support/checked-app';
import { template } from '../support/templates';

interface Rule {
  readonly id: string;
  readonly help: { readonly text: string };
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Log {
  readonly runs: readonly [{
    readonly artifacts: readonly { readonly location: { readonly uri: string; readonly uriBaseId?: string } }[];
    readonly tool: { readonly driver: { readonly name: string; readonly version: string; readonly rules: readonly Rule[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly [{
        readonly physicalLocation?: { readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string; readonly index: number }; readonly region: { readonly startLine: number } };
        readonly logicalLocations: readonly [{ readonly fullyQualifiedName: string }];
      }];
      readonly partialFingerprints: Readonly<Record<string, string>>;
      readonly suppressions?: readonly { readonly kind: string; readonly justification: string }[];
    }[];
  }];
}

/** The schema is of draft 4, of which it uses nothing that later drafts have changed but the name of its own id. */
const { id, ...schema } = JSON.parse(fs.readFileSync(require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8')) as Record<string, unknown>;
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats(ajv);
const validate = ajv.compile({ ...schema, $schema: undefined, $id: String(id) });

function sarif(templates: readonly Template[], acknowledgements = new Acknowledgements()): Log {
  const lines = new TemplateLines(templates);
  const log = JSON.parse(toSarif(judge(templates, { acknowledgements }), { version: '1.2.3', locate: (finding) => lines.locate(finding) })) as Log;
  validate(log);
  expect(validate.errors ?? []).toEqual([]);
  return log;
}

function listener(SslPolicy: Json, Metadata: Record<string, Json> = {}): Json {
  return { Type: 'AWS::ElasticLoadBalancingV2::Listener', Metadata, Properties: { LoadBalancerArn: 'arn:elsewhere', Protocol: 'TLS', Port: 443, SslPolicy, DefaultActions: [] } };
}

const FIXTURE = 'test/cli/fixtures/short-forms.yaml';
const OLD = 'ELBSecurityPolicy-2016-08';

describe('SARIF', () => {
  test('the schema refuses what is no log, so that its consent means something', () => {
    expect(validate({ version: '2.1.0', runs: [{ results: [] }] })).toBe(false);
    expect(validate({ version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, results: [{ message: { text: 'x' }, level: 'fatal' }] }] })).toBe(false);
  });

  test('points at the line of the property in the file, and lists what was acknowledged as suppressed', () => {
    const [{ results }] = sarif([loadTemplate(FIXTURE, 'short-forms', { parse: parseTemplateText })]).runs;
    const text = fs.readFileSync(FIXTURE, 'utf8').split('\n');
    const found = results.map(({ ruleId, level, locations: [{ physicalLocation }] }) => ({
      ruleId, level, uri: physicalLocation?.artifactLocation.uri, line: text[(physicalLocation?.region.startLine ?? 0) - 1]?.trim(),
    }));
    expect(found).toContainEqual({ ruleId: 'TLS-2.policy', level: 'error', uri: FIXTURE, line: expect.stringContaining('SslPolicy:') as string });
    expect(found).toContainEqual({ ruleId: 'NET-2.bounded-sources', level: 'error', uri: FIXTURE, line: expect.stringContaining('CidrIp:') as string });
    expect(results.filter(({ suppressions }) => suppressions)).toMatchObject([
      { ruleId: 'AUD-2.hot-retention', suppressions: [{ kind: 'inSource', justification: 'A scratch log that nobody reads after a day.' }] },
    ]);
  });

  test('names files below the folder that code hosts check out, and none outside of it', () => {
    const outside = path.join(temporaryFolder(), 'outside.yaml');
    fs.copyFileSync(FIXTURE, outside);
    const [{ artifacts, results }] = sarif([FIXTURE, outside].map((file) => loadTemplate(file, path.basename(file), { parse: parseTemplateText }))).runs;
    expect(artifacts.map(({ location }) => location)).toEqual([{ uri: FIXTURE, uriBaseId: '%SRCROOT%' }, { uri: pathToFileURL(outside).href }]);
    const places = results.flatMap(({ locations: [{ physicalLocation }] }) => physicalLocation?.artifactLocation ?? []);
    expect(places).toHaveLength(results.length);
    for (const place of places) expect(place).toEqual({ ...artifacts[place.index]?.location, index: place.index });
  });

  test('ranks every rule as the checklist does, in the bands that code hosts know', () => {
    const [{ tool: { driver } }] = sarif([template({ 'A': listener({ 'Fn::ImportValue': 'Policy' }), 'Fn::ForEach::Topics': [] })]).runs;
    const bandOf = (score: unknown): string => (Number(score) >= 9 ? 'critical' : Number(score) >= 7 ? 'high' : Number(score) >= 4 ? 'medium' : 'low');
    for (const { control, id: rule } of RULES) expect(bandOf(driver.rules.find((described) => described.id === rule)?.properties['security-severity'])).toBe(CONTROLS[control].severity);
    expect(driver.rules.map(({ properties }) => Number(properties['security-severity']) > 0)).not.toContain(false);
  });

  test('describes every rule, with its help, and what the engine says by itself', () => {
    const [{ tool: { driver }, results }] = sarif([template({ 'A': listener({ 'Fn::ImportValue': 'Policy' }), 'Fn::ForEach::Topics': [] })]).runs;
    expect(driver).toMatchObject({ name: 'cdk-secure-core', version: '1.2.3' });
    expect(driver.rules.map((rule) => rule.id)).toEqual([...RULES.map((rule) => rule.id), 'engine.unreadable', 'TLS-2.policy[undecidable]']);
    expect(driver.rules.every(({ help }) => help.text.length > 10)).toBe(true);
    for (const { ruleId, ruleIndex } of results) expect(driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  test('tells an app\'s acknowledgement from a template\'s', () => {
    const acknowledgements = new Acknowledgements();
    acknowledgements.add('Stack/A', 'SecureCore::TLS-2.policy', 'An old client.');
    const [{ results }] = sarif([template({ A: listener(OLD, { 'aws:cdk:path': 'Stack/A' }) })], acknowledgements).runs;
    expect(results).toMatchObject([{ suppressions: [{ kind: 'external', justification: 'An old client.' }] }]);
    expect(results).toMatchObject([{ locations: [{ logicalLocations: [{ fullyQualifiedName: 'Stack/A#Properties.SslPolicy' }] }] }]);
    expect(results[0]?.locations[0].physicalLocation).toBeUndefined();
  });

  test('warns where the pack warns', () => {
    const [{ results }] = sarif([template({ A: listener('ELBSecurityPolicy-TLS13-1-2-Res-2021-06') })]).runs;
    expect(results.map(({ level }) => level)).toEqual(['warning']);
  });

  test('recognises a finding again whatever its words and wherever its line, and tells two apart', () => {
    const prints = (resources: Record<string, Json>): string[] => sarif([template(resources)]).runs[0].results.map(({ partialFingerprints }) => partialFingerprints['cdkSecureCore/v1'] ?? '');
    const [print, ...rest] = prints({ A: listener(OLD) });
    expect(rest).toEqual([]);
    expect(prints({ Z: { Type: 'AWS::CloudWatch::Dashboard' }, A: listener('ELBSecurityPolicy-TLS-1-1-2017-01') })).toEqual([print]);
    expect(new Set(prints({ A: listener(OLD), B: listener(OLD) })).size).toBe(2);
  });
});
