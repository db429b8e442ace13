import { z } from 'zod';
import {
  BROKER_VARIABLE, type BrokerConfiguration, type ConfiguredCredential, credentialOf, EXIT_VARIABLE, type ExitConfiguration, JOB_BINDINGS, migrationEnd, SWEEP_VARIABLE, type SweepConfiguration,
} from '../../broker/contract';
import { DEVICE_CREDENTIAL_NAMES } from '../../broker/forms/contract';
import { FIELDS } from '../../broker/protocol/contract';
import { fromVariable, wrong } from '../rotation/from-variable';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ReadBrokerConfiguration extends BrokerConfiguration {
  readonly byId: ReadonlyMap<string, ConfiguredCredential>;
}

/** How large a figure may be is judged where it is written: a broker with another one is a finding, and still a broker. */
const figure = z.int().min(1);
const text = z.string().min(1);
const id = z.string().regex(new RegExp(`^(?:${FIELDS.credential_id.pattern})$`), 'must be an id');

const SHARED = z.strictObject({ ring: text });
const OWN = z.strictObject({
  ring: text,
  keyLifeSeconds: figure,
  tokenSeconds: figure.optional(),
  tasks: z.strictObject({
    account: z.string().regex(/^\d{12}$/, 'must be twelve digits'),
    roles: z.array(z.strictObject({ name: text, prefix: id })),
  }).optional(),
});
const PHASE = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('shared-key'), shared: SHARED }),
  z.strictObject({ kind: z.literal('per-worker-keys'), own: OWN }),
  z.strictObject({ kind: z.literal('migration'), shared: SHARED, own: OWN, until: z.string().refine((until) => Number.isFinite(migrationEnd(until)), 'must be a date, YYYY-MM-DD') }),
]);

const KIND = z.enum(DEVICE_CREDENTIAL_NAMES);
const CREDENTIAL = z.union([text, z.strictObject({ id, kind: KIND, secret: text, rotates: z.boolean().optional() }), z.strictObject({ id, kind: KIND, parameter: text })]);

const BROKER = z.strictObject({
  version: z.literal(1),
  host: z.string().regex(/^[a-z0-9.-]{1,253}$/, 'must be a domain name in lower case'),
  region: text,
  phase: PHASE,
  windowSeconds: figure,
  requestsPerMinute: figure,
  leases: z.strictObject({ ttlSeconds: figure, longestSeconds: figure, onExit: z.enum(['revoke', 'keep']) }),
  binding: z.enum(JOB_BINDINGS),
  tables: z.strictObject({ jobs: text, state: text }),
  secretArns: z.string(),
  credentials: z.array(CREDENTIAL).min(1),
  metrics: z.strictObject({ namespace: text }),
});

const EXIT = z.strictObject({
  version: z.literal(1),
  region: text,
  stateTable: text,
  pools: z.array(z.strictObject({ cluster: text, group: text, prefix: id })),
});

const SWEEP = z.strictObject({
  version: z.literal(1),
  region: text,
  stateTable: text,
  secretArns: z.string(),
  credentials: z.array(z.strictObject({ id, secret: text })),
});

/** @throws RotationError in one line that names the place, and no value */
export function readBrokerConfiguration(environment: Environment): ReadBrokerConfiguration {
  const configuration: BrokerConfiguration = fromVariable(BROKER_VARIABLE, environment, BROKER);
  const byId = new Map<string, ConfiguredCredential>();
  for (const [index, written] of configuration.credentials.entries()) {
    const credential = credentialOf(configuration.secretArns, written);
    if (credential === undefined) throw wrong([BROKER_VARIABLE, 'credentials', index], 'must be a name that ends in credentials/<id>/<kind>, or say id and kind beside it');
    // Of two, nobody could say which one a job names.
    if (byId.has(credential.id)) throw wrong([BROKER_VARIABLE, 'credentials', index], 'has an id that another one has');
    byId.set(credential.id, credential);
  }
  return { ...configuration, byId };
}

/** @throws RotationError like the above */
export const readExitConfiguration = (environment: Environment): ExitConfiguration => fromVariable(EXIT_VARIABLE, environment, EXIT);

/** @throws RotationError like the above */
export const readSweepConfiguration = (environment: Environment): SweepConfiguration => fromVariable(SWEEP_VARIABLE, environment, SWEEP);
