import { createHash } from 'node:crypto';
import type { IdentityConfiguration, KeyConfiguration, TokenConfiguration } from '../../../../src/gate/contract';
import { createAuthenticator } from '../../../../src/runtime/gate/identity/authenticator';
import type { AuthenticatorParts } from '../../../../src/runtime/gate/identity/parts';
import type { Authenticator, KeyRecord, LogEvent } from '../../../../src/runtime/gate/ports';
import { Refusal } from '../../../../src/runtime/gate/refusal';
import type { TokenContext } from '../corpora/tokens';

/** In seconds since 1970. */
export const NOW = 1_800_000_000;
export const CONTEXT: TokenContext = { now: NOW, issuer: 'https://login.acme.com', audience: 'core' };
export const JWKS_URI = 'https://login.acme.com/jwks.json';
export const KEY: KeyConfiguration = { header: 'x-api-key', prefix: 'ctx_', inAuthorization: false };
export const BOUNDS = { ttlSeconds: 300, timeoutSeconds: 3, maxAttempts: 3, backoffSeconds: 0.2, maxBackoffSeconds: 2 };

export const TOKEN: TokenConfiguration = {
  issuer: CONTEXT.issuer,
  claims: [{ name: 'aud', values: [CONTEXT.audience] }],
  algorithms: ['RS256', 'ES256'],
  clockSkewSeconds: 60,
  subjectClaim: 'sub',
  scopesClaim: 'scope',
  keys: { source: 'mirror', uri: JWKS_URI, ...BOUNDS },
};

export const digestOf = (key: string): string => createHash('sha256').update(key).digest('hex');

/** What a gate asks, in memory; a test turns the clock and changes what is stored. */
export class World {
  public nowMs = NOW * 1000;
  public readonly events: LogEvent[] = [];
  public readonly stored = new Map<string, KeyRecord>();
  public readonly mirrored = new Map<string, string>();
  /** Digests that were looked up. */
  public readonly lookedUp: string[] = [];
  /** Key sets that were read. */
  public readonly read: string[] = [];

  public readonly parts: AuthenticatorParts = {
    keys: {
      find: (digest) => {
        this.lookedUp.push(digest);
        return Promise.resolve(this.stored.get(digest));
      },
    },
    keySets: {
      read: (uri) => {
        this.read.push(uri);
        const document = this.mirrored.get(uri);
        return Promise.resolve(document === undefined ? undefined : { document, fetchedAt: this.nowMs });
      },
    },
    clock: () => this.nowMs,
    log: { info: (event) => this.events.push(event), warn: (event) => this.events.push(event) },
    profile: 'remote',
    wait: () => Promise.resolve(),
  };

  public addKey(key: string, record: Partial<KeyRecord> = {}): void {
    this.stored.set(digestOf(key), { owner: 'platform', scopes: ['chat'], validUntil: NOW + 3600, isRevoked: false, ...record });
  }

  public authenticator(identity: Partial<IdentityConfiguration>, parts: Partial<AuthenticatorParts> = {}): Authenticator {
    return createAuthenticator({ accept: [['token']], tokens: [], ...identity }, { ...this.parts, ...parts });
  }
}

/** Headers as they arrive. */
export function headers(...received: readonly (readonly [name: string, ...values: string[]])[]): ReadonlyMap<string, readonly string[]> {
  return new Map(received.map(([name, ...values]) => [name, values]));
}

export const bearer = (token: string): ReadonlyMap<string, readonly string[]> => headers(['authorization', `Bearer ${token}`]);

/** `<code> <reason>` of a refusal; anything else that is thrown is no answer. */
export async function refusalOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
  } catch (error) {
    if (error instanceof Refusal) return `${error.code} ${error.reason}`;
    throw error;
  }
  return 'let in';
}
