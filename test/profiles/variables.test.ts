import { CONTROLS } from '../../src/controls';
import { VARIABLES, variablesOf } from '../../src/profiles/variables';
import { type Environment, type Fault, faultsIn, type JudgeOptions, type Told } from '../../src/profiles/variables/judge';
import type { ProfileName, Variable } from '../../src/profiles/variables/variable';

const PROFILES: readonly ProfileName[] = ['cortex', 'tgefd', 'nodetool', 'tom'];

/** Required by how they stand to each other, and not by themselves. */
const WANTED_BY_RELATION = ['AWS_SECRETS_MASTER_KEY_NAME', 'TOM_CORE_WORKER_HMAC_SECRET'];
/** Those that come together. */
const COMPANIONS: Readonly<Record<string, string>> = {
  GITHUB_CLIENT_ID: 'GITHUB_CLIENT_SECRET', GITHUB_CLIENT_SECRET: 'GITHUB_CLIENT_ID', OTEL_SERVICE_NAME: 'OTEL_EXPORTER_OTLP_ENDPOINT', OTEL_EXPORTER_OTLP_ENDPOINT: 'OTEL_SERVICE_NAME',
  MEMCACHE_HOST: 'MEMCACHE_PORT', MEMCACHE_PORT: 'MEMCACHE_HOST',
};

const SECRET: Told = { isSecret: true };
const plain = (text: string): Told => ({ text, isSecret: false });
const rightOf = ({ right, written }: Variable): string | undefined => right ?? written;
const toldRightly = (variable: Variable): Told => {
  const text = rightOf(variable);
  return variable.place === 'secrets' || text === undefined ? SECRET : plain(text);
};

/** Where a variable depends on another one, with the value under which it is wanted; what authenticates by token is the usual case. */
const isWanted = ({ name, presence }: Variable): boolean =>
  presence === 'required' || WANTED_BY_RELATION.includes(name) || (typeof presence === 'object' && presence.is[0] !== 'mtls');

/** A program as it should be told. */
const whole = (profile: ProfileName): Environment => new Map(variablesOf(profile).filter(isWanted).map((variable) => [variable.name, toldRightly(variable)]));

/** The same, so that one variable has its place in it. */
function around({ name, profile, presence }: Variable): Map<string, Told> {
  const told = new Map(whole(profile));
  if (typeof presence === 'object' && !told.has(name)) {
    told.set(presence.when, plain(String(presence.is[0])));
    told.set('TGEFD_MTLS_IDENTITY_HEADER', plain('x-auth-request-user'));
  }
  const companion = COMPANIONS[name];
  if (companion !== undefined) told.set(companion, SECRET);
  return told;
}

/** What is said of one variable where it has this value, or none. */
function saidOf(variable: Variable, text: string | undefined, options?: JudgeOptions): readonly Fault[] {
  const told = around(variable);
  if (text === undefined) told.delete(variable.name);
  else told.set(variable.name, plain(text));
  return faultsIn(variable.profile, told, options).filter(({ names }) => names.includes(variable.name));
}

const isMissed = (variable: Variable): boolean => {
  const { name, presence } = variable;
  const depends = typeof presence === 'object' && presence.then === 'required' && presence.is.includes(around(variable).get(presence.when)?.text ?? '');
  return presence === 'required' || depends || WANTED_BY_RELATION.includes(name) || name in COMPANIONS;
};

describe('the variables of the documents', () => {
  test('are 81, each by a name of its own', () => {
    expect(PROFILES.map((profile) => variablesOf(profile).length)).toEqual([10, 33, 32, 6]);
    expect(new Set(VARIABLES.map(({ name }) => name)).size).toBe(81);
  });

  test('name rows of the catalogue that controls are made of', () => {
    const sources = new Set(Object.values(CONTROLS).flatMap((control) => control.sources));
    expect(VARIABLES.flatMap(({ rows }) => rows).filter((row) => !sources.has(row))).toEqual([]);
    expect(VARIABLES.filter(({ rows }) => rows.length === 0)).toEqual([]);
  });

  test('let a developer do only what nobody may in production', () => {
    expect(VARIABLES.flatMap(({ name, local, refused }) => local.filter((value) => !refused.includes(value)).map((value) => `${name}=${value}`))).toEqual([]);
  });

  test.each(PROFILES)('of %s are right all together', (profile) => {
    expect(faultsIn(profile, whole(profile))).toEqual([]);
  });
});

describe.each(VARIABLES.map((variable) => [variable.name, variable] as const))('%s', (_, variable) => {
  const right = rightOf(variable);
  if (right !== undefined && variable.presence !== 'refused') {
    test('may be what a profile writes, or what is right', () => {
      // The other spelling of the same claim is refused beside it.
      expect(saidOf(variable, right).filter(({ names }) => names.length === 1)).toEqual([]);
    });
  }

  test.each(variable.refused)('may not be %j', (value) => {
    const said = saidOf(variable, value);
    expect(said).not.toEqual([]);
    // Which may be a secret.
    if (value.length > 8) expect(said.map(({ says }) => says).join()).not.toContain(value);
  });

  if (variable.local.length > 0) {
    test.each(variable.local)('may be %j on a developer\'s machine', (value) => {
      expect(saidOf(variable, value, { isLocal: true }).filter(({ names }) => names.length === 1)).toEqual([]);
    });
  }

  test(isMissed(variable) ? 'is missed where it is not there' : 'may be left out', () => {
    const controls = saidOf(variable, undefined).map(({ control }) => control);
    expect(controls.length > 0).toBe(isMissed(variable));
    if (variable.absence === 'unsafe') expect(controls).toContain('CFG-7');
  });
});
