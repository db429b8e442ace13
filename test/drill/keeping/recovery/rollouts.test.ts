import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { playedBadly } from '../../../../src/drill/keeping/recovery/rollouts';

const BREAKER: DeploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } };
const played = (configuration: DeploymentConfiguration, { copies = 2, isLookedAfter = true } = {}) => playedBadly({ copies, configuration, isLookedAfter });

test('with a circuit breaker that rolls back, or an alarm that does, it turns back, and nobody notices', () => {
  expect(played(BREAKER)).toEqual({ leastAnswering: 2, end: 'turned back' });
  expect(played({ alarms: { alarmNames: ['a'], enable: true, rollback: true } })).toEqual({ leastAnswering: 2, end: 'turned back' });
});

test.each<[string, DeploymentConfiguration]>([
  ['without one', {}],
  ['with one that is off', { deploymentCircuitBreaker: { enable: false, rollback: true } }],
  ['with one that stops alone', { deploymentCircuitBreaker: { enable: true, rollback: false } }],
])('%s it is tried for ever', (_, configuration) => {
  expect(played(configuration).end).toBe('tried for ever');
});

test('where nobody looks, the version is taken, and nobody answers', () => {
  expect(played(BREAKER, { isLookedAfter: false })).toEqual({ leastAnswering: 0, end: 'taken for good' });
});

test.each<[number, number, number, number]>([[1, 100, 200, 1], [1, 0, 100, 0], [2, 50, 100, 1], [2, 0, 200, 2], [3, 50, 100, 2], [1, 0, 150, 0]])(
  'of %d copies, of which %d percent at least and %d at most may run, %d answer at the worst moment', (copies, minimumHealthyPercent, maximumPercent, leastAnswering) => {
    expect(played({ ...BREAKER, minimumHealthyPercent, maximumPercent }, { copies })).toEqual({ leastAnswering, end: 'turned back' });
  },
);

test('where there is room for no copy more and none may be stopped, it is never even started', () => {
  expect(played({ ...BREAKER, minimumHealthyPercent: 100, maximumPercent: 100 })).toEqual({ leastAnswering: 2, end: 'tried for ever' });
});
