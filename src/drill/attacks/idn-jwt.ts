import type { Attack } from '../attack';
import { AUTHENTICATION_REMOVED, jwtSaboteur } from '../saboteurs';
import type { DrillIssuer, SignOptions } from '../scene';
import { tokenCheckOf } from './targets';
import { type BadToken, defineTokenAttack, nowInSeconds } from './tokens';

/** Where an attacker publishes keys of his own. */
const FOREIGN_KEYS = 'https://keys.attacker.example/jwks.json';

/** More than the load balancer takes of one header and of all headers (elasticloadbalancing, load-balancer-limits). */
const OVERSIZED_KB = [20, 80];

const strangerWith = (header: SignOptions['header']): SignOptions => ({ key: 'stranger', header });

/** Signatures that RFC 8725 warns of (sections 2 and 3), by how they are made. */
export function forgedSignatures(issuer: DrillIssuer): Readonly<Record<string, SignOptions>> {
  return {
    ...Object.fromEntries(['none', 'None', 'NONE', 'nOnE'].map((alg) => [`alg ${alg}`, { header: { alg } }])),
    ...Object.fromEntries(['HS256', 'HS384', 'HS512'].map((alg) => [`alg ${alg} keyed with the public key`, { header: { alg } }])),
    'a key brought along as jwk': strangerWith({ jwk: issuer.publicJwk('stranger') }),
    'a key set named as jku': strangerWith({ jku: FOREIGN_KEYS }),
    'a certificate named as x5u': strangerWith({ x5u: 'https://keys.attacker.example/chain.pem' }),
    'a stranger\'s key under the published name': { key: 'stranger' },
    'a stranger\'s key without a name': strangerWith({ kid: undefined }),
    'a stranger\'s key named as a path': strangerWith({ kid: '../../../../dev/null' }),
    'a stranger\'s key named as a query': strangerWith({ kid: '\' OR \'1\'=\'1' }),
    'alg ES256 with a published key': { key: 'published-ec' },
    'alg ES256 with a stranger\'s key': { key: 'stranger-ec' },
  };
}

async function forgeries(issuer: DrillIssuer): Promise<BadToken[]> {
  const claims = issuer.goodClaims();
  const signed = await Promise.all(Object.entries(forgedSignatures(issuer)).map(async ([name, options]) => ({ name, token: await issuer.sign(claims, options) })));
  const oversized = await Promise.all(OVERSIZED_KB.map(async (size) => ({
    name: `a forged token of ${size} KB`,
    token: await issuer.sign({ ...claims, padding: 'x'.repeat(size * 768) }, { key: 'stranger' }),
  })));
  const [header = '', payload = '', signature = ''] = (await issuer.sign(claims)).split('.');
  const [, admin = ''] = (await issuer.sign({ ...claims, sub: 'admin' })).split('.');
  return [
    ...signed,
    { name: 'no signature', token: `${header}.${payload}.` },
    { name: 'no signature and no dot', token: `${header}.${payload}` },
    { name: 'one byte of the signature changed', token: `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}` },
    { name: 'the signature of another token', token: `${header}.${admin}.${signature}` },
    ...oversized,
  ];
}

const algorithms = defineTokenAttack('IDN-2', 'algorithms', {
  tries: 'Sends tokens with the right claims and a forged signature: none, key confusion, keys brought along, strangers\' keys, other algorithms, oversized ones (RFC 8725).',
  expects: 'No request reaches the Core, and the edge goes on serving others.',
  mint: forgeries,
  saboteurs: [AUTHENTICATION_REMOVED],
});

const foreignKeys = defineTokenAttack('IDN-2', 'foreign-keys', {
  tries: `Sends a token that an attacker has signed with keys that he publishes himself, at ${FOREIGN_KEYS}.`,
  async mint(_, target, scene) {
    const attacker = scene.issuer({ ...tokenCheckOf(target), jwksEndpoint: FOREIGN_KEYS });
    return [{ name: 'a key that the attacker publishes', token: await attacker.sign(attacker.goodClaims()) }];
  },
  saboteurs: [jwtSaboteur('JwksEndpoint becomes the attacker\'s', (config) => ({ ...config, JwksEndpoint: FOREIGN_KEYS })), AUTHENTICATION_REMOVED],
});

/** Far beyond any tolerance for clocks. */
const HOUR = 3600;

const lifetime = defineTokenAttack('IDN-2', 'lifetime', {
  tries: 'Sends well-signed tokens that have expired, are not good yet, were issued in the future or never expire.',
  async mint(issuer) {
    const claims = issuer.goodClaims();
    const now = nowInSeconds();
    return [
      { name: 'an expired token', token: await issuer.sign({ ...claims, iat: now - 2 * HOUR, nbf: now - 2 * HOUR, exp: now - HOUR }) },
      { name: 'a token that is not good yet', token: await issuer.sign({ ...claims, nbf: now + HOUR, exp: now + 2 * HOUR }) },
      { name: 'a token issued in the future', token: await issuer.sign({ ...claims, iat: now + HOUR, exp: now + 2 * HOUR }) },
      { name: 'a token without an end', token: await issuer.sign({ ...claims, exp: undefined }) },
    ];
  },
  // AWS enforces it wherever it validates a token at all (elasticloadbalancing, API_JwtValidationActionConfig).
  saboteurs: [AUTHENTICATION_REMOVED],
});

export const FORGERY_ATTACKS: readonly Attack[] = [algorithms, foreignKeys, lifetime];
