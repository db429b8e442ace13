import type { Duration } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Authorizer } from '../../authorizer/authorizer';
import type { Route } from '../../ingress/route';
import type { DeviceCredentialKind } from './device-credential-kind';
import type { WorkerPhase } from './worker-phase';

/** A credential of network devices, which jobs name by its id (TS-05). */
export interface DeviceCredentialProps {
  /** What jobs call it: 1 to 64 letters, digits, `.`, `_` and `-`. It is no secret: it stands in the queue and in records. */
  readonly id: string;

  /** What it is for. */
  readonly kind: DeviceCredentialKind;

  /**
   * After how many days somebody has to have changed it on the devices: whole days, 1 to 365.
   *
   * @default Duration.days(90)
   */
  readonly maxAge?: Duration;
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
   * Credentials of devices, each a secret of its own that you fill (TS-04, TS-16). No container is given any.
   *
   * @default - none
   */
  readonly credentials?: DeviceCredentialProps[];

  /**
   * The queue, which speaks TLS only (TS-08, C-15).
   *
   * @default - the defaults of TomQueueProps
   */
  readonly queue?: TomQueueProps;
}
