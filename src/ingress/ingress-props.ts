import type { Duration } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { ApplicationProtocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { AdminSession } from '../authorizer/admin-session';
import type { Authorizer } from '../authorizer/authorizer';
import type { IPrivateNetwork } from '../network/private-network';
import type { Size } from '../size';
import type { Callers } from './callers';
import type { Exposure } from './exposure';
import type { Route } from './route';
import type { TlsFloor } from './tls-floor';
import type { WebAclOptions } from './web-acl-props';

/** A second way in, for callers who have client certificates beside those who have tokens: a listener asks all callers or none (IDN-6). */
export interface AdditionalListenerProps {
  /** The port it listens on, from 1024 to 65535. */
  readonly port: number;

  /** Who a caller must prove to be there: by a client certificate, alone or with a token. */
  readonly authorizer: Authorizer;
}

/** The name, the certificate, the callers and whatever else of an ingress has nothing to do with what is behind it. */
export interface IngressOptions {
  /** The host name that callers use; requests for another one are answered 404. */
  readonly domainName: string;

  /**
   * The certificate for the host name, from AWS Certificate Manager in the same region (TLS-3).
   *
   * One that the app makes has to cover the host name and to be validated by DNS. Of one that is named by its ARN only the region is
   * known: `cdk-secure-core cert` looks at it.
   */
  readonly certificate: ICertificate;

  /** Who may connect (NET-2). */
  readonly callers: Callers;

  /**
   * The oldest TLS that is spoken.
   *
   * @default TlsFloor.TLS_1_3
   */
  readonly tlsFloor?: TlsFloor;

  /**
   * How much one source may ask for.
   *
   * @default - the defaults of WebAclOptions
   */
  readonly webAcl?: WebAclOptions;

  /**
   * Whether port 80 redirects to HTTPS for good (TLS-4). A client may then send one request, with its token, in clear.
   *
   * @default false - port 80 is closed
   */
  readonly redirectHttp?: boolean;

  /**
   * For how long a stream may be silent, and for how long open ones may end before a task stops: 1 to 4000 whole seconds (ELB API, LoadBalancerAttribute).
   *
   * @default Duration.minutes(15) - a language model may be silent for longer than the 60 seconds that are the load balancer's default
   */
  readonly streamIdleTimeout?: Duration;

  /**
   * Where requests and TLS connections are recorded: a bucket of this region with keys of S3's own.
   *
   * The policy of one from outside the app is not changed: let `logdelivery.elasticloadbalancing.amazonaws.com` put objects below
   * `access/AWSLogs/<account>/` and `connection/AWSLogs/<account>/`.
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
   * Whether it has IPv6 addresses too. The subnets must have IPv6 blocks; those of a PrivateNetwork have none.
   *
   * @default false
   */
  readonly dualStack?: boolean;

  /**
   * Whether the load balancers refuse to be deleted.
   *
   * @default - what the size says: only for Size.PRODUCTION
   */
  readonly deletionProtection?: boolean;
}

/** The name, the certificate, the callers and the routes of an ingress. */
export interface IngressProps extends IngressOptions {
  /** What is forwarded; anything else is answered 404. A Core that decides about its paths itself takes `Route.subtree('/')`. */
  readonly routes: Route[];

  /**
   * Who may see `/admin` and what is below it. Tokens and certificates of callers do not open it.
   *
   * @default - nobody: it is answered 404
   */
  readonly admin?: AdminSession;

  /**
   * A second listener for callers with client certificates, with the same routes, without the admin plane: a login comes back to port 443.
   *
   * @default - none
   */
  readonly additionalListener?: AdditionalListenerProps;
}

/** How to build an ingress by itself. */
export interface SecureIngressProps extends IngressProps {
  /** Where the load balancer stands. */
  readonly network: IPrivateNetwork;

  /** Who a caller must prove to be. */
  readonly authorizer: Authorizer;

  /**
   * Whether it has public addresses, which takes a network with public subnets.
   *
   * @default false
   */
  readonly internetFacing?: boolean;

  /**
   * Whether callers reach the target at all (INC-1).
   *
   * @default Exposure.ON
   */
  readonly exposure?: Exposure;

  /**
   * Whether it resists deletion, and what becomes of its logs.
   *
   * @default Size.PRODUCTION
   */
  readonly size?: Size;

  /**
   * The key of the web ACL's log. The load balancer's own logs take none (ELB guide, "Enable access logs").
   *
   * @default - a key of CloudWatch Logs' own
   */
  readonly encryptionKey?: IKey;
}

/** What a gate answers itself to whoever asks, without its Core: the two exceptions of IDN-1 (C-40). */
export interface GateTarget {
  /** Whether it answers browsers that ask whether a page may call: they send no credential then (M-10). */
  readonly preflight?: boolean;

  /** The path that it answers strangers who ask whether it is well; exactly this one, and only GET. */
  readonly publicHealthPath?: string;
}

/** What the ingress forwards to. */
export interface IngressTargetProps {
  /** The port that the target listens on. */
  readonly port: number;

  /** The path that answers 200 while the target is well, such as `/health`. It is asked from inside, and is no route unless it is declared as one. */
  readonly healthCheckPath: string;

  /**
   * What the target speaks. The load balancer takes any certificate from it (ELB guide, "Target groups for your Application Load Balancers").
   *
   * @default ApplicationProtocol.HTTP
   */
  readonly protocol?: ApplicationProtocol;

  /**
   * That the target is a gate, and what it answers to everybody. Nobody else can say so: what is forwarded without a proof has to meet somebody who asks for one.
   *
   * @default - the target asks nobody
   * @internal
   */
  readonly _gate?: GateTarget;
}
