import type { ListenerModel } from '../../../../src/drill/edge/model';
import { answer, FORWARD, HYGIENE, jwt, listener, OLD, rule, tls, wafRule, webAcl } from './models';

const TEAM = { name: 'team', format: 'string-array', values: ['red', 'blue'] } as const;
export const TOKEN = jwt({ claims: [TEAM, { name: 'client_id', format: 'single-string', values: ['platform'] }, { name: 'scope', format: 'space-separated-values', values: ['core/invoke'] }] });
export const BARE_TOKEN = jwt({ issuer: 'https://other.test', jwksEndpoint: 'https://other.test/jwks.json' });
const REDIRECT = { kind: 'redirect', status: 301, protocol: 'HTTPS', host: '#{host}', port: '443', path: '/#{path}', query: '#{query}' } as const;
const FORBIDDEN = { kind: 'block', status: 403 } as const;
const TOO_MANY = { kind: 'block', status: 429 } as const;
const VERIFY = { mode: 'verify', ignoreExpiry: false, trustStore: 'Store', revocation: true } as const;

/** One listener for each thing to be seen on the wire, so that one Envoy is enough for all of them. */
export const L = {
  plain: listener('Plain'),
  rules: listener('Rules', {
    rules: [
      rule([answer('path')], [{ kind: 'path', values: ['/a/*/z', '/q?'] }], 1),
      rule([answer('host')], [{ kind: 'host', values: ['*.Api.test'] }], 2),
      rule([answer('header')], [{ kind: 'header', name: 'X-Tenant', values: ['gol?'] }], 3),
      rule([answer('method')], [{ kind: 'method', values: ['PUT', 'DELETE'] }], 4),
      rule([answer('query')], [{ kind: 'query', values: [{ key: 'v', value: '2*' }, { value: 'any' }, { key: 's', value: String.raw`\*\?` }] }], 5),
      rule([answer('source')], [{ kind: 'source', cidrs: ['198.51.100.0/24', '2001:db8::/32'] }], 6),
      rule([answer('both')], [{ kind: 'path', values: ['/both'] }, { kind: 'header', name: 'x-two', values: ['2'] }], 7),
      rule([{ kind: 'fixed-response', status: 404, contentType: 'application/json', body: '{"share":"100%"}' }]),
    ],
  }),
  redirect: listener('Redirect', {
    rules: [
      rule([{ ...REDIRECT, status: 302, protocol: '#{protocol}', host: 'new.test', port: '#{port}', path: '/v2/#{path}', query: '#{query}' }], [{ kind: 'path', values: ['/old/*'] }], 1),
      rule([{ ...REDIRECT, path: '/closed', query: 'from=shop' }], [{ kind: 'path', values: ['/shop'] }], 2),
      rule([REDIRECT]),
    ],
    port: 8080,
  }),
  login: listener('Login', {
    rules: [
      rule([{ kind: 'login', strangers: 'authenticate', place: 'https://idp.test/login?a=%20b' }, FORWARD], [{ kind: 'path', values: ['/authenticate'] }], 1),
      rule([{ kind: 'login', strangers: 'deny', place: 'https://idp.test' }, FORWARD], [{ kind: 'path', values: ['/deny'] }], 2),
      rule([{ kind: 'login', strangers: 'allow', place: 'https://idp.test' }, FORWARD]),
    ],
  }),
  jwt: listener('Jwt', {
    rules: [rule([BARE_TOKEN, FORWARD], [{ kind: 'path', values: ['/bare'] }], 1), rule([answer('open')], [{ kind: 'path', values: ['/open'] }], 2), rule([TOKEN, FORWARD])],
    responseHeaders: [{ name: 'Strict-Transport-Security', value: 'max-age=1' }],
  }),
  headers: listener('Headers', {
    rules: [rule([answer('fixed')], [{ kind: 'path', values: ['/fixed'] }], 1), rule([FORWARD])],
    responseHeaders: [{ name: 'Strict-Transport-Security', value: 'max-age=31536000; note=100%' }, { name: 'Content-Type', value: 'x/overwritten' }],
    serverHeader: false,
    hygiene: { ...HYGIENE, forwardedFor: 'remove' },
  }),
  lenient: listener('Lenient', { port: 8080, hygiene: { ...HYGIENE, dropInvalidHeaders: false, forwardedFor: 'preserve', idleTimeoutSeconds: 1 } }),
  waf: listener('Waf', {
    webAcl: webAcl([
      wafRule(0, { kind: 'ip-set', cidrs: ['203.0.113.7/32'] }, { kind: 'allow' }),
      wafRule(1, { kind: 'ip-set', cidrs: ['203.0.113.8/32'] }, { kind: 'count' }),
      wafRule(2, { kind: 'and', statements: [{ kind: 'ip-set', cidrs: ['203.0.113.0/24'] }, { kind: 'not', statement: { kind: 'ip-set', cidrs: ['203.0.113.9/32'] } }] },
        { kind: 'block', status: 418 }),
      wafRule(3, { kind: 'ip-set', cidrs: [] }, FORBIDDEN),
    ]),
    rules: [rule([BARE_TOKEN, FORWARD], [{ kind: 'path', values: ['/bare'] }], 1), rule([FORWARD])],
  }),
  closed: listener('Closed', { webAcl: webAcl([wafRule(0, { kind: 'ip-set', cidrs: ['203.0.113.7/32', '2001:db8::/32'] }, { kind: 'allow' })], FORBIDDEN) }),
  flood: listener('Flood', {
    webAcl: webAcl([
      wafRule(0, { kind: 'ip-set', cidrs: ['203.0.113.1/32'] }, { kind: 'allow' }),
      wafRule(1, { kind: 'rate', limit: 10, windowSeconds: 300, key: { kind: 'address' }, scopeDown: { kind: 'not', statement: { kind: 'ip-set', cidrs: ['203.0.113.2/32'] } } }, TOO_MANY),
    ]),
  }),
  floodByHeader: listener('FloodByHeader', { webAcl: webAcl([wafRule(0, { kind: 'rate', limit: 10, windowSeconds: 300, key: { kind: 'header', name: 'X-Api-Key' } }, FORBIDDEN)]) }),
  floodAll: listener('FloodAll', { webAcl: webAcl([wafRule(0, { kind: 'rate', limit: 10, windowSeconds: 300, key: { kind: 'constant' } }, TOO_MANY)]) }),
  floodCounted: listener('FloodCounted', { webAcl: webAcl([wafRule(0, { kind: 'rate', limit: 10, windowSeconds: 300, key: { kind: 'constant' } }, { kind: 'count' })]) }),
  modern: listener('Modern', { port: 443, tls: tls() }),
  old: listener('Old', { port: 443, tls: tls({ policy: OLD }) }),
  verify: listener('Verify', { port: 443, tls: tls({ clients: VERIFY }) }),
  verifyLax: listener('VerifyLax', { port: 443, tls: tls({ clients: { ...VERIFY, ignoreExpiry: true, revocation: false } }) }),
  renamed: listener('Renamed', {
    port: 443,
    tls: tls({ clients: VERIFY }),
    renamedHeaders: { 'x-amzn-mtls-clientcert-subject': 'X-Caller', 'x-amzn-tls-version': 'X-Tls' },
    hygiene: { ...HYGIENE, tlsHeaders: true, forwardedPort: true },
  }),
  passthrough: listener('Passthrough', { port: 443, tls: tls({ clients: { mode: 'passthrough' } }) }),
} satisfies Record<string, ListenerModel>;
