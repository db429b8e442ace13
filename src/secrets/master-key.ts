import { CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IDependable } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { awaitValue, containerSecret, grantKey, grantRead } from './container-secret';
import { BACKUP_ATTESTATION_METADATA, MASTER_KEY_METADATA, MASTER_KEY_TYPE, type MasterKeyProperties } from './contract';
import { neverRotated } from './never-rotated';
import { checkedReason } from './reason';
import { checkEnvironment, markEnvironment, nameInEnvironment } from './secret-environment';
import { SecretFunction } from './secret-function';
import { SecretKey } from './secret-key';

/** Where a master key is kept. */
export interface MasterKeyProps {
  /**
   * Other regions that keep a copy (NT-28), each encrypted with the `encryptionKey` that it names, a key of that region; where it names none, with AWS's own,
   * which rule SEC-2 minds.
   *
   * @default - none, which only `backupAttestation` allows
   */
  readonly replicaRegions?: secrets.ReplicaRegion[];

  /**
   * Where else the key is kept, in a sentence, instead of `replicaRegions`.
   *
   * @default - nowhere
   */
  readonly backupAttestation?: string;

  /**
   * Whose it is, such as `production`: its name begins with it, and no stack has secrets of two (NT-37).
   *
   * @default - a name that CloudFormation chooses
   */
  readonly environment?: string;

  /**
   * Its name in AWS Secrets Manager; of an `environment` it begins with that. Since the secret stays when the stack goes, a second attempt meets the name.
   *
   * @default - from the environment and the place in the app, or one that CloudFormation chooses
   */
  readonly secretName?: string;

  /**
   * The key that encrypts it in this region.
   *
   * @default - that of a new SecretKey
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What becomes of the log of the function that makes it. The key itself always stays.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly logRemovalPolicy?: RemovalPolicy;
}

const NEVER_ROTATED = 'A master key that is replaced takes everything with it that it encrypted: whoever wants another one encrypts anew, and then changes the key.';

/**
 * The key by which a Core encrypts what it keeps (SEC-5): 32 random bytes in Fernet's form, made in AWS once, printed nowhere, never renewed by
 * itself, kept when its stack goes, and kept in a second region or wherever somebody vouches for.
 *
 * A Core gets it in one of two ways: its name (`variables`, with `grantRead`), or the value (`container()` as `SECRETS_MASTER_KEY`).
 */
export class MasterKey extends Construct {
  public readonly secret: secrets.ISecret;

  /** `AWS_SECRETS_MASTER_KEY_NAME`, for the `environment` of a Core that reads the key by itself; call `grantRead` for it. */
  public readonly variables: { readonly [name: string]: string };

  /** What a service that uses it has to wait for: that there is a value. */
  public readonly ready: IDependable;

  public constructor(scope: Construct, id: string, props: MasterKeyProps = {}) {
    super(scope, id);
    this.checkCopies(props);
    const { environment, secretName } = props;
    const ownKey = props.encryptionKey ? undefined : new SecretKey(this, 'Key', { removalPolicy: RemovalPolicy.RETAIN });
    const secret = new secrets.Secret(this, 'Secret', {
      description: `Master key of ${scope.node.path}; what it encrypted cannot be read without it`,
      secretName: environment === undefined ? secretName : (secretName === undefined ? nameInEnvironment(this, environment) : checkEnvironment(this, environment, secretName)),
      encryptionKey: props.encryptionKey ?? ownKey?.key,
      replicaRegions: props.replicaRegions,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    neverRotated(secret, NEVER_ROTATED);
    const resource = secret.node.defaultChild as secrets.CfnSecret;
    // CloudFormation would make a value that is no key.
    resource.addPropertyDeletionOverride('GenerateSecretString');
    resource.addMetadata(MASTER_KEY_METADATA, true);
    if (props.backupAttestation !== undefined) resource.addMetadata(BACKUP_ATTESTATION_METADATA, props.backupAttestation);
    this.secret = secret;
    markEnvironment(secret, this, environment);
    this.variables = { AWS_SECRETS_MASTER_KEY_NAME: secret.secretName };
    const maker = new SecretFunction(this, 'Maker', {
      description: `Makes the master key of ${scope.node.path}, once`,
      asset: 'master-key',
      timeout: Duration.minutes(1),
      removalPolicy: props.logRemovalPolicy,
    });
    maker.role.addToPrincipalPolicy(new iam.PolicyStatement({ sid: 'ThisSecret', actions: ['secretsmanager:DescribeSecret', 'secretsmanager:PutSecretValue'], resources: [secret.secretArn] }));
    grantKey(secret, maker.role, ['kms:Decrypt', 'kms:GenerateDataKey']);
    ownKey?.grantUse(maker.role);
    const made = new CustomResource(this, 'Value', {
      resourceType: MASTER_KEY_TYPE,
      serviceToken: maker.handler.functionArn,
      serviceTimeout: Duration.minutes(5),
      properties: { SecretArn: secret.secretArn } satisfies MasterKeyProperties,
    });
    made.node.addDependency(maker.role);
    this.ready = made;
    awaitValue(secret, made);
  }

  /**
   * Lets somebody read the key.
   *
   * @param grantee such as a Core that is told its name
   */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return grantRead(this.secret, grantee);
  }

  /** The value, for a container's `SECRETS_MASTER_KEY`. Not for one that is told its name as well. */
  public container(): ecs.Secret {
    return containerSecret(this.secret);
  }

  private checkCopies({ replicaRegions = [], backupAttestation }: MasterKeyProps): void {
    if (backupAttestation !== undefined) checkedReason(this, 'backupAttestation', backupAttestation);
    else if (replicaRegions.length === 0) {
      throw invalidProp(this, 'replicaRegions', replicaRegions, 'Name another region that keeps a copy, or say in backupAttestation where else the key is kept: what it encrypted is lost with it.');
    }
    const own = Stack.of(this).region;
    const regions = replicaRegions.map(({ region }) => region);
    const odd = regions.find((region, index) => region === own || regions.indexOf(region) !== index);
    if (odd !== undefined) throw invalidProp(this, 'replicaRegions', odd, 'Name each region once, and none that is the stack\'s own.');
  }
}
