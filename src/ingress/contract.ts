/** What the load balancer, the gate and the command line have to agree on: the only file of this room that the service may import. */

/** One year in seconds: what browsers' preload lists ask for (HDR-5). */
export const HSTS_MIN_SECONDS = 31_536_000;

/** On every answer, whoever makes it (HDR-3, HDR-4, HDR-5); names in lower case. */
export const SECURITY_HEADERS = {
  'strict-transport-security': `max-age=${HSTS_MIN_SECONDS}; includeSubDomains`,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/**
 * A tag on a target group with a gate in it: what the gate is to be forwarded though the load balancer has asked nobody who he is, as words separated by
 * blanks. By it the command line knows what a lock-down may be lifted in front of (INC-2).
 */
export const GATE_TAG = 'cdk-secure-core:gate';

/** The exceptions of IDN-1. `callers`: declared paths, since the gate asks for every proof itself. `preflight`: OPTIONS. `health`: GET of one path. */
export const UNPROVEN_KINDS = ['callers', 'preflight', 'health'] as const;
export type UnprovenKind = typeof UNPROVEN_KINDS[number];
