import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { TASK_DEFINITION } from './containers';
import { eachGate, tokensOf } from './gate-configuration';
import { checkVariables, eachEnvironment, entriesIn, type Environment, isPresent, PROGRAMS, valueOf, type VariableCheck } from './variables';

/** The app of the checklist, whose defaults are known to be open (TG-30 to TG-46). */
const CHECKLIST = 'TGEFD_';
const OPERATIONS = ['DISCOVER', 'EVALUATE', 'METRICS', 'JOBS'];
/** Operations that cost much, which a reader has no business with (TG-46). */
const HEAVY = ['DISCOVER', 'EVALUATE'];

const RBAC: readonly VariableCheck[] = [{
  name: /(^|_)RBAC_ENABLED$/i,
  check: (value, name) => expect(value.text() === 'true', value, `${name} leaves every caller every right unless it is exactly true`),
}];

/** The name of an operation's scope, as far as it is known; holes and all. */
const scopeOf = (environment: Environment, operation: string): string | undefined => valueOf(environment, `${CHECKLIST}SCOPE_${operation}`)?.partialText().text.trim();

function scopesAreDistinct(environment: Environment): readonly Outcome[] {
  const { owner, place } = environment;
  if (!isPresent(environment, new RegExp(`^${CHECKLIST}SCOPE_(${OPERATIONS.join('|')})$`))) return NOT_APPLICABLE;
  const missing = OPERATIONS.filter((operation) => !scopeOf(environment, operation));
  if (missing.length > 0) return fail(place, `${owner} has no scope for ${missing.join(', ')}, so who may do that is not decided`);
  const names = OPERATIONS.map((operation) => scopeOf(environment, operation));
  return expect(new Set(names).size === names.length, place, `${owner} has one scope for two of ${OPERATIONS.join(', ')}: who may do the one may do the other`);
}

const rbac = defineRule('AZN-2', 'rbac', {
  appliesTo: PROGRAMS,
  extent: 'variables that are called like those of the checklist',
  remediation: `Set RBAC_ENABLED to true, and four different scopes in ${OPERATIONS.map((operation) => `${CHECKLIST}SCOPE_${operation}`).join(', ')}.`,
  check: (resource) => eachEnvironment(resource, (environment) => all(
    () => checkVariables(environment, RBAC),
    () => {
      if (!isPresent(environment, /^TGEFD_(AUTH_MODE|SCOPE_\w+|ROLE_\w+)$/)) return NOT_APPLICABLE;
      return isPresent(environment, /^TGEFD_RBAC_ENABLED$/) ? NOT_APPLICABLE : fail(environment.place, `${environment.owner} does not set TGEFD_RBAC_ENABLED, which has no safe default`);
    },
    () => scopesAreDistinct(environment),
  )),
});

const lastPart = (scope: string): string => scope.replace(/^.*[/.:]/, '').toUpperCase();

/** By the app's own word for the scope, or by what the scope is called. */
function isHeavy(scope: string, environment?: Environment): boolean {
  return HEAVY.some((operation) => scope === (environment && scopeOf(environment, operation)) || lastPart(scope) === operation);
}

const READER = /^(reader|viewer|readonly|read-only)$/i;
const HEAVY_NAMES = HEAVY.map((operation) => operation.toLowerCase()).join(' or ');

function readsOnly(scopes: readonly Property[], role: string, at: Property, environment?: Environment): readonly Outcome[] {
  const heavy = scopes.map((scope) => scope.partialText().text).find((scope) => isHeavy(scope, environment));
  if (heavy !== undefined) return fail(at, `${role} may do ${heavy}: a reader has no part in ${HEAVY_NAMES}`);
  return each(scopes, (scope) => (scope.text() === undefined ? NOT_APPLICABLE : PASS));
}

/** What a role may do, where the app says which scopes there are. */
function isDeclared(value: Property, name: string, environment: Environment): readonly Outcome[] {
  const declared = OPERATIONS.map((operation) => scopeOf(environment, operation)).filter((scope) => scope !== undefined);
  if (declared.length === 0) return NOT_APPLICABLE;
  const unknown = entriesIn(value).map((scope) => scope.partialText().text).find((scope) => scope !== '*' && !declared.includes(scope));
  return expect(unknown === undefined, value, `${name} grants ${unknown ?? ''}, which is none of the scopes that the app has`);
}

const ROLE_VARIABLES: readonly VariableCheck[] = [
  { name: /(^|_)ROLE_(READER|VIEWER|READONLY)_SCOPES$/i, check: (value, name, environment) => readsOnly(entriesIn(value), name, value, environment) },
  { name: /^TGEFD_ROLE_[A-Z]+_SCOPES$/i, check: isDeclared },
];

const roleVariables = defineRule('AZN-3', 'role-variables', {
  appliesTo: PROGRAMS,
  extent: 'variables that are called like those of the checklist',
  remediation: `Grant each role scopes that the app declares, and a reader neither ${HEAVY_NAMES}.`,
  check: (resource) => eachEnvironment(resource, (environment) => checkVariables(environment, ROLE_VARIABLES)),
});

const gateRoles = defineRule('AZN-3', 'gate-roles', {
  appliesTo: [TASK_DEFINITION],
  extent: 'the roles of a gate',
  remediation: `Take ${HEAVY_NAMES} out of what a reader may do.`,
  check: (task) => eachGate(task, (configuration) => each(configuration.get('policy.roles').entries(), ([role, scopes]) =>
    (READER.test(role) ? readsOnly(scopes.items(), `role ${role}`, scopes) : PASS))),
});

/** C-10: what grants everything grants what is yet to come as well. */
function hasNoWildcard(scopes: readonly Property[], at: Property, what: string): readonly Outcome[] {
  const wild = scopes.find((scope) => scope.partialText().text.includes('*'));
  if (wild) return fail(at, `${what} grants ${wild.partialText().text}: whatever scope there will be is granted too`);
  return scopes.length === 0 ? PASS : each(scopes, (scope) => (scope.text() === undefined ? NOT_APPLICABLE : PASS));
}

const SCOPE_LISTS: readonly VariableCheck[] = [
  { name: /(^|_)(API_KEY|ROLE_\w+|DEFAULT|ALLOWED|KEY)_SCOPES$/i, check: (value, name) => hasNoWildcard(entriesIn(value), value, name) },
];

const wildcards = defineRule('AZN-4', 'no-wildcard-variables', {
  appliesTo: PROGRAMS,
  extent: 'variables that grant scopes',
  remediation: 'Write out the scopes, such as "discover evaluate jobs metrics". Where a role is to have all there will be, acknowledge it.',
  check: (resource) => eachEnvironment(resource, (environment) => checkVariables(environment, SCOPE_LISTS)),
});

const gateWildcards = defineRule('AZN-4', 'no-wildcard-gate', {
  appliesTo: [TASK_DEFINITION],
  extent: 'the configuration of a gate',
  remediation: 'Write out the scopes of every role and of every certificate.',
  check: (task) => eachGate(task, (configuration) => each(
    [...configuration.get('policy.roles').entries(), ...configuration.get('identity.certificate').get('scopes').entries()],
    ([name, scopes]) => hasNoWildcard(scopes.items(), scopes, `"${name}" in the gate`),
  )),
});

const CLIENT = 'AWS::Cognito::UserPoolClient';
const RESOURCE_SERVER = 'AWS::Cognito::UserPoolResourceServer';

const clientWildcards = defineRule('AZN-4', 'no-wildcard-client', {
  appliesTo: [CLIENT],
  remediation: 'Write out the scopes in AllowedOAuthScopes.',
  check(client) {
    const place = client.prop('AllowedOAuthScopes');
    const scopes = place.items();
    return scopes.length === 0 ? NOT_APPLICABLE : each(scopes, (scope) =>
      expect(!scope.partialText().text.includes('*'), scope, `may ask for ${scope.partialText().text}, whatever scope that will be`));
  },
});

/** What a token may hold scopes in, none of which a caller can write to (TG-38). */
const SCOPES_CLAIMS = ['scope', 'scp', 'scopes'];
/** Attributes of a user pool that its users may be able to change (Cognito guide, "Custom attributes"). */
const OF_USERS = /^custom:/i;

function isScopesClaim(place: Property, what: string): readonly Outcome[] {
  const claim = place.text() ?? '';
  return expect(SCOPES_CLAIMS.includes(claim), place, `${what} takes scopes from "${claim}", which is none of ${SCOPES_CLAIMS.join(', ')}`);
}

function isRolesClaim(place: Property, what: string): readonly Outcome[] {
  const claim = place.text() ?? '';
  return expect(claim !== '' && !OF_USERS.test(claim), place, `${what} takes roles from "${claim}", which users may write themselves`);
}

const gateSource = defineRule('AZN-5', 'gate-claims', {
  appliesTo: [TASK_DEFINITION],
  extent: 'the configuration of a gate',
  remediation: 'Take scopes from scope, scp or scopes, and roles from a claim that the issuer alone writes, such as cognito:groups.',
  check: (task) => eachGate(task, (configuration) => each(tokensOf(configuration), (token) => all(
    () => isScopesClaim(token.get('scopesClaim'), 'the gate'),
    () => (token.get('rolesClaim').exists ? isRolesClaim(token.get('rolesClaim'), 'the gate') : NOT_APPLICABLE),
  ))),
});

/** Where one parser takes what is between commas, another takes what is between blanks (C-09). */
function hasOneSeparator(value: Property, name: string): readonly Outcome[] {
  const { text } = value.partialText();
  return expect(!(text.includes(',') && /\S\s+\S/.test(text)) && !/[,\s]$|^[,\s]|,,/.test(text), value, `${name} mixes commas and blanks, or has one too many: parsers differ in what they make of it`);
}

const SOURCE_VARIABLES: readonly VariableCheck[] = [
  { name: /(^|_)JWT_SCOPES?_CLAIM$/i, check: (value, name) => isScopesClaim(value, name) },
  { name: /(^|_)ROLES?_CLAIM$/i, check: (value, name) => isRolesClaim(value, name) },
  {
    name: /^TGEFD_MTLS_(SCOPES|ROLE)_HEADER$/i,
    check: (value, name, environment) => expect(valueOf(environment, 'TGEFD_AUTH_MODE')?.text() === 'mtls', value, `${name} is believed though no certificate is asked for`),
  },
  { name: /(^|_)(API_KEY|ROLE_\w+)_SCOPES$/i, check: hasOneSeparator },
];

function hasOneRoleClaim(environment: Environment): readonly Outcome[] {
  const both = ['ROLE_CLAIM', 'ROLES_CLAIM'].every((claim) => isPresent(environment, new RegExp(`^${CHECKLIST}${claim}$`)));
  return both ? fail(environment.place, `${environment.owner} names two claims for roles, and which of them counts is the app's to know`) : NOT_APPLICABLE;
}

const sourceVariables = defineRule('AZN-5', 'claim-variables', {
  appliesTo: PROGRAMS,
  extent: 'variables that are called like those of the checklist',
  remediation: 'Name one claim for scopes and one for roles that the issuer alone writes, headers about certificates in mode mtls only, and one separator in lists.',
  check: (resource) => eachEnvironment(resource, (environment) => all(() => checkVariables(environment, SOURCE_VARIABLES), () => hasOneRoleClaim(environment))),
});

/** The scopes of a resource server, as clients name them: after its identifier, or after a reference to it. */
function namesOf(server: Resource): readonly (readonly string[])[] {
  const identifier = server.prop('Identifier').partialText().text;
  return server.prop('Scopes').items().map((scope) => {
    const name = scope.get('ScopeName').partialText().text;
    return [`${identifier}/${name}`, `\${${server.logicalId}}/${name}`];
  });
}

function leavesSomething(client: Resource, server: Resource): readonly Outcome[] {
  const place = client.prop('AllowedOAuthScopes');
  const allowed = place.items().map((scope) => scope.partialText().text);
  const scopes = namesOf(server);
  if (scopes.length < 2) return PASS;
  return expect(!scopes.every((names) => names.some((name) => allowed.includes(name))), place, `may ask for every scope of ${server.logicalId}: whoever has its secret may do everything`);
}

/** Servers of the pool that a client belongs to. */
function serversOf(client: Resource, graph: TemplateGraph): readonly Resource[] {
  const { value } = client.prop('UserPoolId');
  if (value instanceof Reference) return graph.pointingAt(value.resource, RESOURCE_SERVER, 'UserPoolId');
  const pool = client.prop('UserPoolId').partialText().text;
  return graph.ofType(RESOURCE_SERVER).filter((server) => server.prop('UserPoolId').partialText().text === pool);
}

const leastScope = defineRule('AZN-6', 'least-scope', {
  appliesTo: [CLIENT],
  extent: 'clients of Amazon Cognito',
  remediation: 'Name only the scopes that the client needs in AllowedOAuthScopes; acknowledge it for one that needs them all.',
  check(client, graph) {
    if (client.prop('AllowedOAuthScopes').items().length === 0) return NOT_APPLICABLE;
    return each(serversOf(client, graph), (server) => leavesSomething(client, server));
  },
});

export const AZN_SCOPE_RULES = [rbac, roleVariables, gateRoles, wildcards, gateWildcards, clientWildcards, gateSource, sourceVariables, leastScope];
