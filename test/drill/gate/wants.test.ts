import type { AccessCondition, PolicyConfiguration, PolicyRoute } from '../../../src/gate/contract';
import type { ListenerModel, RuleModel } from '../../../src/drill/edge/model';
import { contents, draftOn, everythingIn, knownTo, NOTHING, routesFor, together, wantsOf } from '../../../src/drill/gate/wants';
import { PLAIN } from '../../../src/drill/requests/drafts';
import { FORWARDING, listenerOf } from '../../support/fake-scene';

const AUTHENTICATED: AccessCondition = { kind: 'authenticated' };
const scope = (name: string): AccessCondition => ({ kind: 'scope', scope: name });
const role = (name: string): AccessCondition => ({ kind: 'role', role: name });
const all = (...of: AccessCondition[]): AccessCondition => ({ kind: 'all', of });
const any = (...of: AccessCondition[]): AccessCondition => ({ kind: 'any', of });

describe('what a caller has to be given', () => {
  test.each<[string, AccessCondition, readonly string[], readonly string[]]>([
    ['nothing where it is enough to be known', AUTHENTICATED, [], []],
    ['the scope', scope('a'), ['a'], []],
    ['the role', role('r'), [], ['r']],
    ['all of them, each once', all(scope('a'), scope('b'), all(scope('a'), role('r'))), ['a', 'b'], ['r']],
    ['the first of several that would do', any(scope('a'), scope('b')), ['a'], []],
    ['the first also where it is a combination', any(all(scope('a'), role('r')), scope('b')), ['a'], ['r']],
    ['nothing where the alternatives are none', any(), [], []],
  ])('%s', (_, condition, scopes, roles) => {
    expect(wantsOf(condition)).toEqual({ scopes, roles });
  });

  test('several wishes are one, without repetition', () => {
    expect(together([{ scopes: ['a', 'b'], roles: [] }, { scopes: ['b'], roles: ['r', 'r'] }, NOTHING])).toEqual({ scopes: ['a', 'b'], roles: ['r'] });
  });
});

const route = (path: string, access: AccessCondition = AUTHENTICATED, more: Partial<PolicyRoute> = {}): PolicyRoute => (
  { method: 'GET', path, subtree: false, access, tier: 'light', streams: false, ...more }
);
const policy = (...routes: PolicyRoute[]): PolicyConfiguration => ({ routes, roles: {} });

test('a policy speaks of all scopes and roles, in every alternative and of every role', () => {
  const spoken = everythingIn({ routes: [route('/a', any(scope('a'), all(scope('b'), role('r'))))], roles: { s: ['c', 'a'] } });
  expect(spoken).toEqual({ scopes: ['a', 'b', 'c'], roles: ['r', 's'] });
});

describe('whether a condition is content', () => {
  const roles = { operator: ['a'] };
  test.each<[string, AccessCondition, readonly string[], readonly string[], boolean]>([
    ['with anybody', AUTHENTICATED, [], [], true],
    ['with the scope', scope('a'), ['a'], [], true],
    ['with a role that stands for the scope', scope('a'), [], ['operator'], true],
    ['not with a scope that begins like it', scope('a'), ['a:b'], [], false],
    ['not with a role that is called like the scope', scope('a'), [], ['a'], false],
    ['not with a role that nobody knows', scope('a'), [], ['constructor'], false],
    ['with the role itself', role('operator'), [], ['operator'], true],
    ['not with the scope of a role', role('operator'), ['a'], [], false],
    ['with all parts', all(scope('a'), scope('b')), ['a', 'b'], [], true],
    ['not with one part of two', all(scope('a'), scope('b')), ['a'], [], false],
    ['with one of two alternatives', any(scope('a'), scope('b')), ['b'], [], true],
    ['not with neither', any(scope('a'), scope('b')), ['c'], [], false],
    ['not where the alternatives are none', any(), ['a'], [], false],
  ])('%s', (_, condition, scopes, held, expected) => {
    expect(contents(condition, { scopes, roles: held }, roles)).toBe(expected);
  });
});

describe('the routes that a request means', () => {
  const routes = [route('/v1/models'), route('/v1/runs', AUTHENTICATED, { subtree: true }), route('/v1/any', AUTHENTICATED, { method: 'ANY' })];
  test.each([
    ['GET', '/v1/models', ['/v1/models']], ['POST', '/v1/models', []], ['GET', '/v1/models/', []], ['GET', '/v1/models/1', []], ['GET', '/V1/models', []],
    ['GET', '/v1/runs', ['/v1/runs']], ['GET', '/v1/runs/1/steps', ['/v1/runs']], ['GET', '/v1/runs-2', []], ['DELETE', '/v1/any', ['/v1/any']],
  ])('%s %s', (method, path, expected) => {
    expect(routesFor(policy(...routes), method, path).map((each) => each.path)).toEqual(expected);
  });

  test('a subtree at the root takes every path', () => {
    const root = route('/', AUTHENTICATED, { subtree: true });
    expect([routesFor(policy(root), 'GET', '/'), routesFor(policy(root), 'GET', '/a/b')]).toEqual([[root], [root]]);
  });
});

test('a draft for a route has its path, and its method unless it takes any', () => {
  expect(draftOn(route('/v1/runs', AUTHENTICATED, { method: 'DELETE' }), PLAIN)).toMatchObject({ method: 'DELETE', path: '/v1/runs' });
  expect(draftOn(route('/v1/runs', AUTHENTICATED, { method: 'ANY' }), { ...PLAIN, method: 'PATCH' })).toMatchObject({ method: 'PATCH', path: '/v1/runs' });
});

describe('a request that rule and policy both know', () => {
  const under = (path: string): RuleModel => ({ ...FORWARDING, conditions: [{ kind: 'path', values: [path] }] });
  const listenerWith = (...rules: RuleModel[]): ListenerModel => listenerOf(rules);

  test('is the draft itself where the policy has it', () => {
    const rule = under('/v1/*');
    expect(knownTo(policy(route('/v1/models')), { ...PLAIN, path: '/v1/models' }, listenerWith(rule), rule)).toMatchObject({ path: '/v1/models' });
  });

  test('is one of the policy that the rule takes', () => {
    const rule = under('/v1/*');
    expect(knownTo(policy(route('/admin'), route('/v1/models')), { ...PLAIN, path: '/v1/drill' }, listenerWith(rule), rule)).toMatchObject({ method: 'GET', path: '/v1/models' });
  });

  test('is one below a subtree where a rule before takes its root', () => {
    const [first, rule] = [under('/v1/runs'), under('/v1/*')];
    const draft = knownTo(policy(route('/v1/runs', AUTHENTICATED, { subtree: true })), { ...PLAIN, path: '/v1/other' }, listenerWith(first, rule), rule);
    expect(draft.path).toBe('/v1/runs/drill');
  });

  test('does not exist where the policy knows none that comes to the rule', () => {
    const rule = under('/v2/*');
    expect(() => knownTo(policy(route('/v1/models')), { ...PLAIN, path: '/v2/x' }, listenerWith(rule), rule)).toThrow('The gate\'s policy knows no request that Rule takes.');
  });
});
