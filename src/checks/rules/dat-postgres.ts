import { defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference, Unknown } from '../template/value';
import { containersOf, nameOf, TASK_DEFINITION } from './containers';
import { DB_CLUSTER, DB_INSTANCE, isMember, isPostgres } from './databases';
import { checkVariables, eachEnvironment, type Environment, PROGRAMS } from './variables';

/** A file in place of a server. */
const SQLITE = /(^|[\s"'=+])(sqlite3?|file)(\+\w+)?:|\bsqlite3?\b|\.(db|sqlite3?|duckdb)(\?|$|["'\s])/i;

/** Variables that say where the data is. */
const DATABASE_VARIABLE = /(^|_)(DATABASE|DB|SQL|SQLALCHEMY|SQLITE|POSTGRES(QL)?|PG|DATASTORE|STORAGE)(_|$)/i;

/** A URL of a file is one whatever its variable is called. */
const SQLITE_URL = /\bsqlite3?(\+\w+)?:/i;

function isNoFile(value: Property, name: string, owner: string): readonly Outcome[] {
  const { text, complete } = value.partialText();
  const isFile = SQLITE_URL.test(text) || (DATABASE_VARIABLE.test(name) && SQLITE.test(text));
  if (isFile) return fail(value, `${owner} keeps its data in a file by ${name}: every task has one of its own, and it is gone with the task`);
  if (!complete && DATABASE_VARIABLE.test(name) && /^\$\{\w+\}$/.test(text) && !(value.value instanceof Reference)) return undecidable(value, `${owner} has ${name} from a value that only a deployment knows`);
  return PASS;
}

const noFile = defineRule('DAT-1', 'no-file', {
  extent: 'variables, commands and mounted files',
  appliesTo: PROGRAMS,
  remediation: 'Give the program a PostgreSQL: POSTGRES_HOST, or DATABASE_URL with postgresql:// from a secret.',
  check(resource) {
    const variables = eachEnvironment(resource, ({ plain, owner }) => each(plain, ({ name, value }) => isNoFile(value, name, owner)));
    if (resource.type !== TASK_DEFINITION) return variables;
    const words = each(containersOf(resource), (container) => each(['Command', 'EntryPoint'], (list) =>
      each(container.get(list).items(), (word) => (SQLITE_URL.test(word.partialText().text) ? fail(word, `${nameOf(container)} keeps its data in a file by its command line`) : NOT_APPLICABLE))));
    return [...variables, ...words];
  },
});

/** Where a program is told the host of its PostgreSQL. */
const HOST = /^(POSTGRES(QL)?_(HOST|SERVER)|PGHOST)$/;

/** The database of the templates whose address this is. */
function databaseAt(host: Property, owner: Resource, graph: TemplateGraph): Resource | undefined {
  const { text } = host.partialText();
  const named = [DB_INSTANCE, DB_CLUSTER].flatMap((type) => graph.ofType(type)).filter(({ logicalId }) => text.includes(`\${${logicalId}.`));
  return named.find(({ template }) => template === owner.template) ?? named[0];
}

const engine = defineRule('DAT-1', 'engine', {
  appliesTo: PROGRAMS,
  remediation: 'Point POSTGRES_HOST at a database whose Engine is postgres or aurora-postgresql.',
  check: (program, graph) => eachEnvironment(program, (environment) => checkVariables({ ...environment, secret: [] }, [{
    name: HOST,
    check: (host, name, { owner }) => {
      const database = databaseAt(host, program, graph);
      if (!database) return PASS;
      const place = isMember(database) && !database.prop('Engine').exists ? database.prop('DBClusterIdentifier') : database.prop('Engine');
      const text = place.text() ?? '';
      return expect(isPostgres(text), host, `${owner} has ${name} at ${database.logicalId}, which is ${text === '' ? 'of no engine' : text} and speaks no PostgreSQL`);
    },
  }])),
});

const PASSWORD = /^(POSTGRES(QL)?_PASSWORD|PGPASSWORD)$/;

/** A URL says where the database is, too. */
const ADDRESS = /^(DATABASE|POSTGRES(QL)?|PG|DB)_(URL|URI|DSN)$/;

const isHole = ({ value }: Property): boolean => value instanceof Unknown;

/** NT-40: without the host, what the program keeps its data in is up to its own default, which is a file for some. */
const told = defineRule('DAT-1', 'told', {
  appliesTo: PROGRAMS,
  remediation: 'Set POSTGRES_HOST to the address of the database, or give the program DATABASE_URL from a secret.',
  check: (program) => eachEnvironment(program, ({ plain, secret, owner, place }) => {
    const all = [...plain, ...secret];
    if (!all.some(({ name }) => PASSWORD.test(name))) return NOT_APPLICABLE;
    if (all.some(({ name, value }) => (HOST.test(name) || ADDRESS.test(name)) && value.exists && value.value !== '')) return PASS;
    if (isHole(place)) return undecidable(place, `${owner} is given the password of a PostgreSQL, and whether it is told where that is, only a deployment knows`);
    return fail(place, `${owner} is given the password of a PostgreSQL and no POSTGRES_HOST, so that its own default decides where it keeps its data`);
  }),
});

/**
 * From which version on a connection without TLS is refused unless a parameter says otherwise (Amazon RDS User Guide, "Requiring an SSL connection to a
 * PostgreSQL DB instance"; Amazon Aurora User Guide, "Securing Aurora PostgreSQL data with SSL/TLS").
 */
const FORCED_SINCE: Readonly<Record<string, number>> = { [DB_INSTANCE]: 15, [DB_CLUSTER]: 17 };

const FORCE = 'rds.force_ssl';

const GROUP_TYPES = ['AWS::RDS::DBParameterGroup', 'AWS::RDS::DBClusterParameterGroup'];

function majorIn(place: Property): number | undefined {
  const major = /(\d+)(\.[\d.]+)?(-.*)?$/.exec(place.text() ?? '')?.[1];
  return major === undefined ? undefined : Number(major);
}

/** Without a word of it in a group, the version decides. */
function byVersion(database: Resource, version: Property, at: Property): readonly Outcome[] {
  const since = database.type === DB_CLUSTER && !database.prop('Engine').text()?.startsWith('aurora') ? FORCED_SINCE[DB_INSTANCE] ?? 0 : FORCED_SINCE[database.type] ?? 0;
  const major = majorIn(version);
  if (major === undefined) return undecidable(at, `says nothing of ${FORCE}, and of which version the database is, whose default decides, is not said`);
  return expect(major >= since, at, `says nothing of ${FORCE}, and version ${major} takes connections without TLS by default`);
}

function forcesTls(database: Resource): readonly Outcome[] {
  const place = database.prop(database.type === DB_CLUSTER ? 'DBClusterParameterGroupName' : 'DBParameterGroupName');
  if (!place.exists || /^default\./.test(place.partialText().text)) return byVersion(database, database.prop('EngineVersion'), place);
  const group = place.value instanceof Reference ? place.value.resource : undefined;
  if (!group || !GROUP_TYPES.includes(group.type)) return undecidable(place, `${place.partialText().text} is in none of the templates, so whether it forces TLS is not known`);
  // Names of parameters have dots of their own.
  const setting = group.prop('Parameters').entries().find(([name]) => name === FORCE)?.[1];
  if (!setting) return byVersion(database, group.prop('Family'), place);
  return expect(['1', 'true', 'on'].includes((setting.text() ?? '').toLowerCase()), place, `${group.logicalId} switches ${FORCE} off, so passwords and data may go in plain text`);
}

const forceTls = defineRule('DAT-2', 'force-tls', {
  extent: 'PostgreSQL',
  appliesTo: [DB_INSTANCE, DB_CLUSTER],
  remediation: `Name a parameter group with ${FORCE} 1.`,
  check(database) {
    // The instances of an Aurora cluster take it from there.
    if (isMember(database)) return NOT_APPLICABLE;
    const name = database.prop('Engine').text();
    return name !== undefined && isPostgres(name) ? forcesTls(database) : NOT_APPLICABLE;
  },
});

/** Modes that go on without TLS where the server, or whoever answers for it, offers none (libpq, "SSL Support"). */
const PLAIN_MODES = /^(disable|allow|prefer)$/i;
const MODE_VARIABLE = /SSL_?MODE$/i;
const MODE_IN_URL = /[?&;\s](ssl_?mode|tls)=([\w-]*)/i;
const POSTGRES_URL = /^postgres(ql)?(\+\w+)?:\/\//i;

function isEncrypted(value: Property, name: string, owner: string): readonly Outcome[] {
  const isMode = MODE_VARIABLE.test(name);
  const { text } = value.partialText();
  const mode = isMode ? value.text() : MODE_IN_URL.exec(text)?.[2];
  if (mode === undefined || (!isMode && !POSTGRES_URL.test(text) && !DATABASE_VARIABLE.test(name))) return NOT_APPLICABLE;
  return expect(!PLAIN_MODES.test(mode.trim()), value, `${owner} takes a connection without TLS by ${name} (${mode})`);
}

const clientMode = defineRule('DAT-2', 'client-mode', {
  appliesTo: PROGRAMS,
  remediation: 'Set the mode to verify-full, and give the program the authorities that vouch for the database.',
  check: (program) => eachEnvironment(program, ({ plain, owner }) => each(plain, ({ name, value }) => isEncrypted(value, name, owner))),
});

/** Variables by which a program knows its PostgreSQL. */
const LOGIN = /^(POSTGRES(QL)?_(HOST|SERVER|PASSWORD)|PG(HOST|PASSWORD))$/;

/** A proxy within the task does it for the program. */
const BESIDE = /^(localhost|127\.[\d.]+|::1|\/.*)$/;

const AUTHORITIES_VARIABLE = /SSL_?ROOT_?CERT$/i;

/** What a mode and its authorities have in common: `POSTGRES_SSLMODE` goes with `POSTGRES_SSLROOTCERT`. */
const familyOf = (name: string): string => name.replace(/_?SSL_?(ROOT_?CERT|MODE)$/i, '').toUpperCase();

function verifies({ plain, secret, owner, place }: Environment): readonly Outcome[] {
  const isBeside = plain.some(({ name, value }) => HOST.test(name) && BESIDE.test(value.partialText().text));
  if (isBeside || ![...plain, ...secret].some(({ name }) => LOGIN.test(name))) return NOT_APPLICABLE;
  const hidden = secret.find(({ name }) => MODE_VARIABLE.test(name));
  if (hidden) return undecidable(hidden.entry, `${owner} has ${hidden.name} filled in from a secret store, so whether it verifies is not known`);
  const modes = plain.flatMap(({ name, value }) => (MODE_VARIABLE.test(name) ? [{ name, value, mode: value.text() ?? '' }] : []));
  const urls = plain.flatMap(({ name, value }) => {
    const mode = MODE_VARIABLE.test(name) ? undefined : MODE_IN_URL.exec(value.partialText().text)?.[2];
    return mode === undefined ? [] : [{ name, value, mode }];
  });
  const all = [...modes, ...urls].filter(({ mode }) => mode !== '');
  if (all.length === 0) return fail(place, `${owner} is given a PostgreSQL, and nothing tells it to verify who answers there: the default of libpq goes on without TLS, too`, 'warning');
  const loose = all.find(({ mode }) => mode.trim().toLowerCase() !== 'verify-full');
  if (loose) return fail(loose.value, `${owner} takes whoever answers for its PostgreSQL by ${loose.name} (${loose.mode}): verify-full looks at the certificate and its name`, 'warning');
  const idle = plain.find(({ name }) => AUTHORITIES_VARIABLE.test(name) && !modes.some((mode) => mode.mode !== '' && familyOf(mode.name) === familyOf(name)));
  return idle ? fail(idle.value, `${owner} has authorities in ${idle.name}, and no mode of that name that asks for them`, 'warning') : PASS;
}

/** A warning: a program may say it in its own code. */
const clientVerifies = defineRule('DAT-2', 'client-verifies', {
  extent: 'programs that are told of a PostgreSQL by variables',
  appliesTo: PROGRAMS,
  remediation: 'Set PGSSLMODE (or the variable by which the program takes the mode) to verify-full, and PGSSLROOTCERT to the authorities that vouch for the database.',
  check: (program) => eachEnvironment(program, verifies),
});

export const DAT_POSTGRES_RULES = [noFile, engine, told, forceTls, clientMode, clientVerifies];
