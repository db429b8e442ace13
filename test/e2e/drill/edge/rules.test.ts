import type { ListenerModel } from '../../../../src/drill/edge/model';
import { type Call } from '../../../drill/edge/envoy/caller';
import { L } from '../../../drill/edge/envoy/listeners';
import { edge as model } from '../../../drill/edge/envoy/models';
import { type EdgeStand, openEdge, seen } from '../../../support/edge-stand';

let edge: EdgeStand;

beforeAll(async () => {
  edge = await openEdge(model(...Object.values(L)));
}, 120_000);
afterAll(() => edge.supervisor.stop());

describe('listener rules', () => {
  test.each<[string, Call, string]>([
    ['a path with wildcards, whatever the query', { path: '/a/b/c/z?x=1' }, 'path'],
    ['a question mark that stands for one character', { path: '/q1' }, 'path'],
    ['a host in another case and with a port', { headers: [['host', 'x.API.test:99']] }, 'host'],
    ['one of several headers of a name, in another case', { headers: [['x-tenant', 'iron'], ['x-tenant', 'GOLD']] }, 'header'],
    ['a method', { method: 'PUT' }, 'method'],
    ['a pair in the query, in another case', { path: '/?a=1&V=2b&c' }, 'query'],
    ['a value of any key in the query', { path: '/?z=any' }, 'query'],
    ['a star and a question mark in the query that a backslash made plain', { path: '/?s=*?' }, 'query'],
    ['the address in the PROXY line', { from: '198.51.100.4' }, 'source'],
    ['two conditions at once', { path: '/both', headers: [['x-two', '2']] }, 'both'],
    ['the first of two rules that match', { path: '/q1', method: 'PUT' }, 'path'],
  ])('match %s', async (_, request, body) => {
    await expect(edge.to(L.rules, request)).resolves.toMatchObject({ status: 200, body });
  });

  test.each<[string, Call]>([
    ['a path in another case', { path: '/A/b/z' }],
    ['a path pattern in the query', { path: '/?/a/b/z' }],
    ['two characters for a question mark', { path: '/q12' }],
    ['a host that is only the end of the name', { headers: [['host', 'evil-api.test.example']] }],
    ['a method in another case', { method: 'put' }],
    ['half of two conditions', { path: '/both' }],
    ['a query pair in the path', { path: '/v=2b' }],
    ['another text where a backslash made the wildcards plain', { path: '/?s=xy' }],
    ['a forged X-Forwarded-For', { headers: [['x-forwarded-for', '198.51.100.4']] }],
  ])('do not match %s', async (_, request) => {
    const { status } = await edge.to(L.rules, request);
    expect([400, 404]).toContain(status);
  });

  test('a fixed response comes with its status, type and body, as they are', async () => {
    const { status, headers, body } = await edge.to(L.rules);
    expect([status, headers.get('content-type'), body]).toEqual([404, 'application/json', '{"share":"100%"}']);
  });

  test('TRACE is refused whatever the rules say', async () => {
    await expect(edge.to(L.plain, { method: 'TRACE' })).resolves.toMatchObject({ status: 405 });
  });

  test.each([
    ['/a/b?c=d', 301, 'https://core.test:443/a/b?c=d'],
    ['/old/b?c=d', 302, 'http://new.test:8080/v2/old/b?c=d'],
    ['/shop?c=d', 301, 'https://core.test:443/closed?from=shop'],
  ])('%s is redirected with %d to %s', async (path, status, location) => {
    const answered = await edge.to(L.redirect, { path });
    expect([answered.status, answered.headers.get('location')]).toEqual([status, location]);
  });

  test('a login sends strangers away, refuses them or lets them on', async () => {
    const [sent, refused, letOn] = await Promise.all(['/authenticate', '/deny', '/allow'].map((path) => edge.to(L.login, { path })));
    expect([sent?.status, sent?.headers.get('location'), refused?.status, letOn?.status]).toEqual([302, 'https://idp.test/login?a=%20b', 401, 200]);
  });
});

describe('headers', () => {
  test('of invalid names are dropped or forwarded', async () => {
    const headers = [['x_under', '1'], ['x.dot', '2'], ['x-fine-3', '3']] as const;
    expect(Object.keys(seen(await edge.to(L.plain, { headers })).headers)).toEqual(expect.not.arrayContaining(['x_under', 'x.dot']));
    expect(seen(await edge.to(L.plain, { headers })).headers['x-fine-3']).toEqual(['3']);
    expect(seen(await edge.to(L.lenient, { headers })).headers).toMatchObject({ 'x_under': ['1'], 'x.dot': ['2'], 'x-fine-3': ['3'] });
  });

  test('X-Forwarded-For is appended to, preserved or removed', async () => {
    const request: Call = { from: '192.0.2.1', headers: [['x-forwarded-for', '9.9.9.9']] };
    const forwardedFor = async (target: ListenerModel) => seen(await edge.to(target, request)).headers['x-forwarded-for'];
    await expect(Promise.all([L.plain, L.lenient, L.headers].map(forwardedFor))).resolves.toEqual([['9.9.9.9,192.0.2.1'], ['9.9.9.9'], undefined]);
    expect(seen(await edge.to(L.plain)).headers['x-forwarded-for']).toEqual(['127.0.0.1']);
  });

  test('X-Forwarded-Proto and -Port are the listener\'s, whatever the caller says', async () => {
    const request: Call = { headers: [['x-forwarded-proto', 'ftp'], ['x-forwarded-port', '1']] };
    expect(seen(await edge.to(L.lenient, request)).headers).toMatchObject({ 'x-forwarded-proto': ['http'], 'x-forwarded-port': ['8080'] });
    expect(seen(await edge.to(L.modern, request)).headers).toMatchObject({ 'x-forwarded-proto': ['https'], 'x-forwarded-port': ['443'] });
  });

  test('the Core sees nothing of Envoy\'s own', async () => {
    expect(Object.keys(seen(await edge.to(L.plain, { from: '8.8.8.8' })).headers).sort()).toEqual(['host', 'x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto']);
  });

  test('those of the listener replace the Core\'s, and are not on answers that the edge makes itself', async () => {
    const [forwarded, fixed] = await Promise.all([edge.to(L.headers), edge.to(L.headers, { path: '/fixed' })]);
    expect([forwarded.headers.get('strict-transport-security'), forwarded.headers.get('content-type')]).toEqual(['max-age=31536000; note=100%', 'x/overwritten']);
    expect([fixed.headers.has('strict-transport-security'), fixed.headers.get('content-type')]).toEqual([false, 'text/plain']);
    const [refused] = await Promise.all([edge.to(L.jwt)]);
    expect([refused.status, refused.headers.has('strict-transport-security')]).toEqual([401, false]);
  });

  test('server names the Core or the load balancer, or nobody where that is turned off', async () => {
    const server = async (target: ListenerModel, path: string) => (await edge.to(target, { path })).headers.get('server');
    await expect(server(L.plain, '/')).resolves.toBe('sample-core');
    await expect(server(L.login, '/deny')).resolves.toBe('awselb/2.0');
    await expect(server(L.headers, '/')).resolves.toBeUndefined();
    await expect(server(L.headers, '/fixed')).resolves.toBeUndefined();
  });
});
