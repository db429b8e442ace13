/** How often something is asked for before it is given up. */
export interface RetryBounds {
  readonly maxAttempts: number;
  readonly backoffSeconds: number;
  readonly maxBackoffSeconds: number;
}

/** The pause before an attempt: none before the first, then twice as long each time, up to the longest. */
export function backoffMs({ backoffSeconds, maxBackoffSeconds }: RetryBounds, attempt: number): number {
  return attempt <= 1 ? 0 : 1000 * Math.min(backoffSeconds * 2 ** (attempt - 2), maxBackoffSeconds);
}
