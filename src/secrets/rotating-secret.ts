import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IDependable } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { keptOnceMade } from '../kept-once-made';
import type { IPrivateNetwork } from '../network/private-network';
import { grantRead } from './container-secret';
import type { KeyRing } from './contract';
import type { KeptSecretProps } from './kept-secret-props';
import { Rotation } from './rotation';
import { markEnvironment, nameInEnvironment } from './secret-environment';
import { SecretKey } from './secret-key';
import type { SecretKind } from './secret-kind';
import { type IRotatedSecret, SecretRotation } from './secret-rotation';

/** What to keep secret, and how often it is renewed. */
export interface RotatingSecretProps extends KeptSecretProps {
  /** What it is made of. */
  readonly kind: SecretKind;

  /** Where the function that renews it stands: in the core tier. */
  readonly network: IPrivateNetwork;

  /**
   * How often it is renewed. `Rotation.never` is refused: what renews it is what makes it.
   *
   * @default Rotation.every(Duration.days(30))
   */
  readonly rotation?: Rotation;

  /**
   * Whose it is, such as `production`: its name begins with it, and no stack has secrets of two (NT-37).
   *
   * @default - a name that CloudFormation chooses
   */
  readonly environment?: string;
}

/** A month (TG-62 asks for 30 days at most). */
const DEFAULT_CADENCE = Duration.days(30);

/** Hexadecimal digits of 32 bytes (CX-33). */
const SEED_LENGTH = 64;
const NO_HEX = 'ghijklmnopqrstuvwxyz';

/**
 * A value that several programs know, renewed while they run (SEC-3, SEC-11).
 *
 * It is three values at a time: who sends uses `current`, who verifies takes `current`, `previous` and `next`. So whoever started before a rotation
 * accepts what those send who start after it. Nobody ever sees one: CloudFormation makes a seed, and the function makes a ring of it before anybody is told.
 */
export class RotatingSecret extends Construct implements IRotatedSecret {
  public readonly secret: secrets.ISecret;

  /** On runs that failed, and on a value that is too old. */
  public readonly alarms: cloudwatch.IAlarm[];

  /** What is sent, and signed with. */
  public readonly current: ecs.Secret;

  /** What was sent before; the same as `current` where nobody does any more. */
  public readonly previous: ecs.Secret;

  /** What will be sent next. */
  public readonly next: ecs.Secret;

  /** What a service that uses it has to wait for. */
  public readonly ready: IDependable;

  private readonly rotation: SecretRotation;

  public constructor(scope: Construct, id: string, props: RotatingSecretProps) {
    super(scope, id);
    const { environment, removalPolicy = RemovalPolicy.RETAIN } = props;
    const { _every: every } = props.rotation ?? Rotation.every(DEFAULT_CADENCE);
    if (!every) throw invalidProp(this, 'rotation', 'Rotation.never', 'Name Rotation.every(…): what renews the value is what makes it.');
    const ownKey = props.encryptionKey ? undefined : new SecretKey(this, 'Key', { removalPolicy: keptOnceMade(removalPolicy) });
    this.secret = new secrets.Secret(this, 'Secret', {
      description: `Key ring of ${this.node.path}`,
      secretName: environment === undefined ? undefined : nameInEnvironment(this, environment),
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: 'seed',
        passwordLength: SEED_LENGTH,
        excludeCharacters: NO_HEX,
        excludeUppercase: true,
        excludePunctuation: true,
        // Else there would have to be one of each kind of character.
        requireEachIncludedType: false,
      },
      encryptionKey: props.encryptionKey ?? ownKey?.key,
      removalPolicy: keptOnceMade(removalPolicy),
    });
    markEnvironment(this.secret, this, environment);
    this.rotation = new SecretRotation(this, 'Rotation', {
      secret: this.secret,
      configuration: { kind: 'ring', format: props.kind._format },
      network: props.network,
      every,
      ensures: true,
      removalPolicy,
      alarmTopic: props.alarmTopic,
    });
    ownKey?.grantUse(this.rotation.role);
    this.alarms = this.rotation.alarms;
    this.ready = this.rotation.ready;
    [this.current, this.previous, this.next] = [this.field('current'), this.field('previous'), this.field('next')];
  }

  public get rotationFunction(): lambda.IFunction {
    return this.rotation.handler;
  }

  /**
   * Lets somebody read all three values, such as a program that fetches them by itself.
   *
   * @param grantee in the network, or elsewhere in the account
   */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return grantRead(this.secret, grantee);
  }

  /** How many runs of the function failed, in five minutes. */
  public metricFailures(): cloudwatch.Metric {
    return this.rotation.metricFailures();
  }

  /** How many days old the value is, told once a day. */
  public metricAgeDays(): cloudwatch.Metric {
    return this.rotation.metricAgeDays();
  }

  private field(name: keyof KeyRing): ecs.Secret {
    return this.rotation.container(name);
  }
}
