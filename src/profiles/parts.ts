import type { Kinds } from '../check-kinds';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { AdminSession } from '../authorizer/admin-session';
import type { Authorizer } from '../authorizer/authorizer';
import type { ICoreStore } from '../data/core-store';
import type { IRedis } from '../data/secure-redis';
import type { GateOptions } from '../gate/gate-props';
import type { PlanConfiguration } from '../gate/rate/contract';
import type { Exposure } from '../ingress/exposure';
import type { AdditionalListenerProps } from '../ingress/ingress-props';
import type { Route } from '../ingress/route';
import type { Egress } from '../network/egress';
import type { IPrivateNetwork } from '../network/private-network';
import type { TrailCoverage } from '../secrets/trail-coverage';
import type { SecureCore } from '../secure-core';
import type { Size } from '../size';
import type { ProfileConstructs } from './profile-constructs';
import type { ProfileName } from './variables/variable';

/** What a profile stands for: each of the five documents is one of these. */
export interface ProfilePlan<P extends object> {
  readonly name: ProfileName;
  /**
   * What the container listens on unless it is told otherwise.
   *
   * @default 8000 - ours, where the document names none
   */
  readonly port?: number;
  /** Props that it cannot be without, and what to do about each. */
  readonly required: { readonly [prop in keyof P]?: string };
  /** Of what kind others have to be. */
  readonly kinds: Kinds<P>;
  /** What has to be known before there is a network. Refuses props that no network could help. */
  needs(scope: Construct, props: P): ProfileNeeds;
  /** Makes what it needs under `scope`, in none of the places that a SecureCore takes itself, and says what the Core is given. */
  bind(scope: Construct, props: P, context: ProfileContext): ProfileParts;
}

/** What has to be known before there is a network. */
export interface ProfileNeeds {
  readonly authorizer: Authorizer;
  /** Each with its access. */
  readonly routes: readonly Route[];
  readonly additionalListener?: AdditionalListenerProps;
  readonly admin?: AdminSession;
  /** What its program asks by itself, such as the host of a JWKS. */
  readonly egress?: Egress;
}

/** What a profile builds from, besides its own props. */
export interface ProfileContext {
  readonly network: IPrivateNetwork;
  /** As secrets are prefixed. */
  readonly environment: string;
  readonly size: Size;
  readonly exposure: Exposure;
  readonly alarmTopic: ITopic;
  readonly encryptionKey?: kms.IKey;
  /** Who records reads of what no container holds. */
  readonly trail?: TrailCoverage;
  /** Of the ingress. */
  readonly domainName: string;
  /** What the container listens on. */
  readonly port: number;
  /** Where the gate counts, if somebody brought it. */
  readonly redis?: IRedis;
  /** What one caller may use, which variables tell the program too. */
  readonly plan: PlanConfiguration;
}

/** What the Core is given. */
export interface ProfileParts {
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, ecs.Secret>>;
  readonly stores: readonly ICoreStore[];
  readonly gate: GateOptions;
  /** What variables alone do not show, for the rules. */
  readonly choices: readonly string[];
  /** What it made; what can only be made with a Core is added by `complete`. */
  readonly constructs: ProfileConstructs;
  /** Makes what needs the Core, such as models that it starts, and backups of its gate. */
  complete?(core: SecureCore): ProfileConstructs;
}
