import type { Construct } from 'constructs';
import type { BrokerCredential } from '../../broker/broker-credential';
import { BROKER_URL_VARIABLE, JOBS_TABLE_VARIABLE } from '../../broker/contract';
import { CredentialBroker } from '../../broker/credential-broker';
import { JobTable } from '../../broker/job-table';
import { WorkerPool } from '../../broker/worker-pool';
import type { RedisUser } from '../../data/redis-user';
import type { RotatingSecret } from '../../secrets/rotating-secret';
import type { SecureCore } from '../../secure-core';
import { SIZING } from '../../size';
import type { ProfileContext } from '../parts';
import type { ProfileConstructs } from '../profile-constructs';
import type { TomBrokerProps } from './tom-props';
import type { WorkerPhase } from './worker-phase';

/** What a broker is made of, beside what somebody said of it. */
export interface TomBrokerParts {
  readonly phase: WorkerPhase;
  readonly credentials: BrokerCredential[];
  /** Where workers share one. */
  readonly workerKey?: RotatingSecret;
  /** As whom workers take jobs. */
  readonly queueUser: RedisUser;
}

/** What gives credentials out, before there is a Core and after. */
export interface TomBroker {
  /** What tom is told. */
  readonly environment: Readonly<Record<string, string>>;
  /** The broker needs the Core's audit trail, and the Core the broker's table of jobs. */
  readonly complete: (core: SecureCore) => ProfileConstructs;
}

/** Tom writes down whose a job is; the broker gives that worker, and nobody else, what the job names (M-36). */
export function tomBroker(parent: Construct, { ingress, jobs, leases, requestsPerWorker, workers }: TomBrokerProps, parts: TomBrokerParts, context: ProfileContext): TomBroker {
  const { network, environment, size, exposure, alarmTopic, encryptionKey, trail } = context;
  const { phase, credentials, workerKey, queueUser } = parts;
  const jobTable = new JobTable(parent, 'Jobs', { encryptionKey, removalPolicy: SIZING[size].removalPolicy });
  return {
    environment: { [JOBS_TABLE_VARIABLE]: jobTable.table.tableName, [BROKER_URL_VARIABLE]: `https://${ingress.domainName.toLowerCase()}` },
    complete: (core) => {
      const { audit, rollout } = core;
      const broker = new CredentialBroker(parent, 'Broker', {
        network, ingress, jobs, jobTable, leases, requestsPerWorker, audit, environment, size, exposure, alarmTopic, encryptionKey, trail, credentials,
        phase: phase._ofBroker(workerKey, workers !== undefined),
      });
      broker.grantAssignJobs(core);
      if (!workers) return { broker };
      const { cluster } = core.service;
      const pool = new WorkerPool(parent, 'Workers', { ...workers, broker, network, audit, queue: queueUser, rollout, cluster, alarmTopic, size });
      return { broker, workers: pool };
    },
  };
}
