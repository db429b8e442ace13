import { Annotations, Duration, Lazy, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CfnRotationSchedule, type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Trigger } from 'aws-cdk-lib/triggers';
import { Construct, DependencyGroup, type IConstruct, type IDependable } from 'constructs';
import { answerAwsSolutions } from '../aws-solutions';
import type { IPrivateNetwork } from '../network/private-network';
import { told, whenever } from '../observability/told';
import { containerSecret, grantKey, grantRead, madeBehind, rememberReader } from './container-secret';
import { ageMetric, GRACE_DAYS, onAge } from './secret-alarms';
import { SecretFunction } from './secret-function';
import { type RotationConfiguration, ROTATING_TAG, ROTATION_VARIABLE } from './contract';

/** A secret with the function that renews it, as those who use it and those who watch it have to know them. */
export interface IRotatedSecret extends IConstruct {
  /** What is renewed. */
  readonly secret: ISecret;

  /** What renews it, and shuts the old value out. */
  readonly rotationFunction: lambda.IFunction;

  /** On runs of the function that failed, and on a value that is too old. */
  readonly alarms: cloudwatch.IAlarm[];

  /** What a service that uses it has to wait for. */
  readonly ready: IDependable;

  /** How many runs of the function failed, in five minutes. */
  metricFailures(): cloudwatch.Metric;

  /** How many days old the value is, told once a day. */
  metricAgeDays(): cloudwatch.Metric;
}

/** Leaves out of each kind what the construct knows by itself. */
type WithoutOwn<T> = T extends RotationConfiguration ? Omit<T, 'secretArn' | 'isRolledOut' | 'metricName'> : never;

/** What is to be renewed, and how. */
export interface SecretRotationProps {
  readonly secret: ISecret;
  readonly configuration: WithoutOwn<RotationConfiguration>;
  readonly network: IPrivateNetwork;
  readonly every: Duration;
  /** What the function connects to, at its default port. */
  readonly reaches?: ec2.IConnectable[];
  /** What it may do besides, with exact resources. */
  readonly statements?: iam.PolicyStatement[];
  /** Other secrets that it needs. */
  readonly reads?: ISecret[];
  /** Whether the first value has to be made good for something at the deployment, before anybody is told it. */
  readonly ensures?: boolean;
  /** What has to stand before. */
  readonly after?: IDependable[];
  /** @default - the secret's own, or a key of AWS */
  readonly encryptionKey?: kms.IKey;
  /** Of its log. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
  readonly alarmTopic?: ITopic;
}

/** Between two rotations nothing is left half done longer than this; ElastiCache takes minutes to change a user, twice in a step. Lambda's most is 15 minutes. */
const TIMEOUT = Duration.minutes(14);

const rotatedSecrets = new WeakMap<ISecret, SecretRotation>();

/** What renews the value that a container is given, if something does. */
export function rotationBehind(scope: Construct, given: ecs.Secret): SecretRotation | undefined {
  const secret = madeBehind(scope, given);
  return secret && rotatedSecrets.get(secret);
}

/** Says that somebody replaces the tasks that hold a secret's old value. */
export function markRolledOut(secret: ISecret, by: IConstruct): void {
  rotatedSecrets.get(secret)?._rollOut(by);
}

/**
 * What renews a secret that is given (SEC-3): a function in the network's core tier, a schedule, and alarms on failures and on age.
 *
 * It does not rotate at the deployment: the first value is as young as the schedule. Secrets Manager then calls the step `testSecret` alone,
 * with a version that holds nothing (API, RotateSecret, RotateImmediately).
 */
export class SecretRotation extends Construct implements IRotatedSecret {
  public readonly secret: ISecret;
  public readonly handler: lambda.Function;
  public readonly role: iam.IRole;
  public readonly alarms: cloudwatch.IAlarm[];
  /** What somebody who uses the secret has to wait for. */
  public readonly ready: IDependable;
  private readonly key: kms.IKey | undefined;
  private rollout: IConstruct | undefined;

  public constructor(scope: Construct, id: string, props: SecretRotationProps) {
    super(scope, id);
    const { secret, network, statements = [], reads = [] } = props;
    this.secret = secret;
    this.key = props.encryptionKey ?? secret.encryptionKey;
    const own = { secretArn: secret.secretArn, metricName: secret.secretArn, isRolledOut: Lazy.any({ produce: () => this.rollout !== undefined }) };
    const made = new SecretFunction(this, 'Handler', {
      description: `Rotates the secret of ${scope.node.path}`,
      asset: 'rotation',
      timeout: TIMEOUT,
      environment: { [ROTATION_VARIABLE]: Stack.of(this).toJsonString({ ...props.configuration, ...own }) },
      shorten: 'Name in ca the one authority that vouches for the server, and not a bundle of all.',
      removalPolicy: props.removalPolicy,
      network,
    });
    this.handler = made.handler;
    this.role = made.role;
    rotatedSecrets.set(secret, this);
    this.grant(made.role, statements, reads);
    network.allowToAwsServices(this.handler, made.role);
    for (const other of props.reaches ?? []) this.handler.connections.allowToDefaultPort(other, 'Rotates a secret');
    const mostDays = props.every.toDays() + GRACE_DAYS;
    this.alarms = [
      told(new cloudwatch.Alarm(this, 'Failures', whenever(this.metricFailures(), `The secret of ${scope.node.path} could not be rotated; the value before stays valid.`)), props.alarmTopic),
      told(new cloudwatch.Alarm(this, 'Age', onAge(this.metricAgeDays(), mostDays, `The secret of ${scope.node.path} was not rotated in time, or nobody says how old it is.`)), props.alarmTopic),
    ];
    new events.Rule(this, 'Daily', {
      description: `Tells how old the secret of ${scope.node.path} is`,
      schedule: events.Schedule.rate(Duration.days(1)),
      targets: [new targets.LambdaFunction(this.handler)],
    });
    Tags.of(secret).add(ROTATING_TAG, props.configuration.kind);
    // Who calls the function has to wait for its way out as well: rules stand below the groups that they are of.
    const groups = [this.handler, ...props.reaches ?? []].flatMap(({ connections }) => connections.securityGroups);
    const standing = new DependencyGroup(network.awsServices, ...groups, ...props.after ?? []);
    const trigger = props.ensures ? this.ensure(made.role, standing) : undefined;
    this.ready = trigger ?? standing;
    const schedule = this.schedule(props.every, this.ready, made.role);
    // The function tells the age whenever it runs, and Secrets Manager calls it when the schedule is made: an alarm that stood before would sound on silence.
    for (const alarm of this.alarms) alarm.node.addDependency(schedule);
  }

  public get rotationFunction(): lambda.IFunction {
    return this.handler;
  }

  /** How many of its runs failed, in five minutes. */
  public metricFailures(): cloudwatch.Metric {
    return this.handler.metricErrors({ period: Duration.minutes(5), statistic: cloudwatch.Stats.SUM });
  }

  /** How many days old the value is, told once a day. */
  public metricAgeDays(): cloudwatch.Metric {
    return ageMetric(this.secret.secretArn);
  }

  /**
   * What a container is given; what renews it can be found by it.
   *
   * @param field of a secret that is JSON
   */
  public container(field?: string): ecs.Secret {
    return containerSecret(this.secret, field, this.key);
  }

  /** Says that somebody replaces the tasks that hold the old value. @internal */
  public _rollOut(by: IConstruct): void {
    this.rollout = by;
  }

  private grant(role: iam.IRole, statements: iam.PolicyStatement[], reads: ISecret[]): void {
    const { secret } = this;
    rememberReader(secret, role);
    role.addToPrincipalPolicy(new iam.PolicyStatement({
      sid: 'ThisSecret',
      actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:ListSecretVersionIds', 'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'],
      resources: [secret.secretArn],
    }));
    grantKey(secret, role, ['kms:Decrypt', 'kms:GenerateDataKey'], this.key);
    for (const other of reads) grantRead(other, role);
    for (const statement of statements) role.addToPrincipalPolicy(statement);
  }

  private schedule(every: Duration, after: IDependable, role: iam.IRole): IDependable {
    const { secretArn } = this.secret;
    const permission = new lambda.CfnPermission(this, 'Invoke', {
      action: 'lambda:InvokeFunction',
      functionName: this.handler.functionArn,
      principal: 'secretsmanager.amazonaws.com',
      sourceAccount: Stack.of(this).account,
      sourceArn: secretArn,
    });
    const schedule = new CfnRotationSchedule(this, 'Schedule', {
      secretId: secretArn,
      rotationLambdaArn: this.handler.functionArn,
      rotationRules: { automaticallyAfterDays: every.toDays() },
      rotateImmediatelyOnUpdate: false,
    });
    schedule.node.addDependency(permission, role, after);
    return schedule;
  }

  private ensure(role: iam.IRole, after: IDependable): Trigger {
    const trigger = new Trigger(this, 'Ensure', { handler: this.handler, timeout: TIMEOUT });
    trigger.node.addDependency(role, after);
    const provider = Stack.of(this).node.tryFindChild('AWSCDK.TriggerCustomResourceProviderCustomResourceProvider');
    if (provider) {
      const logging = 'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]';
      answerAwsSolutions(provider, logging, 'The CDK\'s own function behind its Trigger writes its log by it, and reads nothing.');
      const versions = `IAM5[Resource::<${Stack.of(this).getLogicalId(this.cfnHandler())}.Arn>:*]`;
      answerAwsSolutions(provider, versions, 'Every version of the one function that makes the first value good for something: a deployment makes a version.');
      answerAwsSolutions(provider, 'L1', 'The CDK chooses the runtime of the function behind its Trigger.');
    }
    // It is the CDK's own Trigger that calls a version, and nobody can have it do otherwise.
    Annotations.of(this.handler).acknowledgeWarning('@aws-cdk/aws-lambda:addPermissionsToVersionOrAlias', 'Called by the version that its Trigger names.');
    return trigger;
  }

  private cfnHandler(): lambda.CfnFunction {
    return this.handler.node.defaultChild as lambda.CfnFunction;
  }
}
