import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, CfnResource, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import type { Evidence } from '../../src/drill/evidence';
import { digestsOf, evidenceFileOf, readEvidence, writeEvidence } from '../../src/drill/evidence-file';
import { temporaryFolder } from '../support/checked-app';
import { attack, digest, evidence, proof, readback } from '../support/evidence';

/** Two stacks, one of them in a stage and with a nested one. */
function assembly(): string {
  const app = new App({ outdir: temporaryFolder() });
  new CfnResource(new Stack(app, 'Plain'), 'Topic', { type: 'AWS::SNS::Topic' });
  const outer = new Stack(new Stage(app, 'Prod'), 'Outer');
  new CfnResource(new NestedStack(outer, 'Inner'), 'Topic', { type: 'AWS::SNS::Topic' });
  app.synth();
  return app.outdir;
}

function whole(folder: string): Evidence {
  return evidence({
    templates: digestsOf(folder),
    attacks: [attack()],
    proofs: [proof()],
    readbacks: [readback({ place: { stack: 'Plain', logicalId: 'Topic', constructPath: 'Plain/Topic' } })],
    notEmulated: [{ place: { stack: 'Plain', logicalId: 'Topic' }, type: 'AWS::SNS::Topic', property: '', reason: 'no reason' }],
    noTarget: [{ attack: 'IDN-6.none', control: 'IDN-6', reason: 'no listener asks for certificates' }],
  });
}

describe('The digests of an assembly', () => {
  test('cover every template, of stages and nested stacks too, and follow their bytes', () => {
    const folder = assembly();
    const before = digestsOf(folder);
    expect(before.map(({ stack }) => stack).sort()).toEqual(['Plain', 'Prod/Outer', 'Prod/Outer/Inner']);
    for (const { file, sha256 } of before) {
      expect(fs.existsSync(path.join(folder, file))).toBe(true);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    }
    fs.appendFileSync(path.join(folder, 'Plain.template.json'), '\n');
    const changed = digestsOf(folder).filter(({ sha256 }, index) => sha256 !== before[index]?.sha256);
    expect(changed.map(({ stack }) => stack)).toEqual(['Plain']);
  });
});

describe('Evidence', () => {
  let folder: string;
  beforeAll(() => {
    folder = assembly();
  });

  test('comes back as it was written, and leaves no draft behind', () => {
    writeEvidence(folder, whole(folder));
    expect(readEvidence(folder)).toEqual(whole(folder));
    writeEvidence(folder, { ...whole(folder), attacks: [], proofs: [] });
    expect(readEvidence(folder)?.attacks).toEqual([]);
    expect(fs.readdirSync(path.join(folder, 'secure-core'))).toEqual(['evidence.json']);
  });

  test('is absent where nobody has drilled', () => {
    expect(readEvidence(assembly())).toBeUndefined();
  });

  test.each<[string, (found: Evidence['templates']) => Evidence['templates'], string]>([
    ['a changed template', (found) => found.map((entry) => (entry.stack === 'Prod/Outer/Inner' ? { ...entry, sha256: '0'.repeat(64) } : entry)), 'stack Prod/Outer/Inner (assembly-Prod/'],
    ['a template that drill has not met', (found) => found.filter(({ stack }) => stack !== 'Plain'), 'stack Plain (Plain.template.json) was not there when drill ran'],
    ['a template that is gone', (found) => [...found, digest({ stack: 'Gone', file: 'Gone.template.json' })], 'stack Gone (Gone.template.json), which drill attacked, is no longer there'],
  ])('is refused for %s', (_, templates, sentence) => {
    writeEvidence(folder, { ...whole(folder), templates: templates(digestsOf(folder)) });
    expect(() => readEvidence(folder)).toThrow(sentence);
    expect(() => readEvidence(folder)).toThrow(`Run \`cdk-secure-core drill ${folder}\` again.`);
  });

  test.each<[string, unknown, string]>([
    ['another version', { ...evidence(), version: 2 }, 'its version is not 1'],
    ['a list', [], 'its version is not 1'],
    ['a missing member', { ...evidence(), proofs: undefined }, 'must have property \'proofs\''],
    ['a member nobody knows', { ...evidence(), score: 100 }, 'must NOT have additional properties'],
    ['an unknown verdict', { ...evidence(), attacks: [{ ...attack(), verdict: 'passed' }] }, '/attacks/0/verdict'],
    ['an unknown control', { ...evidence(), attacks: [{ ...attack(), control: 'TLS-99' }] }, '/attacks/0/control'],
    ['an unknown class', { ...evidence(), attacks: [{ ...attack(), evidence: 'both' }] }, '/attacks/0/evidence'],
    ['a digest that is none', evidence({ templates: [digest({ sha256: 'abc' })] }), 'the digest of RemoteCore is no SHA-256'],
    ['no templates', evidence({ templates: [] }), 'it names no template'],
    ['an attack under another control', evidence({ attacks: [attack({ control: 'IDN-1' })] }), 'the attack TLS-2.old-versions is not one of IDN-1'],
    ['a proof without its attack', evidence({ proofs: [proof()] }), 'it proves the attack TLS-2.old-versions, which it does not hold'],
  ])('is refused for %s', (_, content, problem) => {
    fs.writeFileSync(evidenceFileOf(folder), JSON.stringify(content));
    expect(() => readEvidence(folder)).toThrow(problem);
    expect(() => readEvidence(folder)).toThrow(/^\S+evidence\.json is not evidence that this version understands: .+\. Run drill again\.$/);
  });

  test('is refused where it is cut off, without repeating what it holds', () => {
    fs.writeFileSync(evidenceFileOf(folder), '{"saw": "hunter2"');
    expect(() => readEvidence(folder)).toThrow(/cannot be read: it is not valid JSON\. Run drill again\.$/);
    expect(() => readEvidence(folder)).not.toThrow(/hunter2/);
  });
});
