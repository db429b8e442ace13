import { decodeJwt } from 'jose';
import type { ConditionModel, JwtModel, ListenerModel, RuleModel, WafRuleModel, WafStatement, WebAclModel } from '../../src/drill/edge/model';
import { legitimateRequest, type Credentials } from '../../src/drill/legitimate';
import type { WireRequest } from '../../src/drill/scene';
import { startIssuer, type IssuerService } from '../../src/drill/services/issuer';

const CLIENT = { certificatePem: 'certificate', privateKeyPem: 'key' };
const JWT: JwtModel = { kind: 'jwt', issuer: 'https://login.acme.test/', jwksEndpoint: 'https://login.acme.test/keys', claims: [{ name: 'aud', format: 'single-string', values: ['core'] }] };
const ANSWER = { kind: 'fixed-response', status: 200, contentType: 'text/plain', body: '' } as const;

let issuer: IssuerService;
let credentials: Credentials;

beforeAll(async () => {
  issuer = await startIssuer();
  const refused = (): never => {
    throw new Error('not this one');
  };
  credentials = { gate: refused, issuer: (jwt) => issuer.issuer(jwt), clients: { good: () => CLIENT, selfSigned: refused, expired: refused, revoked: refused, wrongAuthority: refused } };
});

afterAll(() => issuer.stop());

function place(logicalId: string): RuleModel['place'] {
  return { stack: 'Stack', logicalId };
}

function rule(name: string, ...conditions: ConditionModel[]): RuleModel {
  return { place: place(name), priority: 1, conditions, actions: [ANSWER] };
}

function listener(rules: readonly RuleModel[], more: Partial<ListenerModel> = {}): ListenerModel {
  return {
    place: place('Listener'),
    loadBalancer: place('LoadBalancer'),
    port: 443,
    rules,
    responseHeaders: [],
    serverHeader: false,
    hygiene: { dropInvalidHeaders: true, desync: 'strictest', forwardedFor: 'append', preserveHost: false, idleTimeoutSeconds: 60 },
    ...more,
  };
}

function webAcl(defaultAction: 'allow' | 'block', ...rules: WafRuleModel[]): WebAclModel {
  return { place: place('Acl'), defaultAction: defaultAction === 'block' ? { kind: 'block', status: 403 } : { kind: 'allow' }, rules };
}

function wafRule(priority: number, action: 'allow' | 'block' | 'count', statement: WafStatement): WafRuleModel {
  return { name: `rule-${priority}`, priority, action: action === 'block' ? { kind: 'block', status: 403 } : { kind: action }, statement };
}

/** For the last of some rules. */
async function requestFor(...rules: [RuleModel, ...RuleModel[]]): Promise<WireRequest> {
  return requestOn(listener(rules));
}

async function requestOn(on: ListenerModel): Promise<WireRequest> {
  const last = on.rules.at(-1);
  if (last === undefined) throw new Error('no rule');
  return legitimateRequest(on, last, credentials);
}

const everything = rule('Default');

test('a rule that asks for nothing gets the plainest request there is', async () => {
  expect(await requestFor(everything)).toEqual({ method: 'GET', path: '/', headers: {} });
});

describe('conditions', () => {
  test.each<[string, ConditionModel, Partial<WireRequest>]>([
    ['host', { kind: 'host', values: ['*.acme.test', 'other.test'] }, { headers: { host: 'drill.acme.test' } }],
    ['path', { kind: 'path', values: ['/v?/*'] }, { path: '/vd/drill' }],
    ['path that begins with a wildcard', { kind: 'path', values: ['*.json'] }, { path: '/drill.json' }],
    ['method', { kind: 'method', values: ['DELETE'] }, { method: 'DELETE' }],
    ['header', { kind: 'header', name: 'X-Tier', values: ['gold-*'] }, { headers: { 'X-Tier': 'gold-drill' } }],
    ['query', { kind: 'query', values: [{ key: 'version', value: 'v?' }] }, { path: '/?version=vd' }],
    ['query without a key', { kind: 'query', values: [{ value: 'v1' }] }, { path: '/?drill=v1' }],
    ['source', { kind: 'source', cidrs: ['192.0.2.0/24'] }, { from: '192.0.2.0' }],
    ['source that anybody is in', { kind: 'source', cidrs: ['198.0.0.0/8'] }, {}],
    ['source that only this machine is in', { kind: 'source', cidrs: ['127.0.0.0/8'] }, { from: '127.0.0.1' }],
    ['IPv6 source', { kind: 'source', cidrs: ['2001:db8::/32'] }, { from: '2001:db8::10' }],
  ])('%s', async (_, condition, expected) => {
    expect(await requestFor(rule('Rule', condition))).toEqual({ method: 'GET', path: '/', headers: {}, ...expected });
  });

  test('all of them at once', async () => {
    const request = await requestFor(rule(
      'Rule',
      { kind: 'path', values: ['/v1/*'] },
      { kind: 'host', values: ['core.acme.test'] },
      { kind: 'query', values: [{ key: 'a', value: '1' }] },
      { kind: 'query', values: [{ key: 'b', value: '2' }] },
      { kind: 'header', name: 'x-one', values: ['1'] },
      { kind: 'header', name: 'x-two', values: ['2'] },
      { kind: 'method', values: ['POST'] },
    ));
    expect(request).toEqual({ method: 'POST', path: '/v1/drill?a=1&b=2', headers: { 'host': 'core.acme.test', 'x-one': '1', 'x-two': '2' } });
  });

  test('two for one header are met by one value', async () => {
    const request = await requestFor(rule('Rule', { kind: 'header', name: 'x-tier', values: ['gold*', 'silver'] }, { kind: 'header', name: 'X-Tier', values: ['silver', 'bronze'] }));
    expect(request.headers).toEqual({ 'x-tier': 'silver' });
  });

  test('a condition that nobody can meet is said to be one', async () => {
    await expect(requestFor(rule('Rule', { kind: 'path', values: ['v1'] }))).rejects.toThrow('No request meets the path condition of Rule.');
    await expect(requestFor(rule('Rule', { kind: 'source', cidrs: ['${Vpc.CidrBlock}'] }))).rejects.toThrow('No request meets the source condition of Rule.');
  });
});

describe('rules before it', () => {
  test.each<[string, ConditionModel, ConditionModel | undefined, Partial<WireRequest>]>([
    ['another path', { kind: 'path', values: ['/', '/drill'] }, undefined, { path: '/other' }],
    ['another path of the same pattern', { kind: 'path', values: ['/v1/d*'] }, { kind: 'path', values: ['/v1/*'] }, { path: '/v1/other' }],
    ['another host of the same pattern', { kind: 'host', values: ['DRILL.acme.test'] }, { kind: 'host', values: ['*.acme.test'] }, { headers: { host: 'other.acme.test' } }],
    ['a host, where none had one', { kind: 'host', values: ['127.*'] }, undefined, { headers: { host: 'drill.test' } }],
    ['another method', { kind: 'method', values: ['GET', 'POST'] }, undefined, { method: 'PUT' }],
    ['another method of its own', { kind: 'method', values: ['GET'] }, { kind: 'method', values: ['GET', 'OPTIONS'] }, { method: 'OPTIONS' }],
    ['another header value', { kind: 'header', name: 'x-tier', values: ['drill'] }, { kind: 'header', name: 'x-tier', values: ['*'] }, { headers: { 'x-tier': 'other' } }],
    ['no header', { kind: 'header', name: 'x-tier', values: ['*'] }, undefined, {}],
    ['no query', { kind: 'query', values: [{ value: '*' }] }, undefined, {}],
    ['another query', { kind: 'query', values: [{ key: 'a', value: 'd*' }] }, { kind: 'query', values: [{ key: 'a', value: '*' }] }, { path: '/?a=other' }],
    ['another address', { kind: 'source', cidrs: ['198.18.0.0/15', '127.0.0.0/8', '10.0.0.0/8'] }, undefined, { from: '198.51.100.10' }],
    ['the last address but a few', { kind: 'source', cidrs: ['192.0.2.0/25', '192.0.2.128/26'] }, { kind: 'source', cidrs: ['192.0.2.0/24'] }, { from: '192.0.2.192' }],
  ])('are kept out of the way by %s', async (_, taken, own, expected) => {
    const request = await requestFor(rule('Before', taken), rule('Rule', ...(own === undefined ? [] : [own])));
    expect(request).toEqual({ method: 'GET', path: '/', headers: {}, ...expected });
  });

  test('are all kept out of the way together', async () => {
    const request = await requestFor(
      rule('Health', { kind: 'path', values: ['/'] }),
      rule('Writes', { kind: 'method', values: ['POST', 'PUT'] }),
      rule('Reads', { kind: 'method', values: ['GET'] }, { kind: 'path', values: ['/drill', '/other'] }),
      everything,
    );
    expect(request).toMatchObject({ method: 'GET', path: '/zulu' });
  });

  test('that leave nothing are named by what they leave nothing to', async () => {
    await expect(requestFor(rule('All', { kind: 'path', values: ['/*'] }), rule('Shadowed', { kind: 'path', values: ['/v1'] }))).rejects.toThrow('Rules before Shadowed answer every request');
  });

  test('leave alone what comes after', async () => {
    const [first, second] = [rule('First', { kind: 'path', values: ['/*'] }), everything];
    expect((await legitimateRequest(listener([first, second]), first, credentials)).path).toBe('/drill');
  });
});

describe('the web ACL', () => {
  const everybody: WafStatement = { kind: 'ip-set', cidrs: ['0.0.0.0/1', '128.0.0.0/1', '::/1', '8000::/1'] };
  const blocked = (cidrs: readonly string[]): WebAclModel => webAcl('allow', wafRule(1, 'block', { kind: 'ip-set', cidrs }));

  test.each<[string, WebAclModel, string | undefined]>([
    ['lets anybody in', blocked(['10.0.0.0/8']), undefined],
    ['blocks where callers come from who name no address', blocked(['198.18.0.0/15']), '127.0.0.1'],
    ['lets in one network', webAcl('block', wafRule(1, 'allow', { kind: 'ip-set', cidrs: ['192.0.2.64/26'] })), '192.0.2.64'],
    ['blocks whoever is not in one', webAcl('allow', wafRule(1, 'block', { kind: 'not', statement: { kind: 'ip-set', cidrs: ['192.0.2.64/26'] } })), '192.0.2.64'],
    ['only counts anybody', webAcl('allow', wafRule(1, 'count', { kind: 'ip-set', cidrs: ['198.18.0.0/15'] })), undefined],
    ['allows before it blocks', webAcl('allow', wafRule(2, 'block', everybody), wafRule(1, 'allow', { kind: 'ip-set', cidrs: ['192.0.2.7/32'] })), '192.0.2.7'],
    ['limits a rate', webAcl('allow', wafRule(1, 'block', { kind: 'rate', limit: 10, windowSeconds: 60, key: { kind: 'address' } })), undefined],
    ['blocks one network in another', webAcl('block', wafRule(1, 'allow', { kind: 'and', statements: [
      { kind: 'ip-set', cidrs: ['192.0.2.0/24'] },
      { kind: 'not', statement: { kind: 'or', statements: [{ kind: 'ip-set', cidrs: ['192.0.2.0/25'] }, { kind: 'ip-set', cidrs: ['192.0.2.128/32'] }] } },
    ] })), '192.0.2.129'],
  ])('that %s', async (_, acl, from) => {
    expect((await requestOn(listener([everything], { webAcl: acl }))).from).toBe(from);
  });

  test('and a source condition are met by one address', async () => {
    const request = await requestOn(listener([rule('Rule', { kind: 'source', cidrs: ['10.0.0.0/8'] })], { webAcl: blocked(['10.0.0.0/12', '10.16.0.0/16']) }));
    expect(request.from).toBe('10.17.0.0');
  });

  test('that has locked everybody out is said to have', async () => {
    await expect(requestOn(listener([everything], { webAcl: webAcl('allow', wafRule(1, 'block', everybody)) }))).rejects.toThrow('The web ACL of Listener lets nobody in.');
  });
});

test('a rule that is chosen by the header of its token gets that header once', async () => {
  const { headers } = await requestFor({ ...rule('Rule', { kind: 'header', name: 'Authorization', values: ['Bearer *'] }), actions: [JWT, ANSWER] });
  expect(Object.keys(headers)).toEqual(['authorization']);
  expect(headers.authorization).toMatch(/^Bearer ey/);
});

test('a jwt action gets a good token for its rule', async () => {
  const { headers } = await requestFor({ ...rule('Rule', { kind: 'header', name: 'x-tier', values: ['gold'] }), actions: [JWT, ANSWER] });
  expect(headers).toEqual({ 'x-tier': 'gold', 'authorization': expect.stringMatching(/^Bearer ey/) as string });
  expect(decodeJwt(headers.authorization?.slice('Bearer '.length) ?? '')).toMatchObject({ iss: JWT.issuer, aud: 'core' });
});

test.each([
  ['verifies callers', { mode: 'verify', ignoreExpiry: false, trustStore: 'Store', revocation: true }, CLIENT],
  ['passes certificates on', { mode: 'passthrough' }, undefined],
] as const)('on a listener that %s', async (_, clients, client) => {
  const policy = { name: 'ELBSecurityPolicy-TLS13-1-3-2021-06', minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3', ciphers: [] } as const;
  expect((await requestOn(listener([everything], { tls: { policy, clients } }))).client).toBe(client);
});
