import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ROOT, SAFE_EXAMPLES, synthesize, synthesized } from '../support/examples';

let folder: string;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'examples-'));
});

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function templatesIn(outdir: string): string[] {
  return fs.readdirSync(outdir, { recursive: true }).map(String).filter((name) => name.endsWith('.template.json')).map((name) => path.join(outdir, name));
}

describe.each(SAFE_EXAMPLES)('examples/%s', (example) => {
  test('synthesizes with the CDK\'s own validation on and fatal, and with the pack', () => {
    expect(() => synthesized(example)).not.toThrow();
    const { context } = JSON.parse(fs.readFileSync(path.join(ROOT, 'examples', example, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };
    expect(context['@aws-cdk/core:validateAgainstDefaultRules']).toBe(true);
    expect(fs.readFileSync(path.join(ROOT, 'examples', example, 'app.ts'), 'utf8')).toContain('new SecureCoreChecks(app)');
  }, 120_000);

  test('synthesizes the same templates a second time, to the byte', () => {
    const again = path.join(folder, example);
    synthesize(example, again, { validates: false });
    const first = templatesIn(synthesized(example));
    expect(first.length).toBeGreaterThan(0);
    for (const template of first) {
      expect(fs.readFileSync(path.join(again, path.relative(synthesized(example), template))).equals(fs.readFileSync(template))).toBe(true);
    }
  }, 120_000);

  test('has no error and no warning for cfn-lint', () => {
    // The CDK writes for each of its functions an order that a reference gives already, which is all that W3005 is about.
    const lint = ['--ignore-checks', 'W3005', '--template', ...templatesIn(synthesized(example))];
    const { status, stdout, stderr } = spawnSync(path.join(ROOT, '.venv/bin/cfn-lint'), lint, { encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
    expect(status).toBe(0);
  }, 120_000);

  test('says in its README how to run it', () => {
    expect(fs.readFileSync(path.join(ROOT, 'examples', example, 'README.md'), 'utf8')).toContain('npx cdk synth');
  });
});

describe('What the examples are held to', () => {
  test('does fail an app that a construct holds an error against', () => {
    expect(() => synthesize(path.join(__dirname, 'fixtures', 'annotated'), path.join(folder, 'annotated'))).toThrow(/Annotated\/Log: "has nobody who reads it/);
  }, 120_000);

  test.each(['invalid-template', 'finding'])('does fail an app with an %s', (fixture) => {
    expect(() => synthesize(path.join(__dirname, 'fixtures', fixture), path.join(folder, fixture))).toThrow(/Validation failed/);
  }, 120_000);
});

describe('examples/unsafe', () => {
  test('synthesizes, since nothing but the pack objects to it', () => {
    expect(() => synthesize('unsafe', path.join(folder, 'unsafe'))).not.toThrow();
  }, 120_000);
});
