import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { TokenCase, TokenContext, TokenSigner } from './tokens';

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The keys of an issuer and of those who would like to be one. */
export class CorpusKeys {
  private readonly pairs: Readonly<Record<Exclude<TokenSigner, 'pem' | 'nobody'>, Pair>> = {
    'published': generateKeyPairSync('rsa', { modulusLength: 2048 }),
    'published-ec': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    'short': generateKeyPairSync('rsa', { modulusLength: 1024 }),
    'stranger': generateKeyPairSync('rsa', { modulusLength: 2048 }),
    'stranger-ec': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  };

  /** As an issuer publishes it. */
  public jwk(signer: keyof CorpusKeys['pairs'], members: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    const { publicKey } = this.pairs[signer];
    return { ...publicKey.export({ format: 'jwk' }), kid: signer, use: 'sig', alg: publicKey.asymmetricKeyType === 'ec' ? 'ES256' : 'RS256', ...members };
  }

  /** With what nobody publishes. */
  public privateJwk(signer: keyof CorpusKeys['pairs']): Record<string, unknown> {
    return { ...this.jwk(signer), ...this.pairs[signer].privateKey.export({ format: 'jwk' }) };
  }

  /** The key set of the issuer. */
  public document(...keys: readonly unknown[]): string {
    return JSON.stringify({ keys: keys.length > 0 ? keys : [this.jwk('published'), this.jwk('published-ec')] });
  }

  /** What is signed does not follow from `alg`, but from who signs: attackers' headers lie. */
  public sign(input: string, signer: TokenSigner): string {
    if (signer === 'nobody') return '';
    if (signer === 'pem') return createHmac('sha256', this.pairs.published.publicKey.export({ type: 'spki', format: 'pem' })).update(input).digest('base64url');
    return sign('sha256', Buffer.from(input), { key: this.pairs[signer].privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  }
}

export function goodClaims({ now, issuer, audience }: TokenContext): Record<string, unknown> {
  return { iss: issuer, aud: audience, sub: 'alice', scope: 'chat embeddings', exp: now + 300, nbf: now - 10, iat: now - 10 };
}

/** The token of a case, as it goes over the wire. */
export function mint(keys: CorpusKeys, context: TokenContext, { header, claims, signer = 'published', rewriteHeader, rewriteClaims, rewrite }: TokenCase): string {
  const written = [
    (rewriteHeader ?? same)(JSON.stringify({ alg: 'RS256', kid: 'published', typ: 'JWT', ...header })),
    (rewriteClaims ?? same)(JSON.stringify({ ...goodClaims(context), ...claims?.(context) })),
  ];
  const input = written.map((text) => Buffer.from(text).toString('base64url')).join('.');
  return (rewrite ?? same)(`${input}.${keys.sign(input, signer)}`);
}

const same = (text: string): string => text;
