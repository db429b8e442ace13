import { Duration, Lazy, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { SecretFunction } from '../secrets/secret-function';
import { BROKER_ASSETS, EXIT_VARIABLE, type ExitConfiguration } from './contract';
import type { StateTable } from './state-table';

/** A pool whose tasks are workers. */
export interface WorkerTasks {
  readonly service: ecs.IBaseService;
  /** What the ids of its workers begin with. */
  readonly prefix: string;
}

export interface StoppedTasksProps {
  readonly state: StateTable;
  readonly log: ILogGroup;
  readonly removalPolicy: RemovalPolicy;
}

/** Of one write. */
const TIMEOUT = Duration.seconds(30);

/** Ends the leases of a worker as soon as Amazon ECS says that its task has stopped, however it did. What holds without it is that leases end by themselves. */
export class StoppedTasks extends Construct {
  private readonly pools: WorkerTasks[] = [];
  private readonly exit: SecretFunction;

  public constructor(scope: Construct, id: string, { state, log, removalPolicy }: StoppedTasksProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const configuration = (): ExitConfiguration => ({
      version: 1,
      region: stack.region,
      stateTable: state.table.tableName,
      pools: this.pools.map(({ service, prefix }) => ({ cluster: service.cluster.clusterArn, group: groupOf(service), prefix })),
    });
    this.exit = new SecretFunction(this, 'Exit', {
      description: `Ends leases of workers of ${scope.node.path} whose task has stopped`,
      asset: BROKER_ASSETS.exit,
      timeout: TIMEOUT,
      environment: { [EXIT_VARIABLE]: Lazy.string({ produce: () => stack.toJsonString(configuration()) }) },
      log,
      removalPolicy,
    });
    state.grantExit(this.exit.role);
  }

  public watch(pool: WorkerTasks): void {
    this.pools.push(pool);
    new events.Rule(this, `Stopped-${pool.prefix}`, {
      description: `Tells when a worker ${pool.prefix} has stopped`,
      // ECS events guide, "Task state change events".
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: { clusterArn: [pool.service.cluster.clusterArn], group: [groupOf(pool.service)], lastStatus: ['STOPPED'] },
      },
      targets: [new targets.LambdaFunction(this.exit.handler)],
    });
  }

  /** How many of its runs failed, in five minutes. */
  public metricFailures(): cloudwatch.Metric {
    return this.exit.handler.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' });
  }
}

/** As events name the service of a task. */
const groupOf = ({ serviceName }: ecs.IBaseService): string => `service:${serviceName}`;
