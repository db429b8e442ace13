import { TARGET_GROUPS, TARGETS } from '../../../src/cli/doctor/checks/targets';

describe('A function behind a load balancer', () => {
  test('is asked for no TLS, which everything else is', () => {
    const [tls] = TARGET_GROUPS;
    expect(tls?.judge({ TargetType: 'lambda' })).toBeUndefined();
    expect(tls?.judge({ TargetType: 'ip', Protocol: 'HTTP' })).toEqual({ wrong: 'is spoken to without TLS' });
  });

  test('is not ill because nobody asks how it is', () => {
    const [healthy] = TARGETS;
    const unasked = { TargetHealth: { State: 'unavailable', Reason: 'Target.HealthCheckDisabled' } } as const;
    expect(healthy?.judge([unasked])).toBeUndefined();
    expect(healthy?.judge([unasked, { TargetHealth: { State: 'unhealthy', Reason: 'Target.FailedHealthChecks' } }])).toMatchObject({ wrong: expect.stringContaining('do not answer') as string });
  });
});
