import { isIP } from 'node:net';
import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { TASK_DEFINITION } from './containers';
import { gatesOf } from './gate-configuration';
import { attributeValues, LISTENER } from './load-balancing';
import { eachEnvironment, entriesIn, type Environment, PROGRAMS } from './variables';

/** Origins whose pages may read answers, and what says whether they may do so in a user's name. */
interface Origins {
  readonly at: Property;
  /** How a message begins. */
  readonly what: string;
  readonly list: readonly Property[];
  readonly credentials: readonly Property[];
}

const ORIGIN_VARIABLE = /(^|_)CORS_(\w+_)?ORIGINS?(_\w+)?$|(^|_)(CORS_)?(ALLOW|ALLOWED|TRUSTED)_ORIGINS?$|(^|_)ACCESS_CONTROL_ALLOW_ORIGINS?$/i;
/** A switch, rather than a list: all origins or not. */
const ALL_ORIGINS = /ALL_ORIGINS$/i;
const CREDENTIALS_VARIABLE = /(^|_)(CORS|ACCESS_CONTROL)_(\w+_)?CREDENTIALS$/i;

const ORIGIN_ATTRIBUTE = 'routing.http.response.access_control_allow_origin.header_value';
const CREDENTIALS_ATTRIBUTE = 'routing.http.response.access_control_allow_credentials.header_value';

/** Where services of AWS keep what they answer to browsers. */
const SERVICES: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::Api': 'CorsConfiguration',
  'AWS::Lambda::Url': 'Cors',
  'AWS::Serverless::Function': 'FunctionUrlConfig.Cors',
};

function originsOfVariables(environment: Environment): Origins[] {
  const credentials = environment.plain.filter(({ name }) => CREDENTIALS_VARIABLE.test(name)).map(({ value }) => value);
  return environment.plain.filter(({ name }) => ORIGIN_VARIABLE.test(name)).flatMap(({ name, value }) => {
    const what = `${environment.owner}, by ${name},`;
    if (!ALL_ORIGINS.test(name)) return [{ at: value, what, list: entriesIn(value), credentials }];
    return value.flag() === true ? [{ at: value, what, list: [new Property(value.path, '*')], credentials }] : [];
  });
}

function originsOfGates(task: Resource): Origins[] {
  return gatesOf(task).filter(({ configuration }) => configuration.get('cors').exists).map(({ name, configuration }) => {
    const cors = configuration.get('cors');
    return { at: cors.get('origins'), what: `the gate in ${name}`, list: cors.get('origins').items(), credentials: [cors.get('credentials')] };
  });
}

function originsOfService(resource: Resource): Origins[] {
  const path = SERVICES[resource.type];
  const cors = path === undefined ? undefined : resource.prop(path);
  if (!cors?.exists || !cors.get('AllowOrigins').exists) return [];
  return [{ at: cors.get('AllowOrigins'), what: 'it', list: cors.get('AllowOrigins').items(), credentials: [cors.get('AllowCredentials')] }];
}

function originsOfListener(listener: Resource): Origins[] {
  const credentials = attributeValues(listener, 'ListenerAttributes', CREDENTIALS_ATTRIBUTE);
  return attributeValues(listener, 'ListenerAttributes', ORIGIN_ATTRIBUTE).map((at) => ({ at, what: 'the listener', list: [at], credentials }));
}

/** Everything that answers browsers of other origins. */
const TYPES = [...new Set([...PROGRAMS, ...Object.keys(SERVICES), LISTENER])];

/** Judges what a resource says of origins; a name that is not there asks for nothing (M-01). */
function eachOrigins(resource: Resource, check: (origins: Origins) => readonly Outcome[]): readonly Outcome[] {
  const judge = (find: () => readonly Origins[]) => (): readonly Outcome[] => each(find(), check);
  return all(
    ...(PROGRAMS.includes(resource.type) ? [(): readonly Outcome[] => eachEnvironment(resource, (environment) => each(originsOfVariables(environment), check))] : []),
    ...(resource.type === TASK_DEFINITION ? [judge(() => originsOfGates(resource))] : []),
    ...(resource.type === LISTENER ? [judge(() => originsOfListener(resource))] : []),
    ...(resource.type in SERVICES ? [judge(() => originsOfService(resource))] : []),
  );
}

const HOLE = /\$\{[^}]*\}|\{\{resolve:[^}]*\}\}/g;
/** As browsers spell it: no path, no trailing slash, lower case. */
const EXACT_ORIGIN = /^https:\/\/[a-z0-9.-]+(:\d{1,5})?$/;

function isExact(origin: Property, what: string): readonly Outcome[] {
  const { text, complete } = origin.partialText();
  if (!complete && text.search(HOLE) === 0) return undecidable(origin, `${what} lets pages of an origin read answers that only a deployment knows`);
  return expect(EXACT_ORIGIN.test(text.replace(HOLE, 'hole')), origin, `${what} lets pages of ${text} read answers, which is no exact https origin such as https://app.example.com`);
}

const exactOrigins = defineRule('HDR-1', 'exact-origins', {
  appliesTo: TYPES,
  extent: 'variables, gates, listeners, HTTP APIs and function URLs that name origins',
  remediation: 'Name every origin in full: https, host, and port if it is not 443.',
  check: (resource) => eachOrigins(resource, ({ at, what, list }) =>
    (list.length === 0 ? fail(at, `${what} names no origin, so what it falls back to decides`) : each(list, (origin) => isExact(origin, what)))),
});

const isEverybody = (origin: Property): boolean => ['*', 'null'].includes(origin.partialText().text);

const noWildcard = defineRule('HDR-2', 'no-wildcard-with-credentials', {
  appliesTo: TYPES,
  extent: 'variables, gates, listeners, HTTP APIs and function URLs that name origins',
  remediation: 'Name the origins, or allow no credentials.',
  check: (resource) => eachOrigins(resource, ({ at, what, list, credentials }) => {
    if (!list.some(isEverybody)) return PASS;
    // Every word that some app takes for yes.
    const allowed = credentials.some((place) => /^(true|1|yes|on)$/i.test((place.text() ?? '').trim()));
    return expect(!allowed, at, `${what} lets any page read answers in the name of whoever looks at it`);
  }),
});

/** What a browser on a developer's machine says, and nobody else's. */
const LOCAL_HOST = /^(localhost|.*\.(localhost|local|internal\.docker)|host\.docker\.internal)$/i;

function isDevelopment(origin: string): boolean {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(\[[^\]]*\]|[^/:]*)/i.exec(origin)?.[1] ?? '';
  return LOCAL_HOST.test(host) || isIP(host.replace(/^\[|\]$/g, '')) !== 0;
}

const noDevelopment = defineRule('HDR-6', 'no-development-origins', {
  appliesTo: TYPES,
  extent: 'variables, gates, listeners, HTTP APIs and function URLs that name origins',
  remediation: 'Take localhost and addresses out of the list: what runs there is not the app.',
  check: (resource) => eachOrigins(resource, ({ what, list }) => (list.length === 0 ? NOT_APPLICABLE : each(list, (origin) => {
    const { text, complete } = origin.partialText();
    if (!complete && text.search(HOLE) >= 0 && !isDevelopment(text)) return undecidable(origin, `${what} lets pages of ${text} read answers, and whose that is only a deployment knows`);
    return expect(!isDevelopment(text), origin, `${what} lets pages of ${text} read answers, which is a developer's machine`);
  }))),
});

export const HDR_CORS_RULES = [exactOrigins, noWildcard, noDevelopment];
