import * as fc from 'fast-check';
import type { AccessCondition, PolicyConfiguration, PolicyRoute } from '../../../src/gate/contract';
import { compilePolicy, type CompiledPolicy } from '../../../src/runtime/gate/policy';
import type { Identity } from '../../../src/runtime/gate/ports';

function caller({ scopes = [], roles = [] }: { scopes?: string[]; roles?: string[] } = {}): Identity {
  return { subject: 'platform', proofs: new Set(['token']), scopes: new Set(scopes), roles: new Set(roles), revocableAs: [] };
}

const scope = (name: string): AccessCondition => ({ kind: 'scope', scope: name });
const role = (name: string): AccessCondition => ({ kind: 'role', role: name });
const AUTHENTICATED: AccessCondition = { kind: 'authenticated' };

function post(path: string, access: AccessCondition): PolicyRoute {
  return { method: 'POST', path, subtree: false, access, tier: 'light', streams: false };
}

function subtree(path: string, access: AccessCondition = AUTHENTICATED): PolicyRoute {
  return { method: 'ANY', path, subtree: true, access, tier: 'light', streams: false };
}

type Decision = 'allow' | 'no-route' | 'denied';

function decide(policy: CompiledPolicy, method: string, path: string, identity: Identity): Decision {
  const route = policy.match(method, path);
  if (!route) return 'no-route';
  return route.permits(identity) ? 'allow' : 'denied';
}

function policyOf(routes: PolicyRoute[], roles: PolicyConfiguration['roles'] = {}): ReturnType<typeof compilePolicy> {
  return compilePolicy({ routes, roles });
}

describe('An endpoint with a scope of its own', () => {
  const CORTEX = { chat: '/v1/chat/completions', completions: '/v1/completions', embeddings: '/v1/embeddings' };
  const TGEFD = { discover: '/discover', evaluate: '/evaluate', metrics: '/metrics', jobs: '/jobs' };

  test.each([['CX-09 to CX-11', CORTEX], ['TG-30 to TG-37', TGEFD]])('takes that scope and no other (%s)', (_, endpoints) => {
    const policy = policyOf(Object.entries(endpoints).map(([name, path]) => post(path, scope(name))));
    for (const held of Object.keys(endpoints)) {
      for (const [needed, path] of Object.entries(endpoints)) {
        expect([held, path, decide(policy, 'POST', path, caller({ scopes: [held] }))]).toEqual([held, path, held === needed ? 'allow' : 'denied']);
      }
    }
  });

  const M29 = [
    '/v1/chat', '/v1/chat/completionsx', '/v1/chat/completions/', '/v1//chat/completions', '//v1/chat/completions', '/v1/%63hat/completions', '/v1/chat%2fcompletions',
    '/v1/chat/completions;x=1', '/v1/chat/./completions', '/v1/x/../chat/completions', '/V1/chat/completions', '/v1/Chat/completions', '/x/v1/chat/completions',
    'v1/chat/completions', '/v1/chat/completions?x', '/v1/chat/completions%00', '/v1/chat/completions%', '/v1\\chat\\completions', '', '/', '*',
  ];
  test.each(M29)('is not met by the look-alike %p', (path) => {
    const policy = policyOf([post('/v1/chat/completions', scope('chat'))]);
    expect(decide(policy, 'POST', path, caller({ scopes: ['chat'] }))).toBe('no-route');
    expect(policy.isDeclared(path)).toBe(false);
    expect(policy.methodsOf(path)).toEqual([]);
  });

  test.each(['GET', 'HEAD', 'PUT', 'OPTIONS', 'post', 'Post', 'TRACE', 'ANY', ''])('is not met by the method %p', (method) => {
    expect(decide(policyOf([post('/v1/chat', AUTHENTICATED)]), method, '/v1/chat', caller())).toBe('no-route');
  });

  test('lets GET be asked for without letting HEAD be', () => {
    const policy = policyOf([{ method: 'GET', path: '/v1/models', subtree: false, access: AUTHENTICATED, tier: 'light', streams: false }]);
    expect(decide(policy, 'GET', '/v1/models', caller())).toBe('allow');
    expect(decide(policy, 'HEAD', '/v1/models', caller())).toBe('no-route');
  });

  test('names its methods to a preflight', () => {
    const policy = policyOf([post('/v1/files', AUTHENTICATED), { method: 'GET', path: '/v1/files', subtree: false, access: AUTHENTICATED, tier: 'light', streams: false }]);
    expect(policy.methodsOf('/v1/files')).toEqual(['GET', 'POST']);
    expect(policy.isDeclared('/v1/files')).toBe(true);
    expect(policy.isDeclared('/v1/filesx')).toBe(false);
  });
});

describe('A subtree', () => {
  const policy = policyOf([subtree('/v1/files')]);

  test.each([
    ['/v1/files', 'allow'], ['/v1/files/a', 'allow'], ['/v1/files/a/b', 'allow'], ['/v1/files/', 'allow'],
    ['/v1/filesx', 'no-route'], ['/v1/file', 'no-route'], ['/v1', 'no-route'], ['/x/v1/files/a', 'no-route'],
  ])('of /v1/files says of %s: %s', (path, decision) => {
    expect(decide(policy, 'PATCH', path, caller())).toBe(decision);
  });

  test('takes the methods that people know, and neither OPTIONS nor any other', () => {
    expect(policy.methodsOf('/v1/files/a')).toEqual(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
    for (const method of ['OPTIONS', 'TRACE', 'CONNECT', 'PROPFIND', 'ANY', '__proto__']) expect(decide(policy, method, '/v1/files/a', caller())).toBe('no-route');
  });

  test.each(['/admin', '/admin/keys', '/Admin', '/ADMIN/keys', '/%61dmin/keys', '/admin%2fkeys', '/.gate', '/.gate/health', '/%2egate/health', '/x%'])('of everything leaves out %s', (path) => {
    const all = policyOf([subtree('/')]);
    expect(decide(all, 'GET', path, caller())).toBe('no-route');
    expect(all.isDeclared(path)).toBe(false);
  });

  test.each(['/', '/administrators', '/x/admin', '/.gates', '/a%20b'])('of everything has %s', (path) => {
    expect(decide(policyOf([subtree('/')]), 'GET', path, caller())).toBe('allow');
  });

  test('that disagrees with a route in it opens nothing', () => {
    const disagreeing = policyOf([post('/v1/chat', scope('chat')), subtree('/v1', scope('v1')), subtree('/')]);
    expect(decide(disagreeing, 'POST', '/v1/chat', caller({ scopes: ['chat'] }))).toBe('denied');
    expect(decide(disagreeing, 'POST', '/v1/chat', caller({ scopes: ['v1'] }))).toBe('denied');
    expect(decide(disagreeing, 'POST', '/v1/chat', caller({ scopes: ['chat', 'v1'] }))).toBe('allow');
  });
});

describe('Roles', () => {
  const ROLES = { admin: ['discover', 'evaluate', 'jobs', 'metrics'], analyst: ['discover', 'evaluate', 'jobs', 'metrics'], reader: ['metrics', 'jobs'] };
  const policy = policyOf(['discover', 'evaluate', 'metrics', 'jobs', 'keys'].map((name) => post(`/${name}`, scope(name))), ROLES);

  test.each([['admin', ['discover', 'evaluate', 'jobs', 'metrics']], ['analyst', ['discover', 'evaluate', 'jobs', 'metrics']], ['reader', ['jobs', 'metrics']], ['stranger', []]])(
    '%s has %j and nothing else (TG-44 to TG-46)', (name, scopes) => {
      for (const path of ['discover', 'evaluate', 'metrics', 'jobs', 'keys']) {
        expect([path, decide(policy, 'POST', `/${path}`, caller({ roles: [name] }))]).toEqual([path, scopes.includes(path) ? 'allow' : 'denied']);
      }
      expect(decide(policy, 'POST', '/unmapped', caller({ roles: [name] }))).toBe('no-route');
    });

  test('add up', () => {
    const two = policyOf([post('/x', { kind: 'all', of: [scope('a'), scope('b')] })], { one: ['a'], two: ['b'] });
    expect(decide(two, 'POST', '/x', caller({ roles: ['one', 'two'] }))).toBe('allow');
    expect(decide(two, 'POST', '/x', caller({ roles: ['one'], scopes: ['b'] }))).toBe('allow');
    expect(decide(two, 'POST', '/x', caller({ roles: ['one'] }))).toBe('denied');
  });

  test('are not scopes, nor scopes roles', () => {
    const both = policyOf([post('/role', role('admin')), post('/scope', scope('admin'))], { admin: ['x'] });
    expect(decide(both, 'POST', '/role', caller({ scopes: ['admin'] }))).toBe('denied');
    expect(decide(both, 'POST', '/role', caller({ roles: ['admin'] }))).toBe('allow');
    expect(decide(both, 'POST', '/scope', caller({ roles: ['admin'] }))).toBe('denied');
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype'])('and paths may be called %s', (name) => {
    const plain = policyOf([post('/x', scope('s'))], { admin: ['s'] });
    expect(decide(plain, 'POST', '/x', caller({ roles: [name], scopes: [name] }))).toBe('denied');
    expect(decide(plain, 'POST', `/${name}`, caller())).toBe('no-route');
    expect(decide(plain, 'POST', name, caller())).toBe('no-route');
    expect(decide(plain, name, '/x', caller())).toBe('no-route');
    const named = compilePolicy(JSON.parse(JSON.stringify({ routes: [post(`/${name}`, scope('s'))] }).replace(/}$/, `,"roles":{"${name}":["s"]}}`)) as PolicyConfiguration);
    expect(decide(named, 'POST', `/${name}`, caller({ roles: [name] }))).toBe('allow');
    expect(decide(named, 'POST', `/${name}`, caller())).toBe('denied');
  });
});

describe('A condition', () => {
  test.each<[string, AccessCondition]>([['all', { kind: 'all', of: [] }], ['any', { kind: 'any', of: [] }]])('of %s of nothing lets nobody through', (_, access) => {
    expect(decide(policyOf([post('/x', access)]), 'POST', '/x', caller({ scopes: ['a'], roles: ['b'] }))).toBe('denied');
  });

  test('lets nobody through where there is no policy', () => {
    expect(decide(policyOf([]), 'GET', '/', caller())).toBe('no-route');
  });
});

/** As it would be written down by somebody who does not care how long it takes, from the guide and not from the code. */
function reference({ routes, roles }: PolicyConfiguration, method: string, path: string, { scopes, roles: held }: Identity): Decision {
  const granted = new Set([...scopes, ...Object.entries(roles).filter(([name]) => held.has(name)).flatMap(([, given]) => given)]);
  const meets = (access: AccessCondition): boolean => {
    if (access.kind === 'authenticated') return true;
    if (access.kind === 'scope') return granted.has(access.scope);
    if (access.kind === 'role') return held.has(access.role);
    const met = access.of.filter(meets).length;
    return access.kind === 'any' ? met > 0 : met > 0 && met === access.of.length;
  };
  const segments = path.split('/');
  const reserved = ['admin', '.gate'].includes((segments[1] ?? '').toLowerCase());
  const matching = routes.filter((route) => {
    const methodFits = route.method === 'ANY' ? ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(method) : route.method === method;
    const own = route.path === '/' ? [''] : route.path.split('/');
    const below = route.subtree && own.every((segment, index) => segments[index] === segment);
    return methodFits && !reserved && path.startsWith('/') && (route.path === path || below);
  });
  if (matching.length === 0) return 'no-route';
  return matching.every(({ access }) => meets(access)) ? 'allow' : 'denied';
}

const NAMES = ['chat', 'chatx', 'completions', '__proto__', 'constructor', 'admin', '.gate', 'v1'];
const name = fc.constantFrom(...NAMES);
/** What a route may be called; requests ask for less likely ones too. */
const declared = fc.array(name, { maxLength: 3 }).map((segments) => `/${segments.join('/')}`);
const asked = fc.oneof(
  { weight: 4, arbitrary: declared },
  fc.array(fc.constantFrom(...NAMES, '', 'Admin', 'Chat'), { maxLength: 4 }).map((segments) => segments.join('/')),
  fc.string().map((text) => `/${text.replaceAll('%', '')}`),
);
const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'get', '__proto__');
const condition = fc.letrec<{ any: AccessCondition }>((tie) => ({
  any: fc.oneof({ maxDepth: 3, withCrossShrink: true },
    fc.constant(AUTHENTICATED), name.map(scope), name.map(role),
    fc.record({ kind: fc.constantFrom('all' as const, 'any' as const), of: fc.array(tie('any'), { maxLength: 3 }) })),
})).any;
const costs = { tier: fc.constantFrom('light' as const, 'heavy' as const), streams: fc.boolean() };
const route = fc.oneof(
  fc.record({ method: fc.constantFrom('GET' as const, 'POST' as const, 'DELETE' as const), path: declared, subtree: fc.constant(false), access: condition, ...costs }),
  fc.record({ method: fc.constant('ANY' as const), path: declared, subtree: fc.constant(true), access: condition, ...costs }),
);
const policy = fc.record({
  routes: fc.array(route, { maxLength: 6 }),
  roles: fc.array(fc.tuple(name, fc.uniqueArray(name, { minLength: 1, maxLength: 3 })), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
});
const identity = fc.record({ scopes: fc.uniqueArray(name, { maxLength: 4 }), roles: fc.uniqueArray(name, { maxLength: 3 }) }).map(caller);

describe('Whatever the policy, the request and the caller', () => {
  test('the answer is the one that a naive reading gives', () => {
    const seen = new Set<string>();
    fc.assert(fc.property(policy, method, asked, identity, (drawn, verb, path, who) => {
      const decision = decide(compilePolicy(drawn), verb, path, who);
      seen.add(decision);
      expect(decision).toBe(reference(drawn, verb, path, who));
    }), { numRuns: 20_000 });
    expect(seen).toEqual(new Set(['allow', 'denied', 'no-route']));
  });

  test('paths and methods that a preflight is told are those that somebody could use', () => {
    const everything = caller({ scopes: NAMES, roles: NAMES });
    fc.assert(fc.property(policy, asked, (drawn, path) => {
      const compiled = compilePolicy(drawn);
      const usable = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter((verb) => decide(compiled, verb, path, everything) !== 'no-route');
      expect(compiled.methodsOf(path)).toEqual(usable);
      expect(compiled.isDeclared(path)).toBe(usable.length > 0);
    }), { numRuns: 5000 });
  });

  test('another scope or role never takes anything away', () => {
    fc.assert(fc.property(policy, method, asked, identity, name, (drawn, verb, path, who, more) => {
      const compiled = compilePolicy(drawn);
      fc.pre(decide(compiled, verb, path, who) === 'allow');
      expect(decide(compiled, verb, path, { ...who, scopes: new Set([...who.scopes, more]), roles: new Set([...who.roles, more]) })).toBe('allow');
    }), { numRuns: 1000, maxSkipsPerRun: 1000 });
  });
});

describe('The route that matches', () => {
  const declared = (path: string, subtree: boolean, more: Partial<PolicyRoute> = {}): PolicyRoute =>
    ({ method: subtree ? 'ANY' : 'POST', path, subtree, access: AUTHENTICATED, tier: 'light', streams: false, ...more });

  test('is named as it is declared, the most specific first', () => {
    const policy = policyOf([declared('/', true), declared('/v1', true), declared('/v1/chat', true), declared('/v1/chat', false)]);
    const actions = ['/x', '/v1', '/v1/x', '/v1/chat/x', '/v1/chat'].map((path) => policy.match('POST', path)?.action);
    expect(actions).toEqual(['ANY /*', 'ANY /v1/*', 'ANY /v1/*', 'ANY /v1/chat/*', 'POST /v1/chat']);
    expect(policy.match('GET', '/v1/chat')?.action).toBe('ANY /v1/chat/*');
    expect(policy.match('OPTIONS', '/v1/chat')).toBeUndefined();
  });

  test('is heavy, and streams, where any of several does', () => {
    for (const [outer, inner, expected] of [
      [{ tier: 'heavy' }, {}, { tier: 'heavy', streams: false }],
      [{}, { tier: 'heavy' }, { tier: 'heavy', streams: false }],
      [{ streams: true }, {}, { tier: 'light', streams: true }],
      [{}, { streams: true }, { tier: 'light', streams: true }],
      [{}, {}, { tier: 'light', streams: false }],
    ] as const) {
      const policy = policyOf([declared('/v1', true, outer), declared('/v1/chat', false, inner)]);
      expect(policy.match('POST', '/v1/chat')).toMatchObject({ ...expected, action: 'POST /v1/chat' });
    }
  });
});
