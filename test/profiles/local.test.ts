import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { checkEnvironment } from '../../src/cli/check-environment';
import { NO_COLORS } from '../../src/cli/colors';
import { parseEnvFile } from '../../src/cli/env-file';
import { LocalNodeToolAuth } from '../../src/profiles/local/local-nodetool-auth';
import type { LocalCortexProps, LocalNodeToolProps, LocalTgefdProps, LocalTomProps } from '../../src/profiles/local/local-props';
import { LocalTgefdAuth } from '../../src/profiles/local/local-tgefd-auth';
import { LocalProfile } from '../../src/profiles/local-profile';
import type { Profile } from '../../src/profiles/profile';
import { TgefdScope } from '../../src/profiles/tgefd/tgefd-scope';
import { variablesOf } from '../../src/profiles/variables';
import { type Environment, faultsIn } from '../../src/profiles/variables/judge';
import type { ProfileName } from '../../src/profiles/variables/variable';
import { profiled } from '../support/profiled-core';

const nodetool = (auth: LocalNodeToolAuth, debug?: boolean): LocalProfile => LocalProfile.nodetool({ auth, debug });
const tgefd = (auth: LocalTgefdAuth): LocalProfile => LocalProfile.tgefd({ auth });

/** Each with what of it no deployment takes. */
const LOCAL: readonly (readonly [title: string, profile: Exclude<ProfileName, 'remote-core'>, local: LocalProfile, unsafe: readonly string[]])[] = [
  ['a Cortex', 'cortex', LocalProfile.cortex(), ['CORS_ALLOW_ORIGINS']],
  ['a Cortex for pages of a deployment', 'cortex', LocalProfile.cortex({ corsOrigins: ['https://app.acme.com', 'https://admin.acme.com'] }), []],
  ['a Cortex for any key', 'cortex', LocalProfile.cortex({ allowAllKeys: true, limits: false }),
    ['GATEWAY_DEV_ALLOW_ALL_KEYS', 'CORS_ALLOW_ORIGINS', 'RATE_LIMIT_ENABLED', 'CONCURRENCY_LIMIT_ENABLED']],
  ['a TGEFD for anybody', 'tgefd', tgefd(LocalTgefdAuth.none()), ['TGEFD_AUTH_MODE', 'TGEFD_RBAC_ENABLED']],
  ['a TGEFD by keys', 'tgefd', tgefd(LocalTgefdAuth.apiKeys()), ['TGEFD_AUTH_MODE']],
  ['a TGEFD by a shared secret', 'tgefd', tgefd(LocalTgefdAuth.sharedSecret()), ['TGEFD_JWT_SECRET', 'TGEFD_JWT_ALLOWED_ALGS']],
  ['a NodeTool for anybody', 'nodetool', nodetool(LocalNodeToolAuth.none()), ['ENV', 'AUTH_PROVIDER', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'S3_ENDPOINT_URL']],
  ['a NodeTool that tells all', 'nodetool', nodetool(LocalNodeToolAuth.local(), true),
    ['ENV', 'DEBUG', 'LOG_LEVEL', 'AUTH_PROVIDER', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'S3_ENDPOINT_URL']],
  ['a Tom', 'tom', LocalProfile.tom(), ['TOM_CORE_CREDENTIAL_FILE', 'TOM_CORE_WORKER_AUTH_REQUIRED', 'TOM_CORE_CREDENTIAL_CHECKOUT_ENABLED']],
  ['a Tom for anybody', 'tom', LocalProfile.tom({ keys: false }),
    ['TOM_CORE_AUTH_MODE', 'TOM_CORE_CREDENTIAL_FILE', 'TOM_CORE_WORKER_AUTH_REQUIRED', 'TOM_CORE_CREDENTIAL_CHECKOUT_ENABLED']],
];

/** A file as `check` reads it, and as Compose would have filled it in: nobody knows with what. */
function read(local: LocalProfile): Environment {
  const { values, twice } = parseEnvFile(local.envFile(), 'local.env');
  expect([...twice]).toEqual([]);
  return new Map([...values].map(([name, text]) => [name, text === `\${${name}:?}` ? { isSecret: true } : { text, isSecret: false }]));
}

describe.each(LOCAL)('%s on one machine', (_, profile, local, unsafe) => {
  test('has a file that says the same as its variables', () => {
    expect(Object.fromEntries(parseEnvFile(local.envFile(), 'local.env').values)).toEqual(local.variables);
  });

  test('is right there', () => {
    expect(faultsIn(profile, read(local), { isLocal: true })).toEqual([]);
  });

  test('is refused in a deployment for what is unsafe in it, and for nothing else that is there', () => {
    const told = read(local);
    const faults = faultsIn(profile, told).filter(({ severity, names }) => severity === 'error' && names.every((name) => told.has(name)));
    expect(new Set(faults.flatMap(({ names }) => names))).toEqual(new Set(unsafe));
  });

  test('keeps no secret in its file', () => {
    const secrets = new Set(variablesOf(profile).filter(({ place, form }) => place === 'secrets' || form.kind === 'secret').map(({ name }) => name));
    for (const [name, text] of Object.entries(local.variables)) if (secrets.has(name)) expect(text).toBe(`\${${name}:?}`);
  });
});

describe('LocalProfile', () => {
  test('tells a TGEFD what its keys may do, and no more than metrics unless it is said', () => {
    expect(tgefd(LocalTgefdAuth.apiKeys()).variables.TGEFD_API_KEY_SCOPES).toBe('metrics');
    expect(tgefd(LocalTgefdAuth.apiKeys(TgefdScope.JOBS, TgefdScope.EVALUATE, TgefdScope.JOBS)).variables.TGEFD_API_KEY_SCOPES).toBe('jobs evaluate');
  });

  test('takes any page of the machine, and the file of it passes check --local', () => {
    const local = LocalProfile.cortex({ corsOrigins: ['http://localhost:5173'] });
    expect(local.variables.CORS_ALLOW_ORIGINS).toBe('http://localhost:5173');
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'local-')), 'local.env');
    fs.writeFileSync(file, local.envFile());
    expect(checkEnvironment(file, { profile: 'cortex', isLocal: true, format: 'text' }, NO_COLORS).isAcceptable).toBe(true);
    expect(checkEnvironment(file, { profile: 'cortex', isLocal: false, format: 'text' }, NO_COLORS).isAcceptable).toBe(false);
    fs.rmSync(path.dirname(file), { recursive: true });
  });

  test.each<[string, () => LocalProfile, string]>([
    ['every page', () => LocalProfile.cortex({ corsOrigins: ['*'] }), 'LocalProfile.cortex: CORS_ALLOW_ORIGINS has to be an exact origin'],
    ['no page', () => LocalProfile.cortex({ corsOrigins: [] }), 'LocalProfile.cortex: CORS_ALLOW_ORIGINS names nothing'],
    ['a host that is none', () => LocalProfile.nodetool({ auth: LocalNodeToolAuth.local(), postgresHost: 'two words' }), 'LocalProfile.nodetool: POSTGRES_HOST has to be a host name'],
    ['a line of its own', () => LocalProfile.tom({ credentialFile: 'creds.yml\nTOM_CORE_AUTH_MODE=none' }), 'LocalProfile.tom: TOM_CORE_CREDENTIAL_FILE has to be a path'],
    ['a proof that is left out', () => LocalProfile.tgefd({} as LocalTgefdProps), 'LocalProfile.tgefd: auth is nothing of the kind. Name LocalTgefdAuth.none()'],
    ['a login that is left out', () => LocalProfile.nodetool(undefined as unknown as LocalNodeToolProps), 'LocalProfile.nodetool: auth is nothing of the kind. Name LocalNodeToolAuth.none()'],
    ['null', () => LocalProfile.cortex(null as unknown as LocalCortexProps), 'LocalProfile.cortex: null is given.'],
    ['null', () => LocalProfile.tom(null as unknown as LocalTomProps), 'LocalProfile.tom: null is given.'],
    ['null for pages', () => LocalProfile.cortex({ corsOrigins: null } as unknown as LocalCortexProps), 'LocalProfile.cortex: corsOrigins is no list. Name pages'],
    ['a page that is in no list', () => LocalProfile.cortex({ corsOrigins: 'http://localhost' } as unknown as LocalCortexProps), 'LocalProfile.cortex: corsOrigins is no list. Name pages'],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test('has no load balancer, for those too whose compiler does not tell them', () => {
    expect(() => profiled(() => LocalProfile.cortex() as unknown as Profile)).toThrow('A LocalProfile is for one machine, and has no load balancer (RC-01).');
  });

  test('quotes what a shell or Compose would read otherwise', () => {
    expect(tgefd(LocalTgefdAuth.none()).envFile()).toContain('TGEFD_ROLE_READER_SCOPES=\'metrics jobs\'\n');
    const file = LocalProfile.tom({ credentialFile: './it\'s-$HOME`"\\.yml' }).envFile();
    expect(file).toContain('TOM_CORE_CREDENTIAL_FILE="./it\'s-\\$HOME\\`\\"\\\\.yml"\n');
    expect(parseEnvFile(file, 'local.env').values.get('TOM_CORE_CREDENTIAL_FILE')).toBe('./it\'s-$HOME`"\\.yml');
  });
});
