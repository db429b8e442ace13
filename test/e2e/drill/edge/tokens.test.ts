import type { JWTPayload } from 'jose';
import type { ListenerModel } from '../../../../src/drill/edge/model';
import type { SignOptions } from '../../../../src/drill/scene';
import { type Reply } from '../../../drill/edge/envoy/caller';
import { BARE_TOKEN, L, TOKEN } from '../../../drill/edge/envoy/listeners';
import { edge as model } from '../../../drill/edge/envoy/models';
import { type EdgeStand, openEdge, seen } from '../../../support/edge-stand';

let edge: EdgeStand;

beforeAll(async () => {
  edge = await openEdge(model(...Object.values(L)));
}, 120_000);
afterAll(() => edge.supervisor.stop());

async function withToken(target: ListenerModel, claims: JWTPayload, options?: SignOptions, path?: string): Promise<Reply> {
  return edge.to(target, { path, headers: [['authorization', `Bearer ${await edge.issuer.issuer(TOKEN).sign(claims, options)}`]] });
}

describe('tokens', () => {
  const good = (): JWTPayload => edge.issuer.issuer(TOKEN).goodClaims();
  const now = Math.floor(Date.now() / 1000);

  test('a good one is forwarded as it is', async () => {
    const token = await edge.issuer.issuer(TOKEN).sign(good());
    const answered = await edge.to(L.jwt, { headers: [['authorization', `Bearer ${token}`]] });
    expect(seen(answered).headers.authorization).toEqual([`Bearer ${token}`]);
  });

  test.each<[string, JWTPayload, SignOptions | undefined]>([
    ['an expired one', { exp: now - 30 }, undefined],
    ['one without expiry', { exp: undefined }, undefined],
    ['one that is not yet valid', { nbf: now + 300 }, undefined],
    ['one from the future', { iat: now + 300 }, undefined],
    ['one of another issuer', { iss: 'https://issuer.test/other' }, undefined],
    ['one without issuer', { iss: undefined }, undefined],
    ['a wrong single string', { client_id: 'platform2' }, undefined],
    ['a missing single string', { client_id: undefined }, undefined],
    ['an array without any of the values', { team: ['green'] }, undefined],
    ['a string for an array', { team: 'red' }, undefined],
    ['a list with only a longer word', { scope: 'core/invoke2 a-core/invoke' }, undefined],
    ['a published key of another kind', {}, { key: 'published-ec' }],
    ['another hash than SHA-256', {}, { header: { alg: 'RS512' } }],
    ['a stranger\'s key under the published id', {}, { key: 'stranger' }],
    ['the public key as a shared secret', {}, { header: { alg: 'HS256' } }],
    ['no signature', {}, { header: { alg: 'none' } }],
  ])('are refused with 401: %s', async (_, change, options) => {
    await expect(withToken(L.jwt, { ...good(), ...change }, options)).resolves.toMatchObject({ status: 401, body: '' });
  });

  test.each<[string, JWTPayload]>([
    ['one that does not say when it was issued', { iat: undefined }],
    ['one value of an array among others', { team: ['green', 'blue'] }],
    ['one word of a list among others', { scope: 'a core/invoke b' }],
  ])('are let through: %s', async (_, change) => {
    await expect(withToken(L.jwt, { ...good(), ...change })).resolves.toMatchObject({ status: 200 });
  });

  test('are looked for in the Authorization header alone', async () => {
    const token = await edge.issuer.issuer(TOKEN).sign(good());
    await expect(edge.to(L.jwt, { path: `/?access_token=${token}` })).resolves.toMatchObject({ status: 401 });
    await expect(edge.to(L.jwt)).resolves.toMatchObject({ status: 401 });
  });

  test('are asked for by rule: one issuer\'s is a stranger\'s at another rule, and a third wants none', async () => {
    await expect(withToken(L.jwt, good(), undefined, '/bare')).resolves.toMatchObject({ status: 401 });
    await expect(withToken(L.jwt, { ...good(), iss: BARE_TOKEN.issuer }, undefined, '/bare')).resolves.toMatchObject({ status: 401 });
    const other = await edge.issuer.issuer(BARE_TOKEN).sign(edge.issuer.issuer(BARE_TOKEN).goodClaims());
    await expect(edge.to(L.jwt, { path: '/bare', headers: [['authorization', `Bearer ${other}`]] })).resolves.toMatchObject({ status: 200 });
    await expect(edge.to(L.jwt, { headers: [['authorization', `Bearer ${other}`]] })).resolves.toMatchObject({ status: 401 });
    await expect(edge.to(L.jwt, { path: '/open' })).resolves.toMatchObject({ status: 200, body: 'open' });
  });
});
