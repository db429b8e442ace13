import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CfnRotationSchedule, type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { rememberReader } from '../secrets/container-secret';
import { SecretFunction } from '../secrets/secret-function';
import { BROKER_ASSETS, SWEEP_VARIABLE, type SweepConfiguration } from './contract';
import { secretArnsOf, writtenSecret } from './credential-stores';
import type { StateTable } from './state-table';

/** A credential that somebody changes once its last lease has ended. */
export interface RotatedCredential {
  readonly id: string;
  readonly secret: ISecret;
  readonly rotation: lambda.IFunction;
}

export interface RotationAfterCheckoutProps {
  readonly credentials: readonly RotatedCredential[];
  readonly state: StateTable;
  /** Of its log. */
  readonly removalPolicy: RemovalPolicy;
}

/** How late a rotation begins after the end of a lease (ours); the shortest that EventBridge schedules. */
const INTERVAL = Duration.minutes(1);
/** Asking Secrets Manager takes a second each. */
const TIMEOUT = Duration.minutes(1);
/** Whether or not anybody checks it out (CIS asks for 90 days at most). */
const AT_LEAST_EVERY_DAYS = 90;

/** Has credentials changed on their devices once nobody holds a lease on them: a function that may neither read nor write them asks Secrets Manager to. */
export class RotationAfterCheckout extends Construct {
  private readonly sweep: lambda.IFunction;

  public constructor(scope: Construct, id: string, { credentials, state, removalPolicy }: RotationAfterCheckoutProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const configuration: SweepConfiguration = {
      version: 1,
      region: stack.region,
      stateTable: state.table.tableName,
      secretArns: secretArnsOf(this),
      credentials: credentials.map(({ id: name, secret }) => ({ id: name, secret: writtenSecret(this, secret) })),
    };
    const made = new SecretFunction(this, 'Sweep', {
      description: `Has credentials of ${scope.node.path} rotated after their last lease; cannot read them`,
      asset: BROKER_ASSETS.sweep,
      timeout: TIMEOUT,
      environment: { [SWEEP_VARIABLE]: stack.toJsonString(configuration) },
      shorten: 'Let fewer credentials rotate after checkouts, or give some of them to another broker.',
      removalPolicy,
    });
    this.sweep = made.handler;
    state.grantSweep(made.role);
    made.role.addToPrincipalPolicy(new iam.PolicyStatement({ sid: 'AskForRotation', actions: ['secretsmanager:RotateSecret'], resources: credentials.map(({ secret }) => secret.secretArn) }));
    // Secrets Manager asks for it of whoever asks it to rotate (Secrets Manager API, RotateSecret).
    const functions = [...new Set(credentials.map(({ rotation }) => rotation.functionArn))];
    made.role.addToPrincipalPolicy(new iam.PolicyStatement({ sid: 'CallRotation', actions: ['lambda:InvokeFunction'], resources: functions }));
    for (const credential of credentials) this.schedule(credential);
    new events.Rule(this, 'Schedule', {
      description: `Looks which credentials of ${scope.node.path} nobody holds any more`,
      schedule: events.Schedule.rate(INTERVAL),
      targets: [new targets.LambdaFunction(made.handler, { retryAttempts: 0, maxEventAge: INTERVAL })],
    });
  }

  /** How many of its runs failed, in five minutes. */
  public metricFailures(): cloudwatch.Metric {
    return this.sweep.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' });
  }

  private schedule({ id, secret, rotation }: RotatedCredential): void {
    if (rotation.role) rememberReader(secret, { grantPrincipal: rotation.role });
    const place = new Construct(this, `Credential-${id}`);
    const permission = new lambda.CfnPermission(place, 'Invoke', {
      action: 'lambda:InvokeFunction',
      functionName: rotation.functionArn,
      principal: 'secretsmanager.amazonaws.com',
      sourceAccount: Stack.of(this).account,
      sourceArn: secret.secretArn,
    });
    const schedule = new CfnRotationSchedule(place, 'Schedule', {
      secretId: secret.secretArn,
      rotationLambdaArn: rotation.functionArn,
      rotationRules: { automaticallyAfterDays: AT_LEAST_EVERY_DAYS },
      rotateImmediatelyOnUpdate: false,
    });
    schedule.node.addDependency(permission);
  }
}
