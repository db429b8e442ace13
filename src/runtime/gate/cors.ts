import type { CorsConfiguration } from '../../gate/contract';
import { SECURITY_HEADERS } from '../../ingress/contract';
import { ALLOWED_METHODS } from './hygiene';
import type { ReceivedHeaders } from './ports';
import { onlyValue } from './received-headers';
import { Refusal } from './refusal';
import type { Answer } from './refusal-answer';
import { REQUEST_ID_HEADER } from './request-id';

/** Which pages of other origins may call (HDR-1), answered here alone: the Core is never asked (M-10, M-11). */
export class Cors {
  private readonly origins: ReadonlySet<string>;

  /** @param configuration undefined where no page of another origin may call */
  public constructor(private readonly configuration: CorsConfiguration | undefined) {
    this.origins = new Set(configuration?.origins);
    // Sandboxed pages of anybody send `null`; and `*` would be no list (HDR-2).
    if (this.origins.has('null') || this.origins.has('*')) throw new Error('cors.origins must name origins, and neither null nor *.');
  }

  /**
   * What a browser needs to show an answer to a page. `vary` is there for origins that are not listed too, or a cache would give one the other's answer.
   *
   * @param origin as it was sent
   */
  public headersFor(origin: string | undefined): Readonly<Record<string, string>> {
    if (!this.configuration) return {};
    if (origin === undefined || !this.origins.has(origin)) return { vary: 'Origin' };
    return {
      'vary': 'Origin',
      'access-control-allow-origin': origin,
      ...(this.configuration.credentials ? { 'access-control-allow-credentials': 'true' } : {}),
    };
  }

  /**
   * Answers an OPTIONS request. One that is no preflight has nobody to answer it: it would need a credential, and no route can declare it.
   *
   * An origin that is not listed is answered too, without anything that would let its browser go on. A path that is not declared is not.
   *
   * @param methods what the policy declares for the path; empty where it declares nothing
   */
  public preflight(received: ReceivedHeaders, methods: readonly string[], requestId: string): Answer {
    const origin = onlyValue(received, 'origin');
    if (!this.configuration || origin === undefined || onlyValue(received, 'access-control-request-method') === undefined) {
      throw new Refusal('method_not_allowed', 'no-preflight', ALLOWED_METHODS);
    }
    if (methods.length === 0) throw new Refusal('not_found', 'preflight-path');
    const { headers, maxAgeSeconds } = this.configuration;
    const allowed = this.origins.has(origin)
      ? {
        ...this.headersFor(origin),
        'access-control-allow-methods': methods.join(', '),
        ...(headers.length === 0 ? {} : { 'access-control-allow-headers': headers.join(', ') }),
        'access-control-max-age': String(maxAgeSeconds),
      }
      : {};
    return {
      // Without a length: RFC 9110, 8.6 forbids one on a 204.
      status: 204,
      headers: {
        ...allowed,
        ...SECURITY_HEADERS,
        [REQUEST_ID_HEADER]: requestId,
        'cache-control': 'no-store',
        'vary': 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
      },
      body: '',
    };
  }
}
