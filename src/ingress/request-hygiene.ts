/** An attribute of a load balancer that keeps requests from meaning one thing to it and another to its target. */
export interface HygieneAttribute {
  readonly key: string;
  readonly allowed: readonly string[];
  /** What the service does where nothing is said (ELB API, LoadBalancerAttribute). */
  readonly preset: string;
}

/** What an application load balancer has to do to requests (TLS-7). */
export const REQUEST_HYGIENE: readonly HygieneAttribute[] = [
  { key: 'routing.http.drop_invalid_header_fields.enabled', allowed: ['true'], preset: 'false' },
  { key: 'routing.http.desync_mitigation_mode', allowed: ['defensive', 'strictest'], preset: 'defensive' },
  { key: 'routing.http.xff_header_processing.mode', allowed: ['append'], preset: 'append' },
  { key: 'waf.fail_open.enabled', allowed: ['false'], preset: 'false' },
];
