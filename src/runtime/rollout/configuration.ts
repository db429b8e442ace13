import { z } from 'zod';
import { ROLLOUT_VARIABLE, type RolloutConfiguration, type WrittenRollout } from '../../secrets/contract';
import { firstFault, placeOf } from '../gate/configuration-fault';
import { RotationError } from '../rotation/ports';

const text = z.string().min(1, 'must not be empty');
const service = z.strictObject({ clusterArn: text, serviceArn: text });
const secret = z.strictObject({ name: text, rotation: text, services: z.array(z.int().min(0)) });
const WRITTEN = z.strictObject({ secretArns: text, functionArns: text, services: z.array(service), secrets: z.array(secret) });

/** @throws RotationError in one line that names the place, and no value */
export function readRollout(environment: Readonly<Record<string, string | undefined>>): RolloutConfiguration {
  const result = WRITTEN.safeParse(fromJson(environment[ROLLOUT_VARIABLE]), { reportInput: true });
  if (result.success) return whole(result.data);
  const { path, demand } = firstFault(result.error.issues);
  throw wrong([ROLLOUT_VARIABLE, ...path], demand);
}

function whole({ secretArns, functionArns, services, secrets }: WrittenRollout): RolloutConfiguration {
  return {
    secrets: secrets.map(({ name, rotation, services: held }, index) => ({
      secretArn: `${secretArns}${name}`,
      rotationFunctionArn: `${functionArns}${rotation}`,
      services: held.map((number, place) => {
        const found = services[number];
        if (!found) throw wrong([ROLLOUT_VARIABLE, 'secrets', index, 'services', place], 'must be the number of one of the services');
        return found;
      }),
    })),
  };
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
