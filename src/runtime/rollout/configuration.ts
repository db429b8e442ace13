import { z } from 'zod';
import { ROLLOUT_VARIABLE, type RolloutConfiguration } from '../../secrets/contract';
import { firstFault, placeOf } from '../gate/configuration-fault';
import { RotationError } from '../rotation/ports';

const text = z.string().min(1, 'must not be empty');
const service = z.strictObject({ clusterArn: text, serviceArn: text });
const CONFIGURATION = z.strictObject({ secrets: z.array(z.strictObject({ secretArn: text, rotationFunctionArn: text, services: z.array(service) })) });

/** @throws RotationError in one line that names the place, and no value */
export function readRollout(environment: Readonly<Record<string, string | undefined>>): RolloutConfiguration {
  const result = CONFIGURATION.safeParse(fromJson(environment[ROLLOUT_VARIABLE]), { reportInput: true });
  if (result.success) return result.data;
  const { path, demand } = firstFault(result.error.issues);
  throw wrong([ROLLOUT_VARIABLE, ...path], demand);
}

function fromJson(json: string | undefined): unknown {
  if (json === undefined || json === '') throw wrong([ROLLOUT_VARIABLE], 'is missing');
  try {
    return JSON.parse(json) as unknown;
  } catch {
    // The parser's own message quotes what it met.
    throw wrong([ROLLOUT_VARIABLE], 'must be JSON');
  }
}

function wrong(path: readonly PropertyKey[], demand: string): RotationError {
  return new RotationError('WRONG_CONFIGURATION', `${placeOf(path)} ${demand}.`);
}
