import { validateHeaderName, validateHeaderValue } from 'node:http';
import fc from 'fast-check';
import type { GateConfiguration } from '../../../src/gate/contract';
import { coreHeadersOf } from '../../../src/runtime/gate/core-headers';
import type { Identity } from '../../../src/runtime/gate/ports';
import { receivedHeaders } from '../../../src/runtime/gate/received-headers';
import { Refusal } from '../../../src/runtime/gate/refusal';
import { FORGED_HEADERS } from './corpora/headers';

const TRACE = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
const CALLER: Identity = { subject: 'alice', proofs: new Set(['key']), scopes: new Set(['models', 'chat']), roles: new Set(), revocableAs: [] };
const CONFIGURATION: GateConfiguration = {
  version: 1,
  profile: 'remote',
  port: 8443,
  core: { port: 8000, healthCheckPath: '/health', publicHealth: false, identityHeader: 'x-caller', scopesHeader: 'x-caller-scopes', removedHeaders: ['x-tenant', 'x-debug'] },
  policy: { routes: [], roles: {} },
  identity: {
    accept: [['key']], tokens: [], key: { header: 'x-acme-key', prefix: 'ctx_', inAuthorization: false }, certificate: { subjectHeader: 'x-cert-subject', scopes: {} },
    admin: { subjectHeader: 'x-admin-subject', cookieName: 'AcmeAdmin' },
  },
  limits: { maxBodyBytes: 1, headersTimeoutSeconds: 1, requestTimeoutSeconds: 1, idleTimeoutSeconds: 1, keepAliveSeconds: 1, maxConnections: 1, drainSeconds: 1 },
  table: { name: 't', region: 'eu-west-1' },
  metrics: { namespace: 'Tests' },
};
const CONFIGURED = ['x-caller', 'x-caller-scopes', 'x-tenant', 'x-debug', 'x-acme-key', 'x-cert-subject', 'x-admin-subject'];

interface Variation {
  readonly identity?: Identity;
  readonly core?: Partial<GateConfiguration['core']>;
  readonly profile?: GateConfiguration['profile'];
  readonly coreKey?: string;
}

function forCore(rawHeaders: readonly string[], { identity = CALLER, core = {}, profile = 'remote', coreKey }: Variation = {}): Record<string, string | string[]> {
  const configuration = { ...CONFIGURATION, profile, core: { ...CONFIGURATION.core, ...core } };
  return coreHeadersOf(configuration, coreKey === undefined ? {} : { coreKey })(receivedHeaders(rawHeaders), identity, 'id-1', TRACE);
}

const OURS = { 'x-forwarded-proto': 'https', 'x-request-id': 'id-1', 'traceparent': TRACE.traceparent, 'x-caller': 'alice', 'x-caller-scopes': 'chat models' };

describe('what the Core hears', () => {
  test('is who calls, and nothing else where nothing else was sent', () => expect(forCore([])).toEqual(OURS));

  test('is what the caller sent about his request', () => {
    const sent = ['Host', 'core.example.com', 'Content-Type', 'application/json', 'Content-Length', '5', 'Accept', 'a/b', 'accept', 'c/d', 'User-Agent', 'x', 'Origin', 'https://a.test',
      'Range', 'bytes=0-1', 'X-Custom', ''];
    expect(forCore(sent)).toEqual({
      ...OURS, 'host': 'core.example.com', 'content-type': 'application/json', 'content-length': '5', 'accept': ['a/b', 'c/d'], 'user-agent': 'x', 'origin': 'https://a.test',
      'range': 'bytes=0-1', 'x-custom': '',
    });
  });

  test.each([...FORGED_HEADERS, ...CONFIGURED])('is not a forged %s', (name) => expect(forCore([name, 'forged'])).toEqual(OURS));

  test('is no identity that a caller gave himself, however he spells its header', () => {
    const names = fc.constantFrom(...FORGED_HEADERS, ...CONFIGURED);
    const respelled = fc.oneof(fc.mixedCase(names), fc.tuple(names, fc.constantFrom('_', '.', '__', ' ', '\u2010')).map(([name, hyphen]) => name.replace('-', hyphen)));
    fc.assert(fc.property(fc.array(respelled, { maxLength: 5 }), fc.array(fc.stringMatching(/^[a-cx-z_.-]*$/), { maxLength: 3 }), (forged, harmless) => {
      const rawHeaders = [...forged.flatMap((name) => [name, 'forged', name, 'forged']), ...harmless.flatMap((name) => [name, 'harmless'])];
      const headers = forCore(rawHeaders);
      expect(JSON.stringify(headers)).not.toContain('forged');
      expect(headers).toMatchObject(OURS);
      expect(Object.keys(headers).filter((name) => !/^[a-z0-9-]+$/.test(name))).toEqual([]);
    }), { numRuns: 1000 });
  });

  test('can be sent by Node, whatever arrived', () => {
    const names = fc.oneof(fc.string(), fc.constantFrom('cookie', 'x-forwarded-for', 'accept', '__proto__', 'constructor'));
    const sent = fc.array(fc.tuple(names, fc.stringMatching(/^[\x20-\x7e]*$/)), { maxLength: 6 });
    const text = fc.oneof(fc.stringMatching(/^[!-~]{1,9}$/), fc.string({ unit: 'binary' }));
    let told = 0;
    fc.assert(fc.property(sent, text, fc.array(text, { maxLength: 3 }), (rawHeaders, subject, scopes) => {
      let headers: Record<string, string | string[]>;
      try {
        headers = forCore(rawHeaders.flat(), { identity: { ...CALLER, subject, scopes: new Set(scopes) } });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return;
      }
      told++;
      expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
      for (const [name, value] of Object.entries(headers)) {
        validateHeaderName(name);
        for (const each of [value].flat()) validateHeaderValue(name, each);
      }
      expect(headers['x-caller']).toBe(subject);
      expect(headers['x-caller-scopes']).toBe([...new Set(scopes)].sort().join(' '));
    }), { numRuns: 1000 });
    expect(told).toBeGreaterThan(100);
  });
});

describe('the identity', () => {
  const refusal = (identity: Partial<Identity>) => () => forCore([], { identity: { ...CALLER, ...identity } });

  test.each(['alice', 'auth0|1234', 'alice@example.com', 'CN=Alice Smith,O=Acme', '100%', 'a"b\\c'])('%s is told as it is', (subject) => {
    expect(forCore([], { identity: { ...CALLER, subject } })['x-caller']).toBe(subject);
  });

  test.each(['', ' ', ' alice', 'alice ', 'alice\r\nx-caller-scopes: admin', 'alice\n', 'alice\0', 'alice\t', 'caf\xe9', 'al\u{1F600}ice'])('%j is no header, and refused', (subject) => {
    expect(refusal({ subject })).toThrow(new Refusal('forbidden', 'subject-characters'));
  });

  test.each(['read write', '', 'a\r\nb', 'caf\xe9', 'a"b', 'a\\b'])('with the scope %j is refused, since the Core would read others', (scope) => {
    expect(refusal({ scopes: new Set(['chat', scope]) })).toThrow(new Refusal('forbidden', 'scope-characters'));
  });

  test('has its scopes told only where there is a header for them, and then also that there are none', () => {
    expect(forCore([], { identity: { ...CALLER, scopes: new Set() } })['x-caller-scopes']).toBe('');
    expect(Object.values(forCore([], { core: { scopesHeader: undefined } }))).not.toContain('chat models');
    expect(Object.values(forCore([]))).toContain('chat models');
  });

  test('wins over any other header of ours', () => {
    expect(forCore(['x-forwarded-for', '192.0.2.7'], { core: { identityHeader: 'x-forwarded-for' } })['x-forwarded-for']).toBe('alice');
  });
});

describe('the gate\'s own key', () => {
  test('is a bearer token in authorization, in place of the caller\'s', () => {
    expect(forCore(['Authorization', 'Bearer caller'], { core: { keyHeader: 'authorization' }, coreKey: 'own' }).authorization).toBe('Bearer own');
  });

  test('is as it is in any other header, in place of the caller\'s', () => {
    const headers = forCore(['X-Core-Key', 'caller', 'Authorization', 'Bearer caller'], { core: { keyHeader: 'x-core-key' }, coreKey: 'own' });
    expect(headers['x-core-key']).toBe('own');
    expect(headers).not.toHaveProperty('authorization');
  });

  test('is missed where it is configured, and told nowhere where it is not', () => {
    expect(() => forCore([], { core: { keyHeader: 'x-core-key' } })).toThrow(new Refusal('internal', 'core-key-missing'));
    expect(JSON.stringify(forCore([], { coreKey: 'own' }))).not.toContain('own');
  });
});

describe('where the caller is', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'], ['203.0.113.9, 192.0.2.7', '192.0.2.7'], ['forged,192.0.2.7 ', '192.0.2.7'], ['192.0.2.7:4711', '192.0.2.7'], ['2001:db8::7', '2001:db8::7'],
    ['[2001:db8::7]:4711', '2001:db8::7'], ['[2001:db8::7]', '2001:db8::7'],
  ])('of %j is %s: the load balancer wrote the last', (forwardedFor, address) => {
    const headers = forCore(['X-Real-IP', '203.0.113.9', 'X-Forwarded-For', forwardedFor, 'X-Forwarded-Proto', 'http', 'X-Forwarded-Host', 'evil.test', 'Forwarded', 'for=203.0.113.9',
      'X-Forwarded-Port', '80']);
    expect(headers).toEqual({ ...OURS, 'x-real-ip': address, 'x-forwarded-for': address });
  });

  test.each(['', 'unknown', '192.0.2.7, ', '192.0.2.7, x', '192.0.2.256', '1.2.3', '192.0.2.7:x', '192.0.2.7:123456', '[192.0.2.7', '::g'])('is not told where the last of %j is no address',
    (forwardedFor) => {
      expect(forCore(['x-forwarded-for', forwardedFor, 'x-real-ip', '203.0.113.9'])).toEqual(OURS);
    });

  test('is not told without a load balancer, nor where two headers say it', () => {
    expect(forCore(['x-forwarded-for', '192.0.2.7'], { profile: 'local' })).toEqual(OURS);
    expect(forCore(['x-forwarded-for', '192.0.2.7', 'x-forwarded-for', '192.0.2.8'])).toEqual(OURS);
  });
});

describe('a cookie', () => {
  test.each([
    ['session=1; theme=dark', 'session=1; theme=dark'], ['AWSELBAuthSessionCookie-0=x; session=1', 'session=1'], ['a=1; AWSELBAuthSessionCookie-1=x; b=2', 'a=1; b=2'],
    ['a=1;AcmeAdmin-0=x', 'a=1'], ['AcmeAdministrator=1', 'AcmeAdministrator=1'], ['x=AcmeAdmin-0=y', 'x=AcmeAdmin-0=y'],
  ])('%j is told as %j: it is the Core\'s, unless it is a login at the load balancer', (sent, told) => expect(forCore(['Cookie', sent]).cookie).toBe(told));

  test('is not told where nothing is left of it, or where it is removed', () => {
    expect(forCore(['Cookie', 'AcmeAdmin-0=x; AWSELBAuthSessionCookie=y;AcmeAdmin = z'])).not.toHaveProperty('cookie');
    expect(forCore(['Cookie', 'a=1'], { core: { removedHeaders: ['cookie'] } })).not.toHaveProperty('cookie');
  });
});

test('the trace and the id are ours, whatever was sent', () => {
  const trace = { ...TRACE, tracestate: 'a=1', amazonTraceId: 'Root=1-67891233-abcdef012345678912345678' };
  const headers = coreHeadersOf(CONFIGURATION, {})(receivedHeaders(['traceparent', 'x', 'tracestate', 'y', 'x-amzn-trace-id', 'z', 'x-request-id', 'w']), CALLER, 'id-1', trace);
  expect(headers).toEqual({ ...OURS, 'tracestate': 'a=1', 'x-amzn-trace-id': trace.amazonTraceId });
  expect(forCore(['traceparent', 'x', 'tracestate', 'y', 'x-amzn-trace-id', 'z'])).toEqual(OURS);
});
