/** What a gate measures, by name: alarms in the template and the service that counts have to agree on it (MON-3, CX-63 to CX-65). */
export const GATE_METRICS = {
  requests: 'gateway_requests_total',
  allowed: 'gateway_key_auth_allowed_total',
  blocked: 'gateway_key_auth_blocked_total',
  limited: 'gateway_limited_total',
  uncounted: 'gateway_uncounted_total',
  leasesOpen: 'gateway_leases_open',
  leasesLost: 'gateway_leases_lost_total',
  streamsCut: 'gateway_streams_cut_total',
  keySetAge: 'gateway_jwks_age_seconds',
  lockedDown: 'gateway_locked_down',
  auditLost: 'gateway_audit_lost_total',
  duration: 'gateway_request_duration_seconds',
  memory: 'process_resident_memory_bytes',
  loopDelay: 'gateway_event_loop_delay_seconds',
} as const;

export type GateMetricName = (typeof GATE_METRICS)[keyof typeof GATE_METRICS];

/** More requests than these in a few minutes are a flood: an alarm on any that waits for more sounds too late or never. */
export const FLOOD = 5000;

/** Parts of `gateway_requests_total` in CloudWatch, where each name costs something: classes, and `none` where nobody was told anything. */
export const STATUS_CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx', 'none'] as const;
export type StatusClass = (typeof STATUS_CLASSES)[number];

/** By what somebody was limited, and a stream was cut. */
export const LIMITED_BY = ['general', 'heavy', 'streams'] as const;
export const CUT_BY = ['revoked', 'locked-down', 'lease-lost'] as const;

/** What passed while Redis was away, and what did not. */
export const ALLOWED_PART = 'allowed';
export const REFUSED_PART = 'refused';

/**
 * The name that a part of a metric has in CloudWatch, such as `gateway_requests_total_5xx`.
 *
 * One line of a log has one value for a dimension, so that parts with dimensions would be a line each; with names of their own they are all in one. The name
 * without a part is the sum of all parts.
 */
export const metricPart = (name: GateMetricName, part: string): string => `${name}_${part.replace(/-/g, '_')}`;

/** What a histogram is in CloudWatch: the sum of what was measured, and how often. */
export const SUM_PART = 'sum';
export const COUNT_PART = 'count';

/** How often a gate writes what it has counted; an alarm with a shorter period looks at nothing. */
export const METRICS_INTERVAL_SECONDS = 60;
