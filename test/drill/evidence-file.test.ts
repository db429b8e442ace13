import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, CfnResource, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import type { Evidence } from '../../src/drill/evidence';
import { EvidenceError, evidenceFileOf, writeEvidence } from '../../src/drill/evidence-file';
import { temporaryFolder } from '../support/checked-app';
import { attack, digest, digestsIn, evidence, evidenceIn, proof, readback } from '../support/evidence';

/** Two stacks, one of them in a stage and with a nested one. */
function assembly(): string {
  const app = new App({ outdir: temporaryFolder() });
  new CfnResource(new Stack(app, 'Plain'), 'Topic', { type: 'AWS::SNS::Topic' });
  const outer = new Stack(new Stage(app, 'Prod'), 'Outer');
  new CfnResource(new NestedStack(outer, 'Inner'), 'Topic', { type: 'AWS::SNS::Topic' });
  app.synth();
  return app.outdir;
}

const ELSEWHERE = { stack: 'Elsewhere', logicalId: 'Listener' };
const NESTED = { stack: 'Prod/Outer', logicalId: 'Topic' };

function whole(folder: string): Evidence {
  return evidence({
    templates: digestsIn(folder),
    attacks: [attack({ target: NESTED })],
    proofs: [proof()],
    parameters: [{ name: 'Port', value: '443' }, { name: 'Secret' }],
    readbacks: [readback({ place: { ...NESTED, constructPath: 'Prod/Outer/Topic' } })],
    notEmulated: [{ place: { stack: 'Plain', logicalId: 'Topic' }, type: 'AWS::SNS::Topic', property: '', reason: 'no reason' }],
    noTarget: [{ attack: 'IDN-6.none', control: 'IDN-6', reason: 'no listener asks for certificates' }],
  });
}

describe('The digests of an assembly', () => {
  test('cover every template, of stages and nested stacks too, and follow their bytes', () => {
    const folder = assembly();
    const before = digestsIn(folder);
    expect(before.map(({ stack }) => stack).sort()).toEqual(['Plain', 'Prod/Outer', 'Prod/Outer/Inner']);
    for (const { file, sha256 } of before) {
      expect(fs.existsSync(path.join(folder, file))).toBe(true);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    }
    fs.appendFileSync(path.join(folder, 'Plain.template.json'), '\n');
    const changed = digestsIn(folder).filter(({ sha256 }, index) => sha256 !== before[index]?.sha256);
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
    expect(evidenceIn(folder)).toEqual(whole(folder));
    writeEvidence(folder, { ...whole(folder), attacks: [], proofs: [] });
    expect(evidenceIn(folder)?.attacks).toEqual([]);
    expect(fs.readdirSync(path.join(folder, 'secure-core'))).toEqual(['evidence.json']);
  });

  test('is absent where nobody has drilled', () => {
    expect(evidenceIn(assembly())).toBeUndefined();
  });

  test.each<[string, (found: Evidence['templates']) => Evidence['templates'], string]>([
    ['a changed template', (found) => found.map((entry) => (entry.stack === 'Prod/Outer/Inner' ? { ...entry, sha256: '0'.repeat(64) } : entry)), 'stack Prod/Outer/Inner (assembly-Prod/'],
    ['a template that drill has not met', (found) => found.filter(({ stack }) => stack !== 'Plain'), 'stack Plain (Plain.template.json) was not there when drill ran'],
    ['a template that is gone', (found) => [...found, digest({ stack: 'Gone', file: 'Gone.template.json' })], 'stack Gone (Gone.template.json), which drill attacked, is no longer there'],
  ])('is refused for %s', (_, templates, sentence) => {
    writeEvidence(folder, { ...whole(folder), templates: templates(digestsIn(folder)) });
    expect(() => evidenceIn(folder)).toThrow(sentence);
    expect(() => evidenceIn(folder)).toThrow(`Run \`cdk-secure-core drill ${folder}\` again.`);
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
    ['an attack on a foreign template', evidence({ attacks: [attack({ target: ELSEWHERE })] }), 'it speaks of Elsewhere/Listener, and no template of it is called Elsewhere'],
    ['what was read back of a foreign template', evidence({ readbacks: [readback({ place: ELSEWHERE })] }), 'no template of it is called Elsewhere'],
    ['an attack both carried out and without a target', evidence({ attacks: [attack()], noTarget: [{ attack: 'TLS-2.old-versions', control: 'TLS-2', reason: '' }] }), 'which it says has no target'],
    ['parameters without names', { ...evidence(), parameters: [{ value: '443' }] }, '/parameters/0 must have property \'name\''],
  ])('is refused for %s', (_, content, problem) => {
    fs.writeFileSync(evidenceFileOf(folder), JSON.stringify(content));
    expect(() => evidenceIn(folder)).toThrow(problem);
    expect(() => evidenceIn(folder)).toThrow(/^\S+evidence\.json is not evidence that this version understands: .+\. Run drill again\.$/);
  });

  test('says in one sentence that it cannot be written', () => {
    const closed = assembly();
    fs.writeFileSync(path.join(closed, 'secure-core'), 'a file where the folder should be');
    expect(() => writeEvidence(closed, whole(closed))).toThrow(EvidenceError);
    expect(() => writeEvidence(closed, whole(closed))).toThrow(/^\S+evidence\.json cannot be written: /);
  });

  test('is refused where it is cut off, without repeating what it holds', () => {
    fs.writeFileSync(evidenceFileOf(folder), '{"saw": "hunter2"');
    expect(() => evidenceIn(folder)).toThrow(/cannot be read: it is not valid JSON\. Run drill again\.$/);
    expect(() => evidenceIn(folder)).not.toThrow(/hunter2/);
  });
});
