import fc from 'fast-check';
import type { CorsConfiguration } from '../../../src/gate/contract';
import { Cors } from '../../../src/runtime/gate/cors';
import { receivedHeaders } from '../../../src/runtime/gate/received-headers';
import { Refusal } from '../../../src/runtime/gate/refusal';

const APP = 'https://app.example.com';
const CONFIGURATION: CorsConfiguration = { origins: [APP, 'https://admin.example.com:8443'], credentials: false, headers: ['authorization', 'content-type'], maxAgeSeconds: 600 };
const cors = new Cors(CONFIGURATION);
const received = (origin?: string, method?: string) => receivedHeaders([...(origin === undefined ? [] : ['Origin', origin]), ...(method === undefined ? [] : ['Access-Control-Request-Method',
  method])]);
const STRANGERS = [
  'null', '*', '', 'https://app.example.com.evil.test', 'https://evil.test', 'http://app.example.com', 'https://app.example.com/', 'https://app.example.com:443', 'https://APP.example.com',
  'https://x.app.example.com', 'https://xapp.example.com',
  'https://app.example.com, https://evil.test', 'https://admin.example.com', 'https://10.0.0.7', 'https://172.17.0.2:8443', 'http://localhost:3000', ' https://app.example.com',
  'https://app.example.com\n', 'https://appaexample.com',
];

describe('a page of another origin', () => {
  test.each(CONFIGURATION.origins)('may read an answer at %s, which is named to the byte', (origin) => {
    expect(cors.headersFor(origin)).toEqual({ 'vary': 'Origin', 'access-control-allow-origin': origin });
  });

  test.each([...STRANGERS, undefined])('may not at %j, and caches keep the answers apart', (origin) => expect(cors.headersFor(origin)).toEqual({ vary: 'Origin' }));

  test('may not at any origin but those that are listed', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom(...CONFIGURATION.origins).chain((origin) => fc.tuple(fc.constant(origin), fc.string({ minLength: 1 })).map(([own,
      more]) => own + more))), (origin) => {
      fc.pre(!CONFIGURATION.origins.includes(origin));
      expect(cors.headersFor(origin)).toEqual({ vary: 'Origin' });
    }));
  });

  test('sends credentials only where they are configured', () => {
    const withCredentials = new Cors({ ...CONFIGURATION, credentials: true });
    expect(withCredentials.headersFor(APP)['access-control-allow-credentials']).toBe('true');
    expect(withCredentials.headersFor('https://evil.test')).toEqual({ vary: 'Origin' });
  });

  test.each(['*', 'null'])('is never %s by configuration', (origin) => expect(() => new Cors({ ...CONFIGURATION, origins: [APP, origin] })).toThrow('cors.origins'));

  test('is nobody where nothing is configured', () => {
    expect(new Cors(undefined).headersFor(APP)).toEqual({});
    expect(() => new Cors(undefined).preflight(received(APP, 'GET'), ['GET'], 'i')).toThrow(new Refusal('method_not_allowed', 'no-preflight'));
  });
});

describe('a preflight', () => {
  test('is answered with what is declared and configured, and with nothing that was asked', () => {
    const asked = receivedHeaders(['Origin', APP, 'Access-Control-Request-Method', 'DELETE', 'Access-Control-Request-Headers', 'x-evil', 'Access-Control-Request-Private-Network', 'true']);
    expect(cors.preflight(asked, ['GET', 'POST'], 'id-1')).toEqual({
      status: 204,
      headers: {
        'access-control-allow-origin': APP,
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'authorization, content-type',
        'access-control-max-age': '600',
        'vary': 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
        'cache-control': 'no-store',
        'strict-transport-security': 'max-age=31536000; includeSubDomains',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'x-request-id': 'id-1',
      },
      body: '',
    });
  });

  test('allows credentials and headers only where they are configured', () => {
    expect(new Cors({ ...CONFIGURATION, credentials: true }).preflight(received(APP, 'GET'), ['GET'], 'i').headers['access-control-allow-credentials']).toBe('true');
    expect(new Cors({ ...CONFIGURATION, headers: [] }).preflight(received(APP, 'GET'), ['GET'], 'i').headers).not.toHaveProperty('access-control-allow-headers');
  });

  test.each(STRANGERS)('of %j is allowed nothing', (origin) => {
    const { status, headers } = new Cors({ ...CONFIGURATION, credentials: true }).preflight(received(origin, 'GET'), ['GET'], 'i');
    expect(status).toBe(204);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(headers.vary).toContain('Origin');
  });

  test('of a path that is not declared is answered 404', () => {
    expect(() => cors.preflight(received(APP, 'GET'), [], 'i')).toThrow(new Refusal('not_found', 'preflight-path'));
  });

  test.each([[undefined, 'GET'], [APP, undefined], [undefined, undefined]])('without its headers (%s, %s) is none, and answered 405 whatever the path', (origin, method) => {
    for (const methods of [['GET'], []]) {
      const refuse = () => cors.preflight(received(origin, method), methods, 'i');
      expect(refuse).toThrow(new Refusal('method_not_allowed', 'no-preflight'));
      expect(refuse).toThrow(expect.objectContaining({ headers: { allow: expect.stringContaining('GET') as unknown } }) as Error);
    }
  });
});
