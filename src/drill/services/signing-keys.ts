import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import type { SigningKeyName } from '../scene';

/** One key pair and what it is called in a key set. */
export interface SigningKey {
  readonly alg: 'RS256' | 'ES256';
  /** A stranger carries the name of the published key of its kind: a verifier that finds keys by name gets as far as the signature. */
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const KINDS: Readonly<Record<SigningKeyName, 'rsa' | 'ec'>> = {
  'published': 'rsa',
  'published-ec': 'ec',
  'stranger': 'rsa',
  'stranger-ec': 'ec',
};

/** The keys around one key set. Each is made when first asked for: an RSA key takes a tenth of a second, and most drills need one of four. */
export class SigningKeys {
  private readonly made = new Map<SigningKeyName, SigningKey>();

  /** @param name what key ids start with, so that those of two key sets differ */
  public constructor(private readonly name: string) {}

  public key(name: SigningKeyName): SigningKey {
    const key = this.made.get(name) ?? make(KINDS[name], `${this.name}-${KINDS[name]}`);
    this.made.set(name, key);
    return key;
  }

  public publicJwk(name: SigningKeyName): JWK {
    const { alg, kid, publicKey } = this.key(name);
    return { ...publicKey.export({ format: 'jwk' }) as JWK, alg, kid, use: 'sig' };
  }

  public publicPem(name: SigningKeyName): string {
    return this.key(name).publicKey.export({ format: 'pem', type: 'spki' }).toString();
  }
}

/** A name for a text that may hold anything, such as the address of a key set with holes in it. */
export function nameOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function make(kind: 'rsa' | 'ec', kid: string): SigningKey {
  return kind === 'rsa'
    ? { alg: 'RS256', kid, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) }
    : { alg: 'ES256', kid, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
}
