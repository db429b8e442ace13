import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Authorizer } from '../../authorizer/authorizer';
import type { BrokerIngressOptions } from '../../broker/broker-props';
import type { DeviceCredentialProps } from '../../broker/device-credentials-props';
import type { DeviceNetwork } from '../../broker/device-network';
import type { JobBinding } from '../../broker/job-binding';
import type { LeaseTerms } from '../../broker/lease-terms';
import type { CoreImage } from '../../core/core-image';
import type { Route } from '../../ingress/route';
import type { WorkerPhase } from './worker-phase';

/** Workers on AWS Fargate, which take jobs from tom's queue and credentials from its broker. */
export interface TomWorkersProps {
  /** What they run. */
  readonly image: CoreImage;

  /** What tells whether a worker still works: a command of its image, as Amazon ECS takes it, such as `['CMD', 'python', '/app/health.py']`. */
  readonly healthCheckCommand: string[];

  /**
   * The devices that they log in to.
   *
   * @default - none: they reach the broker and the queue
   */
  readonly devices?: DeviceNetwork[];

  /**
   * How many run.
   *
   * @default - 1 for Size.DEV, otherwise 2
   */
  readonly workers?: number;

  /**
   * CPU units of a worker, 1024 to a vCPU, as AWS Fargate offers them.
   *
   * @default 256
   */
  readonly cpu?: number;

  /**
   * Memory of a worker in MiB, as AWS Fargate offers it for `cpu`.
   *
   * @default - twice the CPU units
   */
  readonly memoryLimitMiB?: number;

  /**
   * The user and group that they run as, both numeric and neither root (CTR-2).
   *
   * @default '1000:1000'
   */
  readonly user?: string;

  /**
   * Variables that everybody who can read the task definition may know. What is secret, the broker gives out.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };
}

/** What gives credentials out to workers, for jobs that tom writes down. */
export interface TomBrokerProps {
  /** The load balancer that workers reach it by, of its own: tom's would let them reach tom as well. */
  readonly ingress: BrokerIngressOptions;

  /**
   * Whose a job is.
   *
   * @default JobBinding.assigned()
   */
  readonly jobs?: JobBinding;

  /**
   * How long a checkout holds.
   *
   * @default LeaseTerms.of()
   */
  readonly leases?: LeaseTerms;

  /**
   * Requests of every kind that one worker may send a minute: a whole number from 1 to 6000.
   *
   * @default 120 (ours)
   */
  readonly requestsPerWorker?: number;

  /**
   * Workers that this library runs.
   *
   * @default - none: they run elsewhere, and are let in by `parts.broker.grantConnect` or `ingress.callers`
   */
  readonly workers?: TomWorkersProps;
}

/** What the queue between tom and its workers may do. */
export interface TomQueueProps {
  /**
   * What its keys begin with, before a colon. Tom and its workers have to put it before every key of theirs: they see no others.
   *
   * @default 'tom'
   */
  readonly keyPrefix?: string;

  /**
   * The commands that its library needs, each by its name; the document names no library.
   *
   * @default - those of lists, hashes, sets, sorted sets, streams and transactions, and of keys by their name
   */
  readonly commands?: string[];
}

/** What the part of tom needs that takes requests. */
export interface TomProfileProps {
  /**
   * Callers' keys, as the program reads them: a JSON array of `key:user`, kept in a secret store (TS-39). The gate is given the digests of the same list by
   * `cdk-secure-core keys import`; no template holds a key.
   */
  readonly apiKeys: ecs.Secret;

  /** What callers show beside their key, to the load balancer: a token or a client certificate (C-03). */
  readonly edge: Authorizer;

  /** What is forwarded, each with who may use it; the document names no path. Paths of the exchange with workers are none of callers' and are refused (C-17). */
  readonly routes: Route[];

  /**
   * The header that carries the key (TS-02), as the program has it in its configuration too. It is hidden in the web ACL's log.
   *
   * @default 'X-API-Key'
   */
  readonly apiKeyHeader?: string;

  /**
   * What every key begins with: 2 to 16 lower-case letters and digits and an underscore. By it people and scanners know one when they see it.
   *
   * @default 'tom_' (ours: the document names none)
   */
  readonly keyPrefix?: string;

  /**
   * How workers come by credentials (TS-42, TS-43).
   *
   * @default WorkerPhase.checkout()
   */
  readonly workers?: WorkerPhase;

  /**
   * Credentials of devices, each a secret of its own that you fill (TS-04, TS-16). No container is given any: workers check them out of the `broker`.
   *
   * @default - none
   */
  readonly credentials?: DeviceCredentialProps[];

  /**
   * What gives the credentials out to workers. It has to be there where `credentials` has any: nothing else may read them.
   *
   * @default - none
   */
  readonly broker?: TomBrokerProps;

  /**
   * The queue, which speaks TLS only (TS-08, C-15).
   *
   * @default - the defaults of TomQueueProps
   */
  readonly queue?: TomQueueProps;
}
