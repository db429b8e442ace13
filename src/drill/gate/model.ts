import type { GateConfiguration } from '../../gate/contract';
import { CONFIGURATION_VARIABLE } from '../../gate/contract';
import type { Place } from '../edge/model';
import type { AclUser } from '../services/redis-acl';

/** A gate as its task definition has it: which process with which environment, and which target groups lead there. */
export interface GateModel {
  /** The task definition. */
  readonly place: Place;
  /** The container's name. */
  readonly container: string;
  /** As in the template; an asset of the assembly is named by its hash behind the last colon. */
  readonly image: string;
  /** Beside the image's own. */
  readonly command: readonly string[];
  /** What the template says, with what only a deployment knows as `${LogicalId.Attribute}`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that are filled from Secrets Manager. */
  readonly secrets: readonly SecretModel[];
  readonly targetGroups: readonly TargetGroupModel[];
  /** Who may log in to its store, and to do what. */
  readonly storeUsers: readonly StoreUser[];
}

/** A target group whose targets are a gate's. */
export interface TargetGroupModel extends Place {
  /** Which port of theirs. @default - the one for callers */
  readonly port?: 'metrics';
}

/** A user of ElastiCache, who gets a password when a store is started for him. */
export type StoreUser = Omit<AclUser, 'password'>;

export interface SecretModel {
  readonly variable: string;
  /** The ARN, or what the template writes in its place. */
  readonly from: string;
}

/** The configuration of a gate. The gate itself says whether it is a good one: it does not start with another. */
export function configurationOf({ environment, place }: Pick<GateModel, 'environment' | 'place'>): GateConfiguration {
  try {
    return JSON.parse(environment[CONFIGURATION_VARIABLE] ?? '') as GateConfiguration;
  } catch (error) {
    throw new Error(`${CONFIGURATION_VARIABLE} of ${place.logicalId} is no JSON, so no gate can be started with it.`, { cause: error });
  }
}
