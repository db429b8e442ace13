import { createMetrics, type GateMetrics } from '../../../../src/runtime/gate/metrics';

let now: number;
let metrics: GateMetrics;
beforeEach(() => {
  now = 1_900_000_000_000;
  metrics = createMetrics({ clock: () => now });
});

/** The lines of one metric, without its help. */
async function series(name: string): Promise<readonly string[]> {
  return (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith(name) && /^[a-z_]+(\{[^}]*\})? /.test(line));
}

describe('requests', () => {
  test('are counted by the status that the caller was told', async () => {
    for (const status of [200, 200, 429, 503]) metrics.request(status, 1);
    expect(await series('gateway_requests_total')).toEqual(['gateway_requests_total{status="200"} 2', 'gateway_requests_total{status="429"} 1', 'gateway_requests_total{status="503"} 1']);
  });

  test('are counted where nobody was told anything', async () => {
    metrics.request(undefined, 1);
    expect(await series('gateway_requests_total')).toEqual(['gateway_requests_total{status="none"} 1']);
  });

  test('make no series of what a Core makes up', async () => {
    for (const status of [600, 799, 99, 200.5, NaN]) metrics.request(status, 1);
    expect(await series('gateway_requests_total')).toEqual(['gateway_requests_total{status="other"} 5']);
  });

  test('are timed in seconds, in buckets that reach to minutes', async () => {
    for (const latencyMs of [4, 90, 59_000, 400_000]) metrics.request(200, latencyMs);
    expect(await series('gateway_request_duration_seconds')).toEqual([
      ...[['0.005', 1], ['0.025', 1], ['0.1', 2], ['0.5', 2], ['2.5', 2], ['10', 2], ['60', 3], ['300', 3], ['+Inf', 4]]
        .map(([le, count]) => `gateway_request_duration_seconds_bucket{le="${le ?? ''}"} ${count ?? ''}`),
      'gateway_request_duration_seconds_sum 459.094',
      'gateway_request_duration_seconds_count 4',
    ]);
  });
});

test('who was proven and who was not are two counters, there from the beginning', async () => {
  expect(await series('gateway_key_auth')).toEqual(['gateway_key_auth_allowed_total 0', 'gateway_key_auth_blocked_total 0']);
  for (const isAllowed of [true, true, false]) metrics.authentication(isAllowed);
  expect(await series('gateway_key_auth')).toEqual(['gateway_key_auth_allowed_total 2', 'gateway_key_auth_blocked_total 1']);
});

test('limits are counted by the budget that was spent', async () => {
  for (const by of ['general', 'heavy', 'heavy'] as const) metrics.limited(by);
  expect(await series('gateway_limited_total')).toEqual(['gateway_limited_total{by="general"} 1', 'gateway_limited_total{by="heavy"} 2', 'gateway_limited_total{by="streams"} 0']);
});

test('requests without Redis are counted by what became of them', async () => {
  for (const isAllowed of [true, false, false]) metrics.uncounted(isAllowed);
  expect(await series('gateway_uncounted_total')).toEqual(['gateway_uncounted_total{allowed="true"} 1', 'gateway_uncounted_total{allowed="false"} 2']);
});

test('leases are a gauge of what is open and a counter of what was lost', async () => {
  metrics.leases(7);
  metrics.leases(3);
  metrics.leaseLost();
  expect(await series('gateway_leases')).toEqual(['gateway_leases_open 3', 'gateway_leases_lost_total 1']);
});

test('streams that were cut are counted by the reason', async () => {
  for (const by of ['revoked', 'locked-down', 'locked-down'] as const) metrics.streamCut(by);
  expect(await series('gateway_streams_cut_total')).toEqual(['revoked', 'locked-down', 'lease-lost'].map((by, index) => `gateway_streams_cut_total{by="${by}"} ${[1, 2, 0][index] ?? ''}`));
});

test('a lock-down is 1 for as long as it lasts', async () => {
  metrics.lockedDown(true);
  expect(await series('gateway_locked_down')).toEqual(['gateway_locked_down 1']);
  metrics.lockedDown(false);
  expect(await series('gateway_locked_down')).toEqual(['gateway_locked_down 0']);
});

test('lost records are added up', async () => {
  metrics.auditLost(4);
  metrics.auditLost(2);
  expect(await series('gateway_audit_lost_total')).toEqual(['gateway_audit_lost_total 6']);
});

describe('the age of an issuer\'s keys', () => {
  test('grows while nobody renews them, and is told when somebody asks', async () => {
    metrics.keySetAge('https://one.acme.com/', 30);
    metrics.keySetAge('https://two.acme.com/', 0);
    now += 12_000;
    expect(await series('gateway_jwks_age_seconds')).toEqual(['gateway_jwks_age_seconds{issuer="https://one.acme.com/"} 42', 'gateway_jwks_age_seconds{issuer="https://two.acme.com/"} 12']);
    metrics.keySetAge('https://one.acme.com/', 1);
    expect((await series('gateway_jwks_age_seconds'))[0]).toMatch(/ 1$/);
  });

  test('is not below zero where a clock was turned back', async () => {
    metrics.keySetAge('https://one.acme.com/', 0);
    now -= 5000;
    expect(await series('gateway_jwks_age_seconds')).toEqual(['gateway_jwks_age_seconds{issuer="https://one.acme.com/"} 0']);
  });
});

test('the process says how much memory it has', async () => {
  const [line = ''] = await series('process_resident_memory_bytes');
  expect(Number(line.split(' ')[1])).toBeGreaterThan(10_000_000);
});

test('the event loop\'s delay is seen by whoever asks once in an interval, and forgotten later', async () => {
  const delay = async (): Promise<number> => Number((await series('gateway_event_loop_delay_seconds'))[0]?.split(' ')[1]);
  // The measurement begins with a first turn of the loop.
  await new Promise((resolve) => setTimeout(resolve, 60));
  const until = performance.now() + 300;
  while (performance.now() < until);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(await delay()).toBeGreaterThan(0.2);
  expect(await delay()).toBeGreaterThan(0.2);
  now += 61_000;
  expect(await delay()).toBeGreaterThan(0.2);
  const worst = await delay();
  expect(worst).toBeGreaterThan(0.2);
  now += 61_000;
  await delay();
  expect(await delay()).toBeLessThan(worst);
});

test('two of them share nothing', async () => {
  createMetrics({ clock: () => now }).request(500, 1);
  expect(await series('gateway_requests_total')).toEqual([]);
});

test('every metric has help and a type', async () => {
  const text = await metrics.registry.metrics();
  const names = [...text.matchAll(/^# TYPE (\S+) (counter|gauge|histogram)$/gm)].map(([, name]) => name);
  expect(names).toEqual([
    'gateway_requests_total', 'gateway_key_auth_allowed_total', 'gateway_key_auth_blocked_total', 'gateway_limited_total', 'gateway_uncounted_total',
    'gateway_leases_open', 'gateway_leases_lost_total',
    'gateway_streams_cut_total', 'gateway_jwks_age_seconds', 'gateway_locked_down', 'gateway_audit_lost_total',
    'gateway_request_duration_seconds', 'process_resident_memory_bytes',
    'gateway_event_loop_delay_seconds',
  ]);
  expect([...text.matchAll(/^# HELP (\S+) .{20,}$/gm)].map(([, name]) => name)).toEqual(names);
});
