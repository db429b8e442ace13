import type { RotationConfiguration } from '../../secrets/contract';
import type { StackResource } from '../lockdown/aws';

/** A secret as Secrets Manager describes it: labels and dates, never a value. */
export interface SecretDescription {
  readonly arn: string;
  readonly name: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly isRotated: boolean;
  readonly rotationFunctionArn?: string;
  /** Ids of versions. */
  readonly current?: string;
  /** Of a rotation that has not ended; never the current one. */
  readonly pending?: string;
  readonly previous?: string;
  readonly lastRotatedAt?: Date;
  readonly nextRotationAt?: Date;
}

/** What the rotation function was deployed with, as far as it tells when a rotation is over. */
export type DeployedRotation = Pick<RotationConfiguration, 'kind' | 'isRolledOut'>;

/** What the command asks of AWS. */
export interface RotateAws {
  /** Undefined where there is no such stack. */
  resourcesOf(stack: string): Promise<readonly StackResource[] | undefined>;
  /** The CloudFormation metadata of a resource; empty where it has none. */
  metadataOf(stack: string, logicalId: string): Promise<Readonly<Record<string, unknown>>>;
  describe(secret: string): Promise<SecretDescription>;
  /** When a version was made; undefined where it is not known any more. */
  madeAt(secretArn: string, versionId: string): Promise<Date | undefined>;
  /** Undefined where the function says nothing that we would have written. */
  rotationOf(functionArn: string): Promise<DeployedRotation | undefined>;
  /** `going` where Secrets Manager says that an earlier rotation is not complete, which it then takes up again by itself. */
  rotate(secretArn: string, token: string): Promise<'started' | 'going'>;
}
