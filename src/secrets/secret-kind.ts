import type { RingFormat } from './contract';

/** What a rotating secret is made of. Both are 32 random bytes (SEC-4, CX-33). */
export class SecretKind {
  /** 64 hexadecimal digits, as `openssl rand -hex 32` writes them: what `INTERNAL_VLLM_API_KEY` wants. */
  public static randomValue(): SecretKind {
    return new SecretKind('hex');
  }

  /** 43 characters of base64url: a key that messages are signed with, such as `TOM_CORE_WORKER_HMAC_SECRET`. */
  public static hmacKey(): SecretKind {
    return new SecretKind('base64url');
  }

  private constructor(
    /**
     * What its values look like.
     *
     * @internal
     */
    public readonly _format: RingFormat,
  ) {}
}
