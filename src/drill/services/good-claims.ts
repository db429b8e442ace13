import { randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { ClaimModel, JwtModel } from '../edge/model';

const LIFETIME_SECONDS = 5 * 60;

/**
 * Claims that satisfy every demand of a jwt action. A list holds all the values that are asked for and another one: AWS does not say
 * whether one of them would do (elasticloadbalancing API_JwtValidationActionAdditionalClaim), and such a list is right either way.
 */
export function goodClaims(jwt: JwtModel, now: Date = new Date()): JWTPayload {
  const seconds = Math.floor(now.getTime() / 1000);
  const asked = new Map(jwt.claims.map((claim) => [claim.name, valueOf(claim)]));
  return {
    // A user pool's access token names the client in place of an audience, and says what it is.
    ...(asked.has('client_id') && !asked.has('aud') ? { token_use: 'access' } : {}),
    sub: 'drill',
    jti: randomUUID(),
    ...Object.fromEntries(asked),
    iss: jwt.issuer,
    iat: seconds,
    nbf: seconds,
    exp: seconds + LIFETIME_SECONDS,
  };
}

function valueOf({ format, values }: ClaimModel): string | readonly string[] | undefined {
  switch (format) {
    case 'single-string': return values[0];
    case 'string-array': return [...values, 'something-else'];
    case 'space-separated-values': return ['something-else', ...values].join(' ');
  }
}
