import type { JWTPayload } from 'jose';
import type { JsonMap } from '../../checks/template/template';
import type { Attack } from '../attack';
import type { ClaimModel } from '../edge/model';
import { AUTHENTICATION_REMOVED, claimsSaboteur, jwtSaboteur, omit, without } from '../saboteurs';
import type { DrillIssuer } from '../scene';
import { tokenCheckOf } from './targets';
import { type BadToken, defineTokenAttack } from './tokens';

const OTHER_ISSUER = 'https://login.attacker.example/';
const OTHER_AUDIENCE = 'another-service';

/** Claims that say for whom a token was issued: user pools name the client in place of an audience. */
const AUDIENCE: ReadonlySet<unknown> = new Set(['aud', 'client_id']);
const USE = 'token_use';

const CLAIMS_DELETED = jwtSaboteur('AdditionalClaims deleted', (config) => ('AdditionalClaims' in config ? omit(config, 'AdditionalClaims') : undefined));

/** Well-signed tokens with some claims replaced; undefined leaves one out. */
async function tokens(issuer: DrillIssuer, changes: Readonly<Record<string, JWTPayload>>): Promise<BadToken[]> {
  return Promise.all(Object.entries(changes).map(async ([name, change]) => ({ name, token: await issuer.sign({ ...issuer.goodClaims(), ...change }) })));
}

const issuer = defineTokenAttack('IDN-3', 'issuer', {
  tries: 'Sends tokens signed with the issuer\'s own keys in another issuer\'s name, in a similar one and in none.',
  mint: (drill, target) => tokens(drill, {
    'a token of another issuer': { iss: OTHER_ISSUER },
    'a token of an issuer whose name begins alike': { iss: `${tokenCheckOf(target).issuer}.attacker.example` },
    'a token of no issuer': { iss: undefined },
  }),
  saboteurs: [jwtSaboteur('Issuer becomes another one', (config) => ({ ...config, Issuer: OTHER_ISSUER })), AUTHENTICATION_REMOVED],
});

const audience = defineTokenAttack('IDN-3', 'audience', {
  tries: 'Sends good tokens that the issuer gave out for another service, and for nobody in particular.',
  mint: (drill) => tokens(drill, {
    'a token for another service': { aud: OTHER_AUDIENCE, client_id: OTHER_AUDIENCE },
    'a token for several other services': { aud: [OTHER_AUDIENCE, 'a-third-service'], client_id: OTHER_AUDIENCE },
    'a token for nobody in particular': { aud: undefined, client_id: undefined },
  }),
  saboteurs: [
    CLAIMS_DELETED,
    claimsSaboteur('aud and client_id deleted', (claims) => without(claims, ({ Name }) => AUDIENCE.has(Name))),
    claimsSaboteur('aud and client_id admit another service', (claims) => widened(claims, ({ Name }) => AUDIENCE.has(Name), OTHER_AUDIENCE)),
  ],
});

/** Lets some claims have another value besides. */
function widened(claims: readonly JsonMap[], isMeant: (claim: JsonMap) => boolean, value: string): readonly JsonMap[] | undefined {
  if (!claims.some(isMeant)) return undefined;
  return claims.map((claim) => (isMeant(claim) && Array.isArray(claim.Values) ? { ...claim, Values: [...claim.Values as readonly string[], value] } : claim));
}

const tokenUse = defineTokenAttack('IDN-3', 'token-use', {
  tries: 'Sends a good id token in the place of an access token, and a token that does not say what it is for.',
  needs: `jwt-validation that asks for ${USE}`,
  matches: ({ claims }) => claims.some(({ name }) => name === USE),
  mint: (drill) => tokens(drill, {
    'an id token': { [USE]: 'id' },
    'a token without token_use': { [USE]: undefined },
  }),
  saboteurs: [CLAIMS_DELETED, claimsSaboteur('token_use deleted', (claims) => without(claims, ({ Name }) => Name === USE))],
});

const isFurther = (name: unknown): boolean => !AUDIENCE.has(name) && name !== USE;

const furtherClaims = defineTokenAttack('IDN-3', 'further-claims', {
  tries: 'Sends good tokens, each without one of the further claims that are asked for, such as a scope, or with a value that only looks like the right one.',
  needs: 'jwt-validation that asks for a claim beside aud, client_id and token_use',
  matches: ({ claims }) => claims.some(({ name }) => isFurther(name)),
  mint: (drill, target) => tokens(drill, Object.assign({}, ...tokenCheckOf(target).claims.filter(({ name }) => isFurther(name)).map(nearMisses)) as Record<string, JWTPayload>),
  saboteurs: [
    CLAIMS_DELETED,
    claimsSaboteur('first further claim deleted', (claims) => one(claims, claims.findIndex(({ Name }) => isFurther(Name)))),
    claimsSaboteur('last further claim deleted', (claims) => one(claims, claims.findLastIndex(({ Name }) => isFurther(Name)))),
  ],
});

/** A claim that is not there, and values of which the right one is only a part. */
function nearMisses({ name, format, values: [value = ''] }: ClaimModel): Record<string, JWTPayload> {
  const similar = [`${value}x`, `x${value}`, value.slice(0, -1)];
  return {
    [`a token without ${name}`]: { [name]: undefined },
    [`a token with a similar ${name}`]: { [name]: format === 'string-array' ? similar : format === 'space-separated-values' ? similar.join(' ') : `${value}x` },
  };
}

/** The list without the item at an index; undefined where there is none. */
function one(claims: readonly JsonMap[], index: number): readonly JsonMap[] | undefined {
  return index < 0 ? undefined : claims.filter((_, at) => at !== index);
}

export const CLAIM_ATTACKS: readonly Attack[] = [issuer, audience, tokenUse, furtherClaims];
