import type { IConstruct } from 'constructs';
import { type HttpsOrigin, serializedOrigins } from '../../gate/https-origin';
import type { PlanConfiguration } from '../../gate/rate/contract';

/** What the program is told in plain sight. It counts its callers as the gate does, who counted them before. */
export function cortexVariables(scope: IConstruct, corsOrigins: readonly HttpsOrigin[], { general, streams }: PlanConfiguration): Record<string, string> {
  return {
    GATEWAY_DEV_ALLOW_ALL_KEYS: 'false',
    CORS_ALLOW_ORIGINS: serializedOrigins(scope, 'profile.corsOrigins', corsOrigins).join(','),
    RATE_LIMIT_ENABLED: 'true',
    RATE_LIMIT_RPS: String(general.requests / general.windowSeconds),
    RATE_LIMIT_BURST: String(general.burst),
    RATE_LIMIT_WINDOW_SEC: String(general.windowSeconds),
    CONCURRENCY_LIMIT_ENABLED: 'true',
    MAX_CONCURRENT_STREAMS_PER_ID: String(streams),
  };
}
