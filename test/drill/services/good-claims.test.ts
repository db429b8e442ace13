import { goodClaims } from '../../../src/drill/services/good-claims';
import type { ClaimModel } from '../../../src/drill/edge/model';

const NOW = new Date('2026-01-02T03:04:05.678Z');

function claims(...asked: readonly ClaimModel[]): ReturnType<typeof goodClaims> {
  return goodClaims({ kind: 'jwt', issuer: 'https://${Pool}/', jwksEndpoint: 'https://${Pool}/keys', claims: asked }, NOW);
}

test('a token without demands names issuer and subject and lives for five minutes', () => {
  const seconds = Math.floor(NOW.getTime() / 1000);
  expect(claims()).toEqual({ iss: 'https://${Pool}/', sub: 'drill', jti: expect.any(String) as string, iat: seconds, nbf: seconds, exp: seconds + 300 });
});

test('no two tokens have the same id', () => {
  expect(claims().jti).not.toBe(claims().jti);
});

test('a single string is the first value', () => {
  expect(claims({ name: 'aud', format: 'single-string', values: ['core', 'other'] }).aud).toBe('core');
});

test('an array holds every value, and not only those', () => {
  expect(claims({ name: 'aud', format: 'string-array', values: ['core', 'other'] }).aud).toEqual(['core', 'other', 'something-else']);
});

test('a list of words holds every value, and does not start with one', () => {
  expect(claims({ name: 'scope', format: 'space-separated-values', values: ['core/invoke', 'core/read'] }).scope).toBe('something-else core/invoke core/read');
});

test('a client without an audience is a user pool’s access token', () => {
  const asked = claims({ name: 'client_id', format: 'single-string', values: ['platform'] });
  expect(asked).toMatchObject({ client_id: 'platform', token_use: 'access' });
  expect(asked).not.toHaveProperty('aud');
});

test('what the rule says about token_use goes before what a user pool would say', () => {
  expect(claims({ name: 'client_id', format: 'single-string', values: ['platform'] }, { name: 'token_use', format: 'single-string', values: ['id'] }).token_use).toBe('id');
});

test('a demanded audience makes it nobody’s access token in particular', () => {
  expect(claims({ name: 'client_id', format: 'single-string', values: ['platform'] }, { name: 'aud', format: 'single-string', values: ['core'] })).not.toHaveProperty('token_use');
});
