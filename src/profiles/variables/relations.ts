import type { ProfileName } from './variable';

/** What holds between variables of one program; judged where all that it needs is known. */
export type Relation = { readonly profile: ProfileName; readonly rows: readonly string[] } & (
  | { readonly kind: 'exactly-one' | 'all-or-none' | 'at-most-one' | 'distinct'; readonly names: readonly string[] }
  | { readonly kind: 'at-most'; readonly name: string; readonly of: string; readonly times: number }
  /** Every entry of the list is the value of one of these variables. */
  | { readonly kind: 'within'; readonly name: string; readonly of: readonly string[] }
  /** Where a variable has the value, the others are there, and of those with a value, with it. */
  | {
    readonly kind: 'needs'; readonly name: string; readonly value: string; readonly others: Readonly<Record<string, string | undefined>>;
    /** A choice of the profile, as its metadata says it, under which it does not hold. */
    readonly unless?: string;
  }
);

const SCOPE_VARIABLES = ['TGEFD_SCOPE_DISCOVER', 'TGEFD_SCOPE_EVALUATE', 'TGEFD_SCOPE_METRICS', 'TGEFD_SCOPE_JOBS'];

export const RELATIONS: readonly Relation[] = [
  { profile: 'cortex', kind: 'at-most', name: 'RATE_LIMIT_RPS', of: 'RATE_LIMIT_BURST', times: 1, rows: ['CX-28'] },
  { profile: 'tgefd', kind: 'at-most-one', names: ['TGEFD_JWKS_URL', 'TGEFD_JWT_SECRET'], rows: ['TG-08'] },
  { profile: 'tgefd', kind: 'at-most-one', names: ['TGEFD_ROLE_CLAIM', 'TGEFD_ROLES_CLAIM'], rows: ['TG-40'] },
  { profile: 'tgefd', kind: 'distinct', names: SCOPE_VARIABLES, rows: ['TG-37'] },
  { profile: 'tgefd', kind: 'at-most', name: 'TGEFD_JWKS_BACKOFF_SEC', of: 'TGEFD_JWKS_MAX_BACKOFF_SEC', times: 1, rows: ['TG-26'] },
  { profile: 'tgefd', kind: 'at-most', name: 'TGEFD_HEAVY_BURST_LIMIT', of: 'TGEFD_HEAVY_RATE_LIMIT_PER_MINUTE', times: 1, rows: ['TG-57'] },
  ...['TGEFD_ROLE_ADMIN_SCOPES', 'TGEFD_ROLE_ANALYST_SCOPES', 'TGEFD_API_KEY_SCOPES'].map((name): Relation => ({ profile: 'tgefd', kind: 'within', name, of: SCOPE_VARIABLES, rows: ['TG-45'] })),
  { profile: 'tgefd', kind: 'within', name: 'TGEFD_ROLE_READER_SCOPES', of: ['TGEFD_SCOPE_METRICS', 'TGEFD_SCOPE_JOBS'], rows: ['TG-46'] },
  { profile: 'nodetool', kind: 'exactly-one', names: ['SECRETS_MASTER_KEY', 'AWS_SECRETS_MASTER_KEY_NAME'], rows: ['NT-26', 'NT-76'] },
  { profile: 'nodetool', kind: 'all-or-none', names: ['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'], rows: ['NT-22'] },
  { profile: 'nodetool', kind: 'all-or-none', names: ['OTEL_SERVICE_NAME', 'OTEL_EXPORTER_OTLP_ENDPOINT'], rows: ['NT-65'] },
  { profile: 'nodetool', kind: 'all-or-none', names: ['MEMCACHE_HOST', 'MEMCACHE_PORT'], rows: ['NT-72'] },
  {
    profile: 'tom', kind: 'needs', name: 'TOM_CORE_CREDENTIAL_CHECKOUT_ENABLED', value: 'true',
    others: { TOM_CORE_WORKER_AUTH_REQUIRED: 'true', TOM_CORE_WORKER_HMAC_SECRET: undefined }, unless: 'per-worker-keys', rows: ['TS-43'],
  },
];
