import { randomBytes } from 'node:crypto';
import { mask } from '../../../src/drill/services/masking';

const HEADER = 'eyJhbGciOiJSUzI1NiJ9';
const CLAIMS = 'eyJzdWIiOiJkcmlsbCJ9';
const PEM = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B\n-----END PRIVATE KEY-----';

test.each([
  ['a token loses its signature', `> authorization: Bearer ${HEADER}.${CLAIMS}.c2ln-_bmF0`, `> authorization: Bearer ${HEADER}.${CLAIMS}.(signature masked)`],
  ['a token anywhere else does too', `GET /?access_token=${HEADER}.${CLAIMS}.c2ln&a=1`, `GET /?access_token=${HEADER}.${CLAIMS}.(signature masked)&a=1`],
  ['a token that was never signed stays as it is', `> authorization: Bearer ${HEADER}.${CLAIMS}.`, `> authorization: Bearer ${HEADER}.${CLAIMS}.`],
  ['an encrypted token keeps two of its parts', `${HEADER}.a2V5.aXY.dGV4dA.dGFn`, `${HEADER}.a2V5.(signature masked)`],
  ['credentials that are no token go altogether', '> authorization: Basic dXNlcjpwYXNz', '> authorization: Basic (masked)'],
  ['credentials without a scheme go too', 'Authorization: ctx_1234', 'Authorization: (masked)'],
  ['a bearer without a token has nothing to hide', '> authorization: Bearer ', '> authorization: Bearer '],
  ['cookies keep their names', '> cookie: session=abc; theme=dark', '> cookie: session=(masked); theme=(masked)'],
  ['a cookie being set keeps how it is kept', '< set-cookie: session=abc=; Path=/; Secure', '< set-cookie: session=(masked); Path=/; Secure'],
  ['an API key goes', 'POST / HTTP/1.1\r\nX-Api-Key: k1\r\nhost: core', 'POST / HTTP/1.1\r\nX-Api-Key: (masked)\r\nhost: core'],
  ['a private key goes', `key:\n${PEM}\nend`, 'key:\n(private key masked)\nend'],
  ['a private key in JSON goes', JSON.stringify({ key: PEM }), '{"key":"(private key masked)"}'],
  ['half a private key goes', PEM.slice(0, 40), '(private key masked)'],
  ['an encoded private key goes', `key=${encodeURIComponent(PEM)}`, 'key=(private key masked)'],
  ['a header in JSON goes', '{"x-api-key":["k1","k\\"2"],"host":["core"]}', '{"x-api-key":"(masked)","host":["core"]}'],
  ['a single one does too', '{"Cookie": "session=abc", "host": "core"}', '{"Cookie":"(masked)", "host": "core"}'],
  ['one that was cut off does too', '{"cookie":["session=ab', '{"cookie":"(masked)"'],
])('%s', (_, text, masked) => {
  expect(mask(text)).toBe(masked);
});

test.each(['GET /v1/eyes.of.tigers HTTP/1.1', 'host: core.acme.internal', '-----BEGIN CERTIFICATE-----MIIB', '< www-authenticate: Bearer error="invalid_token"'])('%s is nobody’s secret', (text) => {
  expect(mask(text)).toBe(text);
});

test.each<[string, (secret: string) => string]>([
  ['a token', (secret) => `> authorization: Bearer ${HEADER}.${CLAIMS}.${secret}`],
  ['an authorization header', (secret) => `> Authorization: ${secret}`],
  ['cookies', (secret) => `> cookie: a=${secret}; b=${secret}`],
  ['a cookie being set', (secret) => `< set-cookie: a=${secret}; HttpOnly`],
  ['an API key', (secret) => `> X-API-KEY:${secret}`],
  ['headers in JSON', (secret) => JSON.stringify({ headers: { 'cookie': [`a=${secret}`, 'b'], 'x-api-key': [secret], 'authorization': [`Basic ${secret}`] } }, undefined, 1)],
  ['an event with a token', (secret) => `data: ${JSON.stringify({ authorization: `Bearer ${HEADER}.${CLAIMS}.${secret}` })}`],
  ['a private key', (secret) => `-----BEGIN EC PRIVATE KEY-----\n${secret}\n-----END EC PRIVATE KEY-----`],
])('no secret in %s survives, whatever it is, and masking again changes nothing', (_, place) => {
  for (let size = 1; size <= 64; size++) {
    const secret = `S3${randomBytes(size).toString('base64url')}`;
    const masked = mask(`before\n${place(secret)}\nafter`);
    expect(masked).not.toContain(secret);
    expect(masked).toMatch(/^before\n[^]*\nafter$/);
    expect(mask(masked)).toBe(masked);
  }
});

test('a megabyte of nearly secrets is masked long before the test times out', () => {
  for (const piece of ['ey', `${HEADER}.`, '"cookie":["', '-----BEGIN ', '"x-api-key": [" ,', '\\"']) expect(mask(piece.repeat(1024 * 1024 / piece.length))).not.toBe('');
});
