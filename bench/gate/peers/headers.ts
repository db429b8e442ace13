import type { BenchKey } from '../keys';
import { KEY_HEADER } from '../keys';

/** Of a page that may call, so that CORS has something to do. */
export const ORIGIN = 'https://app.example.com';

/** What every request has; wrk adds the length. */
export const COMMON_HEADERS = { 'content-type': 'application/json', 'origin': ORIGIN, 'user-agent': 'bench' } as const;

export function keyHeaders(key: BenchKey): Record<string, string> {
  return { ...COMMON_HEADERS, [KEY_HEADER]: key.text };
}
