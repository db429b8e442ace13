import type { ConfiguredCredential } from '../../broker/contract';
import type { Log } from '../rotation/ports';
import type { ReadBrokerConfiguration } from './configuration';
import type { Allowances, Clock, Fleet, Keys, Leases, RandomBytes, Reads, TaskIdentity, Workers } from './ports';
import type { ValueStore } from './stores/store';

/** What a broker is made of. */
export interface BrokerParts {
  readonly configuration: ReadBrokerConfiguration;
  readonly keys: Keys;
  readonly reads: Reads;
  readonly allowances: Allowances;
  readonly leases: Leases;
  readonly workers: Workers;
  readonly fleet: Fleet;
  readonly stores: Readonly<Record<ConfiguredCredential['store'], ValueStore>>;
  /** @default - nobody joins by a task's identity */
  readonly tasks?: TaskIdentity;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly log: Log;
}
