/** What the load balancer and the gate have to agree on: the only file of this room that the service may import. */

/** One year in seconds: what browsers' preload lists ask for (HDR-5). */
export const HSTS_MIN_SECONDS = 31_536_000;

/** On every answer, whoever makes it (HDR-3, HDR-4, HDR-5); names in lower case. */
export const SECURITY_HEADERS = {
  'strict-transport-security': `max-age=${HSTS_MIN_SECONDS}; includeSubDomains`,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;
