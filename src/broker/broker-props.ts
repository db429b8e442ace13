import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IAuditTrail } from '../audit/audit-trail';
import type { Callers } from '../ingress/callers';
import type { Exposure } from '../ingress/exposure';
import type { WebAclOptions } from '../ingress/web-acl-props';
import type { IPrivateNetwork } from '../network/private-network';
import type { TrailCoverage } from '../secrets/trail-coverage';
import type { Size } from '../size';
import type { BrokerCredential } from './broker-credential';
import type { BrokerPhase } from './broker-phase';
import type { JobBinding } from './job-binding';
import type { JobTable } from './job-table';
import type { LeaseTerms } from './lease-terms';

/** The load balancer that workers reach the broker by; it has no public address, speaks TLS 1.3 only, and forwards the paths of the worker protocol. */
export interface BrokerIngressOptions {
  /** The host name that workers use, in lower case: they sign it, so that what is signed for one broker opens nothing at another. */
  readonly domainName: string;

  /** The certificate for the host name, from AWS Certificate Manager in the same region (TLS-3). */
  readonly certificate: ICertificate;

  /**
   * Who may connect beside those let in by `grantConnect`; everybody is refused.
   *
   * @default Callers.granted()
   */
  readonly callers?: Callers;

  /**
   * Where requests and TLS connections are recorded, as for every ingress.
   *
   * @default - one of its own, which keeps them for 180 days (AUD-2)
   */
  readonly accessLogBucket?: IBucket;

  /**
   * The hosted zone of the host name, to make an alias record there.
   *
   * @default - no record: point the name at the load balancer yourself
   */
  readonly aliasZone?: IHostedZone;

  /**
   * How much one address may ask for. The broker counts by worker; this is what stops strangers.
   *
   * @default - twice `requestsPerWorker` for joining, and 6000 requests a minute or twice `requestsPerWorker`, whichever is more, for everything
   */
  readonly webAcl?: WebAclOptions;

  /**
   * Whether the load balancer refuses to be deleted.
   *
   * @default - what the size says: only for Size.PRODUCTION
   */
  readonly deletionProtection?: boolean;
}

/** What a broker gives out, to whom, and for how long. */
export interface CredentialBrokerProps {
  /** Where it stands: the load balancer in the ingress tier, the function in the core tier. */
  readonly network: IPrivateNetwork;

  /** What workers reach it by. */
  readonly ingress: BrokerIngressOptions;

  /** How workers prove who they are. There is no variant without a signature (WCC-1, WCC-10). */
  readonly phase: BrokerPhase;

  /** What may be checked out: one at least, and as many as fit into a function's 4 KB of variables, which is about 50. */
  readonly credentials: BrokerCredential[];

  /** Where its records go: one for each request, whatever became of it (WCC-6). */
  readonly audit: IAuditTrail;

  /** Whose secrets these are, such as `production`: names begin with it, and no stack has secrets of two (NT-37). */
  readonly environment: string;

  /**
   * Whose a job is.
   *
   * @default JobBinding.assigned()
   */
  readonly jobs?: JobBinding;

  /**
   * The table that jobs are written to, made before the broker where the orchestrator has to know its name first.
   *
   * @default - a new one
   */
  readonly jobTable?: JobTable;

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
   * How far a worker's clock may be off, either way: 5 to 60 whole seconds (TS-29).
   *
   * @default Duration.seconds(60)
   */
  readonly clockWindow?: Duration;

  /**
   * Who is told of alarms.
   *
   * @default - nobody; `alarms` are there to be connected
   */
  readonly alarmTopic?: ITopic;

  /**
   * The key that encrypts the two tables and the logs that can take one. An imported key's policy is not changed.
   *
   * @default - the account's `aws/dynamodb` key and keys of CloudWatch Logs' own
   */
  readonly encryptionKey?: IKey;

  /**
   * Whether it resists deletion, and whether it serves 50 requests at once, which the account's other functions then do without: Size.DEV sets no such bound.
   *
   * @default Size.PRODUCTION
   */
  readonly size?: Size;

  /**
   * Whether workers reach it at all (INC-1).
   *
   * @default Exposure.ON
   */
  readonly exposure?: Exposure;

  /**
   * What becomes of its tables, keys and logs when the stack is destroyed. Without its table every worker has to join anew.
   *
   * @default - what the size says: RemovalPolicy.RETAIN for Size.PRODUCTION
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Who records calls to AWS in this account; without a trail nobody is told of a read of a credential past the broker (SEC-8).
   *
   * @default - nothing is said, as where the account's trail is known to stand elsewhere
   */
  readonly trail?: TrailCoverage;
}
