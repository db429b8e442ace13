import { z } from 'zod';
import { AGE_SECRETS_VARIABLE, type AgedSecret } from '../../secrets/contract';
import { type AgeParts, writeAge } from '../rotation/age';
import { faultOf } from '../rotation/log';
import { RotationError } from '../rotation/ports';

const SECRETS = z.array(z.strictObject({ secretArn: z.string().min(1), metricName: z.string().min(1) })).min(1);

/** @throws RotationError where it is not what the contract says */
export function readSecrets(environment: Readonly<Record<string, string | undefined>>): readonly AgedSecret[] {
  const result = SECRETS.safeParse(fromJson(environment[AGE_SECRETS_VARIABLE] ?? ''));
  if (result.success) return result.data;
  throw new RotationError('WRONG_CONFIGURATION', `${AGE_SECRETS_VARIABLE} must be a JSON list of at least one object with secretArn and metricName.`);
}

/** All are tried before it throws for those that failed, so that the function's error metric says it. */
export async function writeAges(secrets: readonly AgedSecret[], parts: AgeParts): Promise<void> {
  const results = await Promise.allSettled(secrets.map((secret) => writeAge(secret, parts)));
  const failures = results.flatMap((result, index) => (result.status === 'rejected' ? [{ secret: secrets[index]?.metricName, ...faultOf(result.reason) }] : []));
  for (const failure of failures) parts.log({ event: 'secret-age-unknown', ...failure });
  if (failures.length > 0) throw new RotationError('AGE_UNKNOWN', `The age of ${failures.length} of ${secrets.length} secrets could not be told; the log says of which.`);
}

function fromJson(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
