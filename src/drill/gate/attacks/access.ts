import type { Attack } from '../../attack';
import type { Attempt } from '../../attacks/attempts';
import { GATE_BYPASSED, POLICY_TAKES_ALL, ROLES_WIDENED, SCOPES_DROPPED } from '../saboteurs';
import { routesFor } from '../wants';
import { defineGateAttack, takesKeys, takesTokens, withPath } from './define';
import { asksForScopes, everything, walk } from './walk';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Spellings that some server reads as the path itself, or as one next to it (design 2, R1's corpus): none of them may be repaired. */
const TRICKS: readonly ((path: string) => string)[] = [
  (path) => path.replace(/\/([^/]*)$/, '/%2f$1'), (path) => path.replace(/\/([^/]*)$/, '%2f$1'), (path) => path.replace(/\/([^/]*)$/, '%5c$1'),
  (path) => `${path}%00`, (path) => `${path}%00.json`, (path) => `${path};drill=1`, (path) => `${path}%3bdrill`, (path) => `/${path}`, (path) => `${path}//`,
  (path) => `/.${path}`, (path) => `/drill/..${path}`, (path) => `/%2e${path}`, (path) => `/drill/%2e%2e${path}`, (path) => `/drill/.%2e${path}`, (path) => `${path}/.`, (path) => `${path}/..`,
  (path) => `/drill/%252e%252e${path}`, (path) => `/drill/..;${path}`, (path) => path.replace(/([a-z])([^/]*)$/, (_, letter: string, rest: string) => `%${letter.charCodeAt(0).toString(16)}${rest}`),
  (path) => `${path}%20`, (path) => `${path}%0d%0ax-role:admin`, (path) => `${path}%0a`, (path) => `${path}%c0%af`, (path) => `${path}%ff`, (path) => `${path}%zz`, (path) => `${path}%`,
  (path) => `${path}%e2%80%8b`, (path) => path.replaceAll('/', '%ef%bc%8f').replace('%ef%bc%8f', '/'), (path) => `${path}%23x`, (path) => `${path}%3fx=1`, (path) => `${path}%25`,
];

const pathTricks = defineGateAttack('AZN-1', 'gate-path-tricks', {
  tries: 'Calls with everything that is good, in spellings of a declared path that some server would decode, trim or join to it.',
  async run({ gate, tryAll }) {
    const request = await gate.request();
    const { path } = gate.draft();
    const deep = path === '/' ? '/drill' : path;
    const attempts = [...new Set(TRICKS.map((trick) => trick(deep)))].filter((each) => each !== deep).map((each): Attempt => ({ name: each, request: withPath(request, each) }));
    return tryAll(attempts);
  },
  saboteurs: [GATE_BYPASSED],
});

/** What a Core often answers beside what it is for, and what no policy can declare. */
const PATHS = ['/', '/docs', '/openapi.json', '/metrics', '/debug', '/internal/jobs', '/.gate', '/.gate/status', '/.GATE/health'];

const undeclared = defineGateAttack('AZN-1', 'gate-undeclared-routes', {
  tries: 'Calls as somebody who has every scope and role, by paths and methods that the policy does not declare.',
  needs: 'gate whose policy leaves something out',
  matches: ({ policy }) => !policy.routes.some(({ method, path, subtree }) => method === 'ANY' && path === '/' && subtree),
  async run(at) {
    const { gate } = at;
    const { policy } = gate.configuration;
    const draft = gate.draft();
    const paths = [...PATHS, ...policy.routes.flatMap(({ path }) => [`${path}/drill`, `${path}-2`, `${path}/`, path.toUpperCase(), path.split('/').slice(0, -1).join('/') || '/'])];
    const candidates = [...new Set(paths)].flatMap((path) => [draft.method, 'GET'].map((method) => ({ method, path })));
    const others = policy.routes.flatMap(({ path }) => METHODS.map((method) => ({ method, path })));
    const left = [...candidates, ...others].filter(({ method, path }) => routesFor(policy, method, path).length === 0 && path !== gate.configuration.core.healthCheckPath);
    const attempts = await Promise.all([...new Map(left.map((each) => [`${each.method} ${each.path}`, each])).values()].map(async (each): Promise<Attempt> => (
      { name: `${each.method} ${each.path}`, request: await gate.request({ draft: { ...draft, ...each }, wants: everything(at) }) }
    )));
    return at.tryAll(attempts);
  },
  saboteurs: [GATE_BYPASSED, POLICY_TAKES_ALL],
});

const scopeMatrix = defineGateAttack('AZN-2', 'gate-scope-matrix', {
  tries: 'Calls every route as callers who have nothing, each single scope, or all scopes but one.',
  expects: 'They are refused wherever the policy asks for more, and the Core hears of none.',
  needs: 'gate with a route that asks for a scope or a role',
  matches: asksForScopes,
  run: (at) => walk(at, (_, { scopes }) => [
    { name: 'no scope', wants: { scopes: [], roles: [] } },
    ...scopes.map((scope) => ({ name: `scope ${scope} alone`, wants: { scopes: [scope], roles: [] } })),
    ...scopes.map((scope) => ({ name: `every scope but ${scope}`, wants: { scopes: scopes.filter((other) => other !== scope), roles: [] } })),
  ]),
  saboteurs: [SCOPES_DROPPED, GATE_BYPASSED],
});

const roleMatrix = defineGateAttack('AZN-3', 'gate-role-matrix', {
  tries: 'Calls every route as callers who have one role each, and roles that nobody knows.',
  expects: 'They are refused wherever the role does not stand for what the policy asks, and the Core hears of none.',
  needs: 'gate that reads roles from tokens, with a route that asks for more than one of them has',
  matches: (configuration, verifiesClients) => asksForScopes(configuration) && takesTokens(configuration,
    verifiesClients) && configuration.identity.tokens.some(({ rolesClaim }) => rolesClaim !== undefined),
  run: (at) => walk(at, (_, { roles }) => [...roles, 'admin', 'root', '__proto__', 'constructor'].map((role) => ({ name: `role ${role}`, wants: { scopes: [], roles: [role] } }))),
  saboteurs: [ROLES_WIDENED, SCOPES_DROPPED, GATE_BYPASSED],
});

const wildcards = defineGateAttack('AZN-4', 'gate-wildcards', {
  tries: 'Calls every route with scopes that look like more than they are: wildcards, prefixes, other cases.',
  expects: 'Every one is refused: a scope is what it is called, and nothing else.',
  needs: 'gate with a route that asks for a scope or a role',
  matches: (configuration, verifiesClients) => asksForScopes(configuration) && (takesTokens(configuration, verifiesClients) || takesKeys(configuration, verifiesClients)),
  run: (at) => walk(at, (_, { scopes }) => [
    ...['*', 'all', 'admin', '.*', '%2a', 'core/*', 'root'].map((scope) => ({ name: `scope ${scope}`, wants: { scopes: [scope], roles: [] } })),
    ...scopes.flatMap((scope) => [scope.toUpperCase(), `${scope}:*`, `${scope.split(/[:/.]/)[0] ?? scope}:*`, scope.slice(0, -1), `${scope}s`])
      .filter((scope) => scope !== '' && !scopes.includes(scope)).map((scope) => ({ name: `scope ${scope}`, wants: { scopes: [scope], roles: [] } })),
  ]),
  saboteurs: [SCOPES_DROPPED, GATE_BYPASSED],
});

const narrowKeys = defineGateAttack('AZN-6', 'gate-narrow-keys', {
  tries: 'Calls every route that asks for a scope with API keys that have none, or all of them in one comma-joined text.',
  expects: 'Every one is refused: a key opens what it was made for.',
  needs: 'gate that takes API keys, with a route that asks for a scope',
  matches: (configuration, verifiesClients) => takesKeys(configuration, verifiesClients) && asksForScopes(configuration),
  run: (at) => walk(at, (_, { scopes }) => [
    { name: 'a key without scopes', wants: { scopes: [], roles: [] } },
    { name: 'a key with all scopes in one text', wants: { scopes: [scopes.join(',')], roles: [] } },
    { name: 'a key with a scope of nothing', wants: { scopes: [''], roles: [] } },
  ], 'key'),
  saboteurs: [SCOPES_DROPPED, GATE_BYPASSED],
});

export const ACCESS_ATTACKS: readonly Attack[] = [pathTricks, undeclared, scopeMatrix, roleMatrix, wildcards, narrowKeys];
