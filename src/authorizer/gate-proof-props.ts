import type { JwtIssuerProps } from './jwt-props';

/** API keys. */
export interface ApiKeyProps {
  /**
   * The header that carries the key. Where no token is expected in `Authorization`, a bearer token that begins with the prefix counts as well, since that is what the
   * SDKs of language models send.
   *
   * @default 'X-API-Key' (TS-02)
   */
  readonly header?: string;

  /**
   * What every key begins with, so that people and scanners know one when they see it.
   *
   * @default 'ctx_' (CX-03)
   */
  readonly prefix?: string;
}

/** How a token may be signed. Both are asymmetric: nobody who verifies one could make one (IDN-2). */
export enum JwtAlgorithm {
  /** RSA, PKCS #1 v1.5, with SHA-256. */
  RS256 = 'RS256',

  /** ECDSA over P-256 with SHA-256. */
  ES256 = 'ES256',
}

/** Tokens that the gate alone verifies. */
export interface GateJwtIssuerProps extends JwtIssuerProps {
  /**
   * How tokens may be signed.
   *
   * @default - RS256 and ES256
   */
  readonly algorithms?: JwtAlgorithm[];
}

/** Tokens that name their audience, for the gate alone. */
export interface GateJwtProps extends GateJwtIssuerProps {
  /**
   * What tokens name in `aud`, such as `core`. A token for another service of the same issuer is refused.
   */
  readonly audience: string;
}

/** Tokens that name their client, for the gate alone. */
export interface GateJwtClientProps extends GateJwtIssuerProps {
  /**
   * The clients whose access tokens are accepted, as tokens name them in `client_id`; at most 10.
   */
  readonly clientIds: string[];
}
