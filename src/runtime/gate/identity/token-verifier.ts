import { compactVerify } from 'jose';
import type { TokenConfiguration } from '../../../gate/contract';
import { memberOf } from '../../shared/json-object';
import type { Clock } from '../ports';
import type { Proof } from './proof';
import type { KeySet } from './key-set';
import { readToken } from './token';
import { judgeClaims } from './token-claims';
import { unauthenticated } from './unauthenticated';

interface Issuer {
  readonly configuration: TokenConfiguration;
  readonly keySet: KeySet;
}

/** Verifies tokens of the issuers that are configured, each with its own keys. */
export class TokenVerifier {
  private readonly issuers: ReadonlyMap<unknown, Issuer>;

  public constructor(issuers: readonly Issuer[], private readonly clock: Clock) {
    this.issuers = new Map(issuers.map((issuer) => [issuer.configuration.issuer, issuer]));
  }

  /** What a token may be signed with is settled before any key is looked for, and the key says it again: no key serves two algorithms (RFC 8725, section 3.1). */
  public async verify(token: string): Promise<Proof> {
    const { alg, kid, claims } = readToken(token);
    const issuer = this.issuers.get(memberOf(claims, 'iss'));
    if (issuer === undefined) throw unauthenticated('token-issuer');
    if (!issuer.configuration.algorithms.includes(alg)) throw unauthenticated('token-algorithm');
    const key = await issuer.keySet.find(alg, kid);
    if (key === undefined) throw unauthenticated('token-key-unknown');
    try {
      await compactVerify(token, key, { algorithms: [alg] });
    } catch {
      throw unauthenticated('token-signature');
    }
    return judgeClaims(claims, issuer.configuration, this.clock() / 1000);
  }
}
