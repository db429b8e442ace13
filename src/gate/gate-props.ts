import type { Duration, Size as ByteSize } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { CoreImage } from '../core/core-image';
import type { IRedis } from '../data/secure-redis';
import type { IIngress } from '../ingress/ingress';
import type { Size } from '../size';
import type { GateTable } from './gate-table';
import type { CorsOptions } from './https-origin';
import type { KeySetFetchProps } from './key-set-fetch';
import type { PassedProof } from './passed-proof';
import type { RatePlan } from './rate/rate-plan';

/** Where the gate has the issuers' signing keys from. */
export enum KeySetSource {
  /** A function outside the network copies them to where the gate reaches them, so that the gate needs no way to the internet. */
  MIRROR = 'mirror',

  /** The gate asks the issuers itself: the core tier's egress has to reach them. */
  ISSUER = 'https',
}

/** A key by which a Core knows its gate, such as vLLM's API key: callers' own credentials do not reach it, unless `passes` names one. */
export interface CoreKey {
  /** The key; give the Core the same one. */
  readonly secret: ecs.Secret;

  /**
   * The header that carries it; `authorization` carries it as a bearer token.
   *
   * @default 'authorization'
   */
  readonly header?: string;
}

/** Where what the gate measures can be read (MON-3). */
export interface MetricsOptions {
  /**
   * The namespace in CloudWatch: 1 to 255 letters, digits and `. - _ / # :`.
   *
   * @default - `SecureCore/` and the gate's path in the app
   */
  readonly namespace?: string;

  /**
   * Who may ask a gate itself, as Prometheus does: by TLS, on port 9464, at `/metrics`. Nobody else reaches that port, and no load balancer does (CX-56).
   *
   * @default - nobody: there is no such port
   */
  readonly scrapers?: ec2.IConnectable[];
}

/** What a gate does whatever its Core is: how much it takes, where it keeps what it knows, and who may read what it measures. */
export interface GatePlainOptions {
  /**
   * The gate's image, where it is not to be built with each deployment.
   *
   * @default - built by Docker at deployment, from the folder in this package
   */
  readonly image?: CoreImage;

  /**
   * Whether the health check path is answered to strangers, by the gate alone (C-40).
   *
   * @default false
   */
  readonly publicHealth?: boolean;

  /**
   * The longest body, in whole bytes.
   *
   * @default Size.mebibytes(10)
   */
  readonly maxBody?: ByteSize;

  /**
   * How long a request may take to arrive, from its first byte to the end of its body; from 1 second to 1 hour.
   *
   * @default Duration.minutes(1)
   */
  readonly requestTimeout?: Duration;

  /**
   * Where what it measures can be read, beside CloudWatch.
   *
   * @default - nowhere
   */
  readonly metrics?: MetricsOptions;

  /**
   * How long a gate that is told to stop waits for requests that are open, before it cuts them: whole seconds from 1 to 110, since Fargate kills after 120.
   *
   * @default Duration.seconds(110)
   */
  readonly drainTimeout?: Duration;

  /**
   * The key by which audit records hash callers' names, as text of 32 characters at least. Several Cores with one key hash one caller alike.
   *
   * @default - a new one, made in AWS Secrets Manager
   */
  readonly auditKey?: ISecret;

  /**
   * API keys and revocations, to share them between several Cores.
   *
   * @default - a new table
   */
  readonly table?: GateTable;

  /**
   * Where requests and streams are counted, to share it between several Cores; each has its own counts.
   *
   * @default - a new SecureRedis
   */
  readonly redis?: IRedis;
}

/** What a gate does beside what its ingress says. */
export interface GateOptions extends GatePlainOptions {
  /**
   * The header that tells the Core who calls (IDN-7). What callers send in it is removed.
   *
   * @default 'x-auth-request-user' (C-07)
   */
  readonly identityHeader?: string;

  /**
   * The header that tells the Core the caller's scopes, separated by blanks.
   *
   * @default - it is not told
   */
  readonly scopesHeader?: string;

  /**
   * More headers that callers may not send the Core. Those that usually carry an identity are removed anyway.
   *
   * @default - none
   */
  readonly removedHeaders?: string[];

  /**
   * Scopes by role, for routes that ask for scopes and callers whose tokens name roles (AZN-3).
   *
   * @default - roles stand for no scopes
   */
  readonly roles?: { readonly [role: string]: string[] };

  /**
   * Scopes by the subject of a client certificate, exactly as the load balancer writes it, such as `CN=platform,O=Acme` (AZN-5).
   *
   * @default - certificates have no scopes
   */
  readonly certificateScopes?: { readonly [subject: string]: string[] };

  /**
   * Which pages may call from a browser (HDR-1).
   *
   * @default - none
   */
  readonly cors?: CorsOptions;

  /**
   * A key by which the Core knows its gate.
   *
   * @default - the Core is not sent any
   */
  readonly coreKey?: CoreKey;

  /**
   * Which credential of a caller the Core is shown, for one that verifies it itself. Not passed to the admin plane, where there is none.
   *
   * @default - none: credentials are for the gate
   */
  readonly passes?: PassedProof;

  /**
   * Where the issuers' signing keys come from.
   *
   * @default KeySetSource.MIRROR
   */
  readonly keySets?: KeySetSource;

  /**
   * How it asks for issuers' signing keys, and how long it keeps them.
   *
   * @default - the defaults of KeySetFetchProps
   */
  readonly keySetFetch?: KeySetFetchProps;

  /**
   * How much each caller may use.
   *
   * @default RatePlan.perCaller() - 10 requests a second, 20 at once, 600 a minute; 60 heavy ones a minute, 10 at once; 5 streams
   */
  readonly ratePlan?: RatePlan;
}

/** How to build a gate by itself. */
export interface GateProps extends GateOptions {
  /** What callers come through; it says which routes there are, and how callers prove who they are. */
  readonly ingress: IIngress;

  /** The port that the Core listens on. */
  readonly corePort: number;

  /** The path that the Core answers 200 while it is well. */
  readonly healthCheckPath: string;

  /** Where the gate's log goes. */
  readonly logGroup: logs.ILogGroup;

  /**
   * How much it may use, and how hard its data is to lose.
   *
   * @default Size.PRODUCTION
   */
  readonly size?: Size;

  /**
   * How many copies of it run at most, among whom budgets are divided while Redis is lost.
   *
   * @default - as many as the size says
   */
  readonly maxTasks?: number;

  /**
   * The key that encrypts its data.
   *
   * @default - AWS's own keys; that of the Redis it makes for the key of its audit records
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Who is told when the password of the Redis that it makes cannot be renewed.
   *
   * @default - nobody; a Redis that is given tells whom its own `alarmTopic` names
   */
  readonly alarmTopic?: ITopic;
}
