import { ArnFormat, Duration, Lazy, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { answerAwsSolutions } from '../aws-solutions';
import { invalidProp } from '../invalid-prop';
import { told, whenever } from '../observability/told';
import { ROLLOUT_VARIABLE, type WrittenRollout } from './contract';
import { checkSameEnvironment } from './secret-environment';
import { SecretFunction } from './secret-function';
import { type IRotatedSecret, markRolledOut } from './secret-rotation';
import { VALUE_CHANGED } from './value-changed';

/** Who is told when a roll-out fails. */
export interface RotationRolloutProps {
  /**
   * Who is told of alarms.
   *
   * @default - nobody; `alarms` are there to be connected
   */
  readonly alarmTopic?: ITopic;

  /**
   * What becomes of its log when the stack is destroyed.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** How often it looks without being told, for events that got lost (our figure). */
const NET = Duration.minutes(15);

/** Amazon EventBridge takes a pattern of 2048 characters (EventBridge guide, "Quotas"): eight ARNs of up to 220 characters each fit beside the rest. */
const ARNS_IN_A_RULE = 8;

/** Retiring waits for the rotation function, which has up to 14 minutes. */
const TIMEOUT = Duration.minutes(15);

const rolled = new WeakMap<ISecret, RotationRollout>();

/** What rolls a secret out already, if something does. */
export function rolloutOf(secret: ISecret): RotationRollout | undefined {
  return rolled.get(secret);
}

/** What the function is told of. */
interface Watched {
  readonly id: string;
  readonly description: string;
  readonly eventPattern: events.EventPattern;
}

const LABEL_UPDATED: Watched = { id: 'LabelUpdated', description: 'A secret has a new current value', eventPattern: VALUE_CHANGED };

/** One that failed is looked at by the net alone: to answer each failure at once would be to fail without end. */
const DEPLOYED: Watched = {
  id: 'Deployed',
  description: 'A service that holds secrets was deployed',
  eventPattern: { source: ['aws.ecs'], detailType: ['ECS Deployment State Change'], detail: { eventName: ['SERVICE_DEPLOYMENT_COMPLETED'] } },
};

interface Rolled {
  readonly secret: IRotatedSecret;
  readonly services: Set<ecs.IBaseService>;
}

/**
 * Brings renewed secrets to the tasks that hold them (SEC-11): Amazon ECS gives a task its secrets when it starts, and never again.
 *
 * When a value becomes the current one, the services that hold it are deployed anew; when none of their tasks holds the old one, it is shut out.
 *
 * It looks every quarter of an hour in any case, so that an event that got lost makes a roll-out late, and nothing else.
 */
export class RotationRollout extends Construct {
  /** On runs that failed. */
  public readonly alarms: cloudwatch.IAlarm[];

  /** What deploys services anew. It runs in no VPC. */
  public readonly handler: lambda.IFunction;

  private readonly rolledSecrets = new Map<ISecret, Rolled>();
  private readonly services = new Set<ecs.IBaseService>();
  private readonly clusters = new Set<ecs.ICluster>();
  private readonly role: iam.IRole;
  private readonly target: events.IRuleTarget;

  public constructor(scope: Construct, id: string, props: RotationRolloutProps = {}) {
    super(scope, id);
    const made = new SecretFunction(this, 'Handler', {
      description: `Rolls renewed secrets out for ${scope.node.path}`,
      asset: 'rollout',
      timeout: TIMEOUT,
      shorten: 'Let some of the services, with the secrets that they alone hold, be rolled by another RotationRollout; or give secrets and services shorter names.',
      environment: { [ROLLOUT_VARIABLE]: Lazy.string({ produce: () => Stack.of(this).toJsonString(this.configuration()) }) },
      removalPolicy: props.removalPolicy,
    });
    this.role = made.role;
    this.handler = made.handler;
    this.target = new targets.LambdaFunction(made.handler);
    new events.Rule(this, 'Net', { description: 'Looks after roll-outs whose events got lost', schedule: events.Schedule.rate(NET), targets: [this.target] });
    const failures = new cloudwatch.Alarm(this, 'Failures', whenever(this.metricFailures(), `Renewed secrets were not rolled out for ${scope.node.path}; old values stay valid.`));
    this.alarms = [told(failures, props.alarmTopic)];
    this.node.addValidation({ validate: () => (this.rolledSecrets.size > 0 ? [] : ['roll was never called. Call it with a secret and the services that hold it, or leave the construct out.']) });
  }

  /**
   * Deploys services anew whenever a secret is renewed. May be called again for more services.
   *
   * @param secret that is renewed
   * @param services whose tasks hold it, all of them: whoever is missing is shut out with the old value
   */
  public roll(secret: IRotatedSecret, ...services: ecs.IBaseService[]): void {
    if (services.length === 0) throw invalidProp(this, 'services', services, 'Name every service whose tasks hold the secret.');
    const other = rolled.get(secret.secret);
    if (other && other !== this) {
      throw invalidProp(this, 'secret', secret.node.path, `${other.node.path} rolls it out already, and neither would know when the other's tasks `
        + 'have let the old value go: name all its services in one of the two.');
    }
    checkSameEnvironment(this, 'secret', secret.secret);
    rolled.set(secret.secret, this);
    markRolledOut(secret.secret, this);
    const known = this.rolledSecrets.get(secret.secret);
    if (!known) this.allowSecret(secret);
    const entry = known ?? { secret, services: new Set<ecs.IBaseService>() };
    this.rolledSecrets.set(secret.secret, entry);
    for (const service of services) {
      entry.services.add(service);
      this.allowService(service);
    }
  }

  /** How many of its runs failed, in five minutes. */
  public metricFailures(): cloudwatch.Metric {
    return this.handler.metricErrors({ period: Duration.minutes(5), statistic: cloudwatch.Stats.SUM });
  }

  private configuration(): WrittenRollout {
    const stack = Stack.of(this);
    const all = [...this.rolledSecrets.values()];
    const known = [...this.services];
    const [secretArns, functionArns] = [['secretsmanager', 'secret'], ['lambda', 'function']].map(([service = '', resource = '']) => (
      stack.formatArn({ service, resource, resourceName: '', arnFormat: ArnFormat.COLON_RESOURCE_NAME }))) as [string, string];
    return {
      secretArns,
      functionArns,
      services: known.map(({ cluster, serviceArn }) => ({ clusterArn: cluster.clusterArn, serviceArn })),
      secrets: all.map(({ secret, services }) => ({
        name: stack.splitArn(secret.secret.secretArn, ArnFormat.COLON_RESOURCE_NAME).resourceName ?? '',
        rotation: secret.rotationFunction.functionName,
        services: [...services].map((service) => known.indexOf(service)),
      })),
    };
  }

  /** A rule that names nothing would be told of everything, so there is none until there is something to name. */
  private watch({ id, description, eventPattern }: Watched, arn: string, before: number): void {
    const full = Math.floor(before / ARNS_IN_A_RULE);
    const ruleId = full === 0 ? id : `${id}${full + 1}`;
    const found = this.node.tryFindChild(ruleId);
    const rule = found instanceof events.Rule ? found : new events.Rule(this, ruleId, { description, eventPattern, targets: [this.target] });
    rule.addEventPattern({ resources: [arn] });
  }

  private allowSecret({ secret, rotationFunction }: IRotatedSecret): void {
    this.watch(LABEL_UPDATED, secret.secretArn, this.rolledSecrets.size);
    this.role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['secretsmanager:DescribeSecret'], resources: [secret.secretArn] }));
    this.role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [rotationFunction.functionArn] }));
  }

  private allowService(service: ecs.IBaseService): void {
    if (this.services.has(service)) return;
    this.watch(DEPLOYED, service.serviceArn, this.services.size);
    this.services.add(service);
    this.role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['ecs:DescribeServices', 'ecs:UpdateService'], resources: [service.serviceArn] }));
    const { cluster } = service;
    if (this.clusters.has(cluster)) return;
    this.clusters.add(cluster);
    // A task's ARN ends with an id that ECS chooses, and ListTasks takes none; both are bound to the cluster (Service Authorization Reference, "Amazon ECS").
    this.role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['ecs:DescribeTasks', 'ecs:ListTasks'], resources: ['*'], conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } } }));
    answerAwsSolutions(this.role, 'IAM5[Resource::*]', 'Tasks of the one cluster that the condition names: ECS chooses their ids, and listing them takes no resource.');
  }
}
