/** Stable codes: what a caller is told. Which of several reasons it was stands in the log alone (RED-3). */
export const REFUSALS = {
  bad_request: { status: 400, message: 'The request is malformed.' },
  unauthenticated: { status: 401, message: 'A valid credential is required.' },
  forbidden: { status: 403, message: 'The credential does not permit this.' },
  not_found: { status: 404, message: 'There is nothing here.' },
  method_not_allowed: { status: 405, message: 'The method is not supported.' },
  timeout: { status: 408, message: 'The request took too long to arrive.' },
  too_large: { status: 413, message: 'The body is too large.' },
  headers_too_large: { status: 431, message: 'The headers are too large.' },
  rate_limited: { status: 429, message: 'Too many requests.' },
  bad_gateway: { status: 502, message: 'The service failed to answer.' },
  unavailable: { status: 503, message: 'The service is not available.' },
  // In the web ACL's words, so that nobody can tell by which of the two he was refused.
  locked_down: { status: 503, message: 'The service is closed.' },
  upstream_timeout: { status: 504, message: 'The service took too long to answer.' },
  internal: { status: 500, message: 'The request failed.' },
} as const satisfies Record<string, { status: number; message: string }>;

export type RefusalCode = keyof typeof REFUSALS;

/** A request that goes no further. */
export class Refusal extends Error {
  public constructor(
    public readonly code: RefusalCode,
    /** For the log: a fixed word of ours, such as `token-expired`, and never what the caller sent. */
    public readonly reason: string,
    /** Lower case; beside those of every refusal. */
    public readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(reason);
  }
}
