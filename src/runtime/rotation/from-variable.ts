import type { z } from 'zod';
import { firstFault, placeOf } from '../gate/configuration-fault';
import { RotationError } from './ports';

/**
 * The configuration of a function, which is JSON in one of its variables.
 *
 * @throws RotationError in one line that names the place, and no value
 */
export function fromVariable<T>(variable: string, environment: Readonly<Record<string, string | undefined>>, schema: z.ZodType<T>): T {
  const result = schema.safeParse(fromJson(variable, environment[variable]), { reportInput: true });
  if (result.success) return result.data;
  const { path, demand } = firstFault(result.error.issues);
  throw wrong([variable, ...path], demand);
}

function fromJson(variable: string, json: string | undefined): unknown {
  if (json === undefined || json === '') throw wrong([variable], 'is missing');
  try {
    return JSON.parse(json) as unknown;
  } catch {
    // The parser's own message quotes what it met.
    throw wrong([variable], 'must be JSON');
  }
}

/** What is wrong at a place of a configuration. */
export function wrong(path: readonly PropertyKey[], demand: string): RotationError {
  return new RotationError('WRONG_CONFIGURATION', `${placeOf(path)} ${demand}.`);
}
