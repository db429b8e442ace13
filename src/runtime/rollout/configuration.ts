import { z } from 'zod';
import { ROLLOUT_VARIABLE, type RolloutConfiguration, type WrittenRollout } from '../../secrets/contract';
import { fromVariable, wrong } from '../rotation/from-variable';

const text = z.string().min(1, 'must not be empty');
const service = z.strictObject({ clusterArn: text, serviceArn: text });
const secret = z.strictObject({ name: text, rotation: text, services: z.array(z.int().min(0)) });
const WRITTEN = z.strictObject({ secretArns: text, functionArns: text, services: z.array(service), secrets: z.array(secret) });

/** @throws RotationError in one line that names the place, and no value */
export function readRollout(environment: Readonly<Record<string, string | undefined>>): RolloutConfiguration {
  return whole(fromVariable(ROLLOUT_VARIABLE, environment, WRITTEN));
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
