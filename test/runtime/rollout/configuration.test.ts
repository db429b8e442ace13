import { readRollout } from '../../../src/runtime/rollout/configuration';
import { RotationError } from '../../../src/runtime/rotation/ports';
import type { RolloutConfiguration } from '../../../src/secrets/contract';

const CONFIGURATION: RolloutConfiguration = {
  secrets: [{ secretArn: 'arn:secret', rotationFunctionArn: 'arn:function', services: [{ clusterArn: 'arn:cluster', serviceArn: 'arn:service' }] }],
};

function failure(ROLLOUT: string | undefined): RotationError {
  try {
    readRollout({ ROLLOUT });
  } catch (error) {
    if (error instanceof RotationError) return error;
  }
  throw new Error('It did not fail as it should.');
}

describe('the configuration of a roll-out', () => {
  test('is what its construct wrote', () => {
    expect(readRollout({ ROLLOUT: JSON.stringify(CONFIGURATION) })).toEqual(CONFIGURATION);
  });

  test.each<[string, string | undefined, string]>([
    ['is not there', undefined, 'ROLLOUT is missing.'],
    ['is empty', '', 'ROLLOUT is missing.'],
    ['is no JSON', 'canary{', 'ROLLOUT must be JSON.'],
    ['has no list', '{}', 'ROLLOUT.secrets is missing.'],
    ['does not say who retires', JSON.stringify({ secrets: [{ secretArn: 'canary', services: [] }] }), 'ROLLOUT.secrets[0].rotationFunctionArn is missing.'],
    [
      'names a service by half', JSON.stringify({ secrets: [{ ...CONFIGURATION.secrets[0], services: [{ clusterArn: '', serviceArn: 'canary' }] }] }),
      'ROLLOUT.secrets[0].services[0].clusterArn must not be empty.',
    ],
    ['says more than is known', JSON.stringify({ ...CONFIGURATION, more: 'canary' }), 'ROLLOUT.more is not known; remove it.'],
  ])('that %s is refused in one line without a value', (_what, json, message) => {
    expect(failure(json)).toMatchObject({ code: 'WRONG_CONFIGURATION', message });
  });
});
