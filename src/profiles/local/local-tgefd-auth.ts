import { TgefdScope } from '../tgefd/tgefd-scope';
import { fromShell } from './local-variables';

/** How callers of a TGEFD on one machine prove who they are; none of it can be deployed. */
export class LocalTgefdAuth {
  /** They do not: whoever reaches the port may do everything (TG-07). */
  public static none(): LocalTgefdAuth {
    return new LocalTgefdAuth({ TGEFD_AUTH_MODE: 'none', TGEFD_RBAC_ENABLED: 'false' });
  }

  /**
   * API keys (TG-06).
   *
   * @param scopes what every key may do; by default METRICS alone, since what the document takes without any is everything (TG-43)
   */
  public static apiKeys(...scopes: TgefdScope[]): LocalTgefdAuth {
    const granted = scopes.length === 0 ? [TgefdScope.METRICS] : scopes;
    return new LocalTgefdAuth({ TGEFD_AUTH_MODE: 'api_key', TGEFD_API_KEY_SCOPES: [...new Set(granted)].join(' ') });
  }

  /** Tokens that whoever has `TGEFD_JWT_SECRET`, of 32 bytes at least, signs by HS256 (TG-09); the shell gives it. */
  public static sharedSecret(): LocalTgefdAuth {
    return new LocalTgefdAuth({ TGEFD_AUTH_MODE: 'jwt', TGEFD_JWT_SECRET: fromShell('TGEFD_JWT_SECRET'), TGEFD_JWT_ALLOWED_ALGS: 'HS256' });
  }

  private constructor(private readonly variables: Readonly<Record<string, string>>) {}

  /**
   * What it comes to.
   *
   * @internal
   */
  public get _variables(): Readonly<Record<string, string>> {
    return this.variables;
  }
}
