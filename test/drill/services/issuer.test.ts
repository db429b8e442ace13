import { createLocalJWKSet, createRemoteJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import type { ClaimModel, JwtModel } from '../../../src/drill/edge/model';
import { startIssuer, type IssuerService } from '../../../src/drill/services/issuer';
import type { SignOptions } from '../../../src/drill/scene';

const ENDPOINT = 'https://cognito-idp.${AWS::Region}.amazonaws.com/${Pool}/.well-known/jwks.json';
const ISSUER = 'https://cognito-idp.${AWS::Region}.amazonaws.com/${Pool}';

let service: IssuerService;

beforeAll(async () => {
  service = await startIssuer();
});

afterAll(() => service.stop());

function jwt(claims: readonly ClaimModel[] = [], jwksEndpoint = ENDPOINT): JwtModel {
  return { kind: 'jwt', issuer: ISSUER, jwksEndpoint, claims };
}

async function keySet(endpoint = ENDPOINT): Promise<JSONWebKeySet> {
  const response = await fetch(`http://127.0.0.1:${service.port}${service.jwksPath(endpoint)}`);
  return await response.json() as JSONWebKeySet;
}

async function token(options?: SignOptions, change: JWTPayload = {}): Promise<string> {
  const issuer = service.issuer(jwt());
  return issuer.sign({ ...issuer.goodClaims(), ...change }, options);
}

async function verify(signed: string): Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL(`http://127.0.0.1:${service.port}${service.jwksPath(ENDPOINT)}`));
  return (await jwtVerify(signed, keys, { issuer: ISSUER })).payload;
}

test('a good token passes with the keys that the edge fetches', async () => {
  expect(await verify(await token())).toMatchObject({ iss: ISSUER, sub: 'drill' });
});

test('so does one that is signed by the elliptic key of the same set', async () => {
  const signed = await token({ key: 'published-ec' });
  expect(decodeProtectedHeader(signed).alg).toBe('ES256');
  await expect(verify(signed)).resolves.toBeDefined();
});

test.each([
  ['a stranger with the name of the published key', { key: 'stranger' }, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
  ['an elliptic stranger', { key: 'stranger-ec' }, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
  ['a key nobody has heard of', { key: 'stranger', header: { kid: 'nobody' } }, 'ERR_JWKS_NO_MATCHING_KEY'],
  ['no signature at all', { header: { alg: 'none' } }, 'ERR_JOSE_NOT_SUPPORTED'],
  ['a shared secret', { header: { alg: 'HS256' } }, 'ERR_JOSE_NOT_SUPPORTED'],
] as const)('%s does not pass', async (_, options, code) => {
  await expect(verify(await token(options))).rejects.toMatchObject({ code });
});

test.each([
  ['expired', { exp: Math.floor(Date.now() / 1000) - 600 }, 'ERR_JWT_EXPIRED'],
  ['not valid yet', { nbf: Math.floor(Date.now() / 1000) + 600 }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
  ['of another issuer', { iss: 'https://login.other.test/' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
])('a token that is %s does not pass', async (_, change, code) => {
  await expect(verify(await token({}, change))).rejects.toMatchObject({ code });
});

test.each(['none', 'None', 'nOnE'])('with alg %s the signature is empty and header and claims are readable', async (alg) => {
  const [header = '', claims = '', ...rest] = (await token({ header: { alg } })).split('.');
  expect(rest).toEqual(['']);
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ alg, typ: 'JWT' });
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ iss: ISSUER });
});

test('key confusion: whoever takes the public key for a shared secret accepts an HS256 token', async () => {
  const secret = new TextEncoder().encode(service.issuer(jwt()).publicKeyPem);
  await expect(jwtVerify(await token({ header: { alg: 'HS256' } }), secret)).resolves.toBeDefined();
});

test('an embedded key verifies the token that brings it', async () => {
  const jwk = service.issuer(jwt()).publicJwk('stranger');
  const signed = await token({ key: 'stranger', header: { jwk } });
  expect(decodeProtectedHeader(signed).jwk).toEqual(jwk);
  await expect(jwtVerify(signed, createLocalJWKSet({ keys: [jwk] }))).resolves.toBeDefined();
  await expect(verify(signed)).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
});

test('a header parameter can be left out', async () => {
  expect(decodeProtectedHeader(await token({ header: { kid: undefined } }))).toEqual({ alg: 'RS256', typ: 'JWT' });
});

test('the key set holds one RSA and one elliptic key, neither private nor a stranger', async () => {
  const { keys } = await keySet();
  expect(keys.map(({ kty, alg, use }) => ({ kty, alg, use }))).toEqual([{ kty: 'RSA', alg: 'RS256', use: 'sig' }, { kty: 'EC', alg: 'ES256', use: 'sig' }]);
  expect(keys.flatMap((key) => Object.keys(key)).filter((name) => ['d', 'p', 'q', 'dp', 'dq', 'qi'].includes(name))).toEqual([]);
  expect(keys.map(({ n }) => n)).not.toContain(service.issuer(jwt()).publicJwk('stranger').n);
});

test('an endpoint has one path and one key set; another endpoint has another', async () => {
  const other = 'https://login.other.test/keys';
  expect(service.jwksPath(ENDPOINT)).toBe(service.jwksPath(ENDPOINT));
  expect(service.jwksPath(other)).not.toBe(service.jwksPath(ENDPOINT));
  const [here, there] = await Promise.all([keySet(), keySet(other)]);
  expect(there.keys.map(({ kid }) => kid)).not.toEqual(here.keys.map(({ kid }) => kid));
  const issuer = service.issuer(jwt([], other));
  await expect(verify(await issuer.sign(issuer.goodClaims()))).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
});

test('other paths have no keys', async () => {
  expect((await fetch(`http://127.0.0.1:${service.port}/jwks.json`)).status).toBe(404);
});
