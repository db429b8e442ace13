import { readRollout } from '../../../src/runtime/rollout/configuration';
import { RotationError } from '../../../src/runtime/rotation/ports';
import type { WrittenRollout } from '../../../src/secrets/contract';

const ONE = { clusterArn: 'arn:cluster', serviceArn: 'arn:service:one' };
const OTHER = { clusterArn: 'arn:cluster', serviceArn: 'arn:service:other' };
const SECRET = { name: 'ring-AbCdEf', rotation: 'rotator', services: [0, 1] };
const WRITTEN: WrittenRollout = {
  secretArns: 'arn:secret:', functionArns: 'arn:function:', services: [ONE, OTHER], secrets: [SECRET, { name: 'login-GhIjKl', rotation: 'other-rotator', services: [1] }],
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
  test('is what its construct wrote, with every ARN whole', () => {
    expect(readRollout({ ROLLOUT: JSON.stringify(WRITTEN) })).toEqual({
      secrets: [
        { secretArn: 'arn:secret:ring-AbCdEf', rotationFunctionArn: 'arn:function:rotator', services: [ONE, OTHER] },
        { secretArn: 'arn:secret:login-GhIjKl', rotationFunctionArn: 'arn:function:other-rotator', services: [OTHER] },
      ],
    });
  });

  test.each<[string, string | undefined, string]>([
    ['is not there', undefined, 'ROLLOUT is missing.'],
    ['is empty', '', 'ROLLOUT is missing.'],
    ['is no JSON', 'canary{', 'ROLLOUT must be JSON.'],
    ['has no list', JSON.stringify({ ...WRITTEN, secrets: undefined }), 'ROLLOUT.secrets is missing.'],
    ['does not say who retires', JSON.stringify({ ...WRITTEN, secrets: [{ name: 'canary', services: [] }] }), 'ROLLOUT.secrets[0].rotation is missing.'],
    ['names a service by half', JSON.stringify({ ...WRITTEN, services: [{ clusterArn: '', serviceArn: 'canary' }] }), 'ROLLOUT.services[0].clusterArn must not be empty.'],
    ['counts a service that is not there', JSON.stringify({ ...WRITTEN, secrets: [{ ...SECRET, services: [1, 2] }] }), 'ROLLOUT.secrets[0].services[1] must be the number of one of the services.'],
    ['says more than is known', JSON.stringify({ ...WRITTEN, more: 'canary' }), 'ROLLOUT.more is not known; remove it.'],
  ])('that %s is refused in one line without a value', (_what, json, message) => {
    expect(failure(json)).toMatchObject({ code: 'WRONG_CONFIGURATION', message });
  });
});
