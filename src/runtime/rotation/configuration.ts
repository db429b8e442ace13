import { z } from 'zod';
import { ROTATION_VARIABLE, type RotationConfiguration } from '../../secrets/contract';
import { fromVariable } from './from-variable';

const text = z.string().min(1, 'must not be empty');
const port = z.int().min(1, 'must be at least 1').max(65_535, 'must be at most 65535');
const any = { secretArn: text, isRolledOut: z.boolean(), metricName: text };

const CONFIGURATION = z.discriminatedUnion('kind', [
  z.strictObject({ ...any, kind: z.literal('ring'), format: z.enum(['hex', 'base64url']) }),
  z.strictObject({ ...any, kind: z.literal('redis-user'), userId: text, userName: text, host: text, port }),
  z.strictObject({ ...any, kind: z.literal('postgres-user'), role: text, adminSecretArn: text, host: text, port, dbname: text, caPath: text, ca: text.optional() }),
]);

/** @throws RotationError in one line that names the place, and no value */
export function readRotation(environment: Readonly<Record<string, string | undefined>>): RotationConfiguration {
  return fromVariable(ROTATION_VARIABLE, environment, CONFIGURATION);
}

type Frozen<T> = T extends string | number | boolean | undefined ? T : { readonly [K in keyof T]: Frozen<T[K]> };
interface Exactly<A> { <T>(value: T): T extends A ? 1 : 2 }
type IsSame<A, B> = Exactly<A> extends Exactly<B> ? true : false;
/** Does not compile where the schema and the contract differ in either direction. */
export const SCHEMA_IS_CONTRACT: IsSame<Frozen<z.output<typeof CONFIGURATION>>, Frozen<RotationConfiguration>> = true;
