import type { AccessCondition, GateConfiguration, PolicyRoute } from '../../../src/gate/contract';
import { configurationCases } from '../../support/configured-cases';
import { describeRule } from '../../support/rule-cases';

const scope = (name: string): AccessCondition => ({ kind: 'scope', scope: name });
const route = (method: PolicyRoute['method'], path: string, access: AccessCondition, subtree = false): PolicyRoute => ({ method, path, subtree, access, tier: 'light', streams: false });
const routes = (...list: PolicyRoute[]): Partial<GateConfiguration> => ({ policy: { routes: list, roles: {} } });
const ANYBODY: AccessCondition = { kind: 'authenticated' };

describeRule('AZN-1.gate-policy', configurationCases({
  compliant: {
    'everything for everybody who is known, which somebody wrote down': routes(route('ANY', '/', ANYBODY, true)),
    'one path by two methods': routes(route('GET', '/a', scope('read')), route('POST', '/a', scope('write'))),
    'a path that begins like another': routes(route('GET', '/a', scope('one'), true), route('GET', '/ab', scope('two'))),
    'a path below another that does not reach there': routes(route('GET', '/a', scope('one')), route('GET', '/a/b', scope('two'))),
    'the same asked twice, in another order': routes(
      route('GET', '/a', { kind: 'all', of: [scope('one'), scope('two')] }, true), route('ANY', '/a/b', { kind: 'all', of: [scope('two'), scope('one'), scope('one')] }),
    ),
    'a role or a scope': routes(route('GET', '/a', { kind: 'any', of: [{ kind: 'role', role: 'admin' }, scope('one')] })),
  },
  violating: {
    'no route': [routes(), /knows no route/, 'error'],
    'one path that asks for two things': [routes(route('GET', '/a', scope('one')), route('GET', '/a', scope('two'))), /GET \/a asks for something else than GET \/a/],
    'a path below one that asks for something else': [routes(route('GET', '/a', scope('one'), true), route('GET', '/a/b', scope('two'))), /GET \/a\/b asks for something else than GET \/a and below/],
    'the same, written the other way round': [routes(route('GET', '/a/b', scope('two')), route('GET', '/a', scope('one'), true)), /GET \/a and below asks for something else than GET \/a\/b/],
    'everything beside a part of it': [routes(route('POST', '/a', scope('one')), route('POST', '/', ANYBODY, true)), /POST \/ and below asks for something else/],
    'any method beside one': [routes(route('ANY', '/a', ANYBODY), route('DELETE', '/a', scope('two'))), /DELETE \/a asks for something else than ANY \/a/],
    'all of nothing': [routes(route('GET', '/a', { kind: 'all', of: [] })), /asks for none of anything/],
    'all of nothing, further down': [routes(route('GET', '/a', { kind: 'any', of: [{ kind: 'all', of: [] }, scope('one')] })), /asks for none of anything/],
    'a scope without a name': [routes(route('GET', '/a', scope(' '))), /asks for a scope without a name/],
    'a kind that nobody knows': [routes(route('GET', '/a', { kind: 'anonymous' } as unknown as AccessCondition)), /a kind that it does not know/],
    'a kind that every object has': [routes(route('GET', '/a', { kind: 'constructor' } as unknown as AccessCondition)), /a kind that it does not know/],
    'a path that is none': [routes(route('GET', 'a', scope('one'))), /no path that starts with/],
  },
  open: '"/v1/runs"',
}));
