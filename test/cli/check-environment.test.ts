import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Finding } from '../../src/checks/finding';
import { check, type CheckOptions } from '../../src/cli/check';
import { checkEnvironment } from '../../src/cli/check-environment';
import { NO_COLORS } from '../../src/cli/colors';
import { CONTROLS } from '../../src/controls';
import { type ChecklistName, CHECKLISTS } from '../../src/profiles/checklists';
import { variablesOf } from '../../src/profiles/variables';
import type { Variable } from '../../src/profiles/variables/variable';
import type { Summary } from '../../src/report/findings';
import { CommandLine } from '../support/command-line';

interface Output {
  readonly findings: readonly Finding[];
  readonly acknowledged: readonly unknown[];
  readonly summary: Summary;
}

const PROFILES: readonly ChecklistName[] = ['cortex', 'tgefd', 'nodetool', 'tom'];

/** No template knows them, and a file has to. */
const SECRETS: Readonly<Record<string, string>> = {
  INTERNAL_VLLM_API_KEY: '0123456789abcdef'.repeat(4), SUPABASE_KEY: 'canary-service-key-of-supabase', POSTGRES_PASSWORD: 'canary-password-of-the-database',
  TOM_CORE_API_KEYS: '["canary-key-of-some-length:alice", "canary-key-of-more-length:bob"]', TOM_CORE_WORKER_HMAC_SECRET: 'canary-secret-of-the-workers-0123456789',
};
/** Told though they are not required by themselves. */
const BESIDE = ['AWS_SECRETS_MASTER_KEY_NAME', 'TOM_CORE_WORKER_HMAC_SECRET', 'TGEFD_JWT_BEARER_PREFIX'];

/** What production is told, as a file. */
function right(profile: ChecklistName): Map<string, string> {
  const isWanted = ({ name, presence }: Variable): boolean =>
    presence === 'required' || BESIDE.includes(name) || (typeof presence === 'object' && presence.then === 'required' && presence.is[0] !== 'mtls');
  return new Map(variablesOf(profile).filter(isWanted).map(({ name, right: sample, written }) => [name, SECRETS[name] ?? sample ?? written ?? 'missing in this test']));
}

let folder: string;
beforeAll(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'check-environment-')); });
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function written(told: ReadonlyMap<string, string>, more = ''): string {
  const file = path.join(folder, `${fs.readdirSync(folder).length}.env`);
  fs.writeFileSync(file, `${[...told].map(([name, value]) => `${name}='${value}'\n`).join('')}${more}`);
  return file;
}

interface Shown {
  readonly done: boolean;
  readonly lines: readonly string[];
}

/** As text, of a file that is right but for these. */
function shown(profile: ChecklistName, changes: Readonly<Record<string, string | undefined>> = {}, { isLocal = false, more = '' } = {}): Shown {
  const told = right(profile);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) told.delete(name);
    else told.set(name, value);
  }
  const { text, isAcceptable } = checkEnvironment(written(told, more), { profile, isLocal, format: 'text' }, NO_COLORS);
  for (const value of [...told.values()].filter((one) => one.includes('canary'))) expect(text).not.toContain(value);
  return { done: isAcceptable, lines: text.trimEnd().split('\n') };
}

/** The line of an item, and what is said below it. */
function itemOf({ lines }: Shown, row: string): readonly string[] {
  const from = lines.findIndex((line) => line.split(' ').includes(row));
  const to = lines.findIndex((line, index) => index > from && !line.startsWith('    '));
  return lines.slice(from, to);
}

describe('the checklists', () => {
  test('have as many items as their documents, in words of ours', () => {
    expect(CHECKLISTS.cortex).toHaveLength(9);
    expect(CHECKLISTS.nodetool).toHaveLength(44);
    for (const { title } of Object.values(CHECKLISTS).flat()) expect([title, title.split(' ').length <= 6]).toEqual([title, true]);
  });

  test.each(PROFILES)('of %s name rows of the catalogue once, and every variable of it', (profile) => {
    const rows = CHECKLISTS[profile].map(({ row }) => row);
    const sources = new Set(Object.values(CONTROLS).flatMap((control) => control.sources));
    expect(rows.filter((row) => !sources.has(row))).toEqual([]);
    expect(new Set(rows).size).toBe(rows.length);
    const named = new Set<string>(CHECKLISTS[profile].flatMap(({ variables }) => variables));
    // No variable, but what a document writes where a key would stand.
    expect([...named].sort()).toEqual(variablesOf(profile).map(({ name }) => name).filter((name) => name !== 'YOUR_API_KEY').sort());
  });
});

describe('a file of variables', () => {
  test.each(PROFILES)('that is right for %s has every box ticked that a file can answer', (profile) => {
    const { done, lines } = shown(profile);
    expect(done).toBe(true);
    expect(lines.filter((line) => line.startsWith('[ ]'))).toEqual([]);
    const ticked = lines.filter((line) => line.startsWith('[x]')).length;
    const open = CHECKLISTS[profile].length - ticked;
    expect(lines.filter((line) => line.startsWith('[?]'))).toHaveLength(open);
    expect(lines.at(-1)).toBe(`${ticked} of ${ticked} that a file can answer; it says nothing of ${open} more`);
  });

  test('fails the item that a variable belongs to, with its control, and what to do', () => {
    const output = shown('nodetool', { DEBUG: 'true', SUPABASE_KEY: undefined, POSTGRES_PASSWORD: 'changeme' });
    expect(output.done).toBe(false);
    expect(itemOf(output, 'NT-17')).toEqual(['[ ] NT-17 Debug mode is off', '    CFG-2 DEBUG has to be "false"']);
    expect(itemOf(output, 'NT-21')).toEqual(['[ ] NT-21 Supabase is named, with its key', '    CFG-4 SUPABASE_KEY is not there', '          fix Write a key of its issuer.']);
    expect(itemOf(output, 'NT-41')).toEqual([
      '[ ] NT-41 The database password is strong', '    CFG-6 POSTGRES_PASSWORD holds what the document writes where a value should stand', '          fix Write at least 20 random characters.',
    ]);
    expect(itemOf(output, 'NT-16')).toEqual(['[x] NT-16 It knows that it is production']);
    expect(output.lines.at(-1)).toMatch(/^8 of 11 /);
  });

  test('fails every item that variables are about which do not go together', () => {
    const both = shown('nodetool', { SECRETS_MASTER_KEY: `${'canary_'.repeat(6)}x=` });
    for (const row of ['NT-24', 'NT-27']) {
      expect(itemOf(both, row).slice(1)).toEqual([
        '    CFG-6 SECRETS_MASTER_KEY and AWS_SECRETS_MASTER_KEY_NAME are both there, and which of them counts is not said', '          fix Add, change or take out one of them.',
      ]);
    }
    expect(itemOf(shown('cortex', { RATE_LIMIT_RPS: '30' }), 'CX-47')).toContain('    CFG-6 RATE_LIMIT_RPS is more than RATE_LIMIT_BURST allows');
    expect(itemOf(shown('tom', { TOM_CORE_WORKER_HMAC_SECRET: undefined }), 'TS-43')).toContain('    CFG-6 TOM_CORE_CREDENTIAL_CHECKOUT_ENABLED needs TOM_CORE_WORKER_HMAC_SECRET');
    expect(itemOf(shown('nodetool', { GITHUB_CLIENT_ID: 'Iv1.8a61f9b3a7aba766' }), 'NT-22')).toContain('          fix Write what is missing.');
  });

  test('asks for what is unsafe by default, and for the form that is meant', () => {
    expect(itemOf(shown('tgefd', { TGEFD_JWT_ALLOWED_ALGS: undefined }), 'TG-20').slice(1)).toEqual([
      '    CFG-7 TGEFD_JWT_ALLOWED_ALGS is not there', '          fix Write "RS256"; more after a comma.',
    ]);
    expect(itemOf(shown('cortex', { RATE_LIMIT_RPS: undefined }), 'CX-47')).toContain('          fix Write a whole number from 1 to 1000.');
    expect(itemOf(shown('tgefd', { TGEFD_JWT_BEARER_PREFIX: 'bearer' }), 'TG-10')).toContain('    CFG-6 TGEFD_JWT_BEARER_PREFIX has to be "bearer "');
  });

  test('leaves open what it cannot say: others have to, or nobody has asked for it', () => {
    const output = shown('nodetool', { GITHUB_CLIENT_ID: 'Iv1.8a61f9b3a7aba766', GITHUB_CLIENT_SECRET: 'canary-secret-of-github' });
    expect(['NT-22', 'NT-29', 'NT-50', 'NT-64'].map((row) => itemOf(output, row)[0])).toEqual([
      '[?] NT-22 GitHub OAuth is whole, callbacks too (ask the operator)', '[?] NT-29 No secret was ever committed (ask the operator)',
      '[?] NT-50 There is no way without TLS (see the template)', '[?] NT-64 Errors are tracked (left out, as it may be)',
    ]);
    // Of what must not be there, absence is an answer.
    expect(itemOf(output, 'NT-46')).toEqual(['[x] NT-46 A role stands for access keys']);
    expect(itemOf(shown('nodetool', { S3_ACCESS_KEY_ID: 'canary-access-key' }), 'NT-46')[1]).toBe('    CFG-6 S3_ACCESS_KEY_ID must not be there');
  });

  test('may have less and worse on a developer\'s machine, which ticks no box', () => {
    const changes = { ENV: 'development', DEBUG: 'true', AUTH_PROVIDER: 'none', SUPABASE_URL: undefined, SUPABASE_KEY: undefined, S3_REGION: 'frankfurt' };
    const output = shown('nodetool', changes, { isLocal: true });
    expect(['NT-16', 'NT-17', 'NT-19'].map((row) => itemOf(output, row)[0]?.slice(0, 3))).toEqual(['[?]', '[?]', '[?]']);
    expect(itemOf(output, 'NT-17')[0]).toBe('[?] NT-17 Debug mode is off (a developer\'s machine may)');
    // Which no machine takes.
    expect([output.done, itemOf(output, 'NT-45')[1]]).toEqual([false, '    CFG-6 S3_REGION has to be a region']);
    expect(shown('nodetool', { ...changes, S3_REGION: undefined }, { isLocal: true }).done).toBe(true);
  });

  test('may leave secrets to the shell, and nothing else outside a developer\'s machine', () => {
    const output = shown('nodetool', { POSTGRES_PASSWORD: '${POSTGRES_PASSWORD:?}', SUPABASE_KEY: '${SUPABASE_KEY:?}' });
    expect([output.done, itemOf(output, 'NT-41')]).toEqual([true, ['[?] NT-41 The database password is strong (the shell fills it in)']]);
    expect(itemOf(shown('nodetool', { S3_REGION: '${S3_REGION:?}' }), 'NT-45')[1]).toBe('    CFG-6 S3_REGION has to be a region');
    expect(shown('nodetool', { S3_REGION: '${S3_REGION:?}' }, { isLocal: true }).done).toBe(true);
  });

  test('is acceptable with warnings, which are counted', () => {
    const output = shown('nodetool', { LOG_LEVEL: 'ERROR' });
    expect([output.done, itemOf(output, 'NT-18')[0], output.lines.at(-1)?.slice(0, 8)]).toEqual([true, '[ ] NT-18 The log level tells no details', '10 of 11']);
  });

  test('has what no item names below, such as a name that stands there twice', () => {
    const { done, lines } = shown('cortex', { YOUR_API_KEY: 'canary-key' }, { more: 'OTHER=canary-one\nOTHER=canary-two\n' });
    expect(done).toBe(false);
    expect(lines.slice(lines.indexOf('Beside the checklist:'), -2)).toEqual([
      'Beside the checklist:', '    CFG-6 YOUR_API_KEY must not be there',
      '    CFG-6 OTHER is there more than once, and which one counts is not said', '          fix Leave one of the lines.',
    ]);
    expect(itemOf(shown('cortex', {}, { more: 'RATE_LIMIT_RPS=10\n' }), 'CX-47')[0]).toMatch(/^\[ \]/);
  });
});

describe('check --env-file', () => {
  let commandLine: CommandLine;
  beforeAll(() => { commandLine = new CommandLine(folder); });

  test('writes findings as it does of templates, exits as it does, and tells no value', () => {
    const told = right('nodetool').set('AUTH_PROVIDER', 'canary-provider').set('LOG_LEVEL', 'ERROR');
    const { code, out, err } = commandLine.run('check', '--env-file', written(told), '--profile', 'nodetool', '--format', 'json');
    const { findings, acknowledged, summary } = JSON.parse(out) as Output;
    expect([code, err, acknowledged, findings.map(({ rule, severity, path: at }) => `${severity} ${rule} ${at}`)])
      .toEqual([1, '', [], ['error CFG-3.env-file AUTH_PROVIDER', 'warning CFG-2.env-file LOG_LEVEL']]);
    expect(Object.keys(findings[0] ?? {})).toEqual(['control', 'rule', 'severity', 'stack', 'logicalId', 'resourceType', 'path', 'message', 'remediation']);
    expect(summary).toEqual({ fatal: 0, error: 1, warning: 1, acknowledged: 0, resources: told.size, rules: 6, unjudgedTypes: [] });
    expect(out).not.toContain('canary');

    const clean = commandLine.run('check', '--env-file', written(right('tom')), '--profile', 'tom');
    expect([clean.code, clean.err, clean.out.includes('\u001b[')]).toEqual([0, '', false]);
    const target = path.join(folder, 'out/checklist.txt');
    expect(commandLine.run('check', '-e', written(right('tom')), '--profile', 'tom', '--out', target)).toEqual({ code: 0, out: '', err: '' });
    expect(fs.readFileSync(target, 'utf8')).toBe(clean.out);
  });

  test('says one sentence about what it cannot read, and exits with 2', () => {
    const file = written(new Map(), 'hunter2\n');
    expect(commandLine.run('check', '--env-file', file, '--profile', 'tom')).toEqual({
      code: 2, out: '', err: `${file}, line 1 is not NAME=value: write it so, close its quotes, or begin it with #.\n`,
    });
    expect(commandLine.run('check', '--env-file', file, '--profile', 'remote-core')).toMatchObject({
      code: 2, err: expect.stringContaining('Allowed choices are cortex, tgefd, nodetool, tom') as string,
    });
    // By its short name: of the long one, Node itself says that there is no such file.
    expect(commandLine.run('check', '-e', 'nowhere.env', '--profile', 'tom')).toMatchObject({ code: 2, err: expect.stringMatching(/^--env-file nowhere\.env cannot be read: [^\n]*\n$/) as string });
  });

  test.each<[string, string | undefined, Partial<CheckOptions>, RegExp]>([
    ['nothing to judge', undefined, {}, /^missing required argument: .*--env-file/],
    ['a profile and a location', 'cdk.out', { profile: 'nodetool' }, /^--profile is for --env-file: leave it out, as cdk\.out /],
    ['a developer\'s machine and a location', 'cdk.out', { local: true }, /^--local is for --env-file: leave it out/],
    ['two things to judge', 'cdk.out', { envFile: 'prod.env', profile: 'nodetool' }, /^check judges one thing at a time: leave out cdk\.out, or --env-file\.$/],
    ['no profile', undefined, { envFile: 'prod.env' }, /^--env-file needs --profile/],
    ['parameters', undefined, { envFile: 'prod.env', profile: 'tom', parameter: ['A=1'] }, /^--parameter is for templates/],
    ['SARIF', undefined, { envFile: 'prod.env', profile: 'tom', format: 'sarif' }, /^--format sarif is for what stands in a repository/],
  ])('refuses %s, and says what to do', (_, location, options, sentence) => {
    expect(() => check(location, { format: 'text', parameter: [], ...options }, NO_COLORS, () => undefined)).toThrow(sentence);
  });
});
