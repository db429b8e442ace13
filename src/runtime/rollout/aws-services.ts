import {
  ClusterNotFoundException, DescribeServicesCommand, DescribeTasksCommand, type DesiredStatus, type ECSClient, type Failure, paginateListTasks, type Service, UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { RolledService } from '../../secrets/contract';
import { RotationError } from '../rotation/ports';
import type { Deployment, RolledServices, ServiceState, Task } from './ports';

/** What ECS says of a service or a task that it does not know (ECS guide, "API failures error messages"). */
const MISSING = 'MISSING';

/** What DescribeTasks takes and ListTasks gives at a time. */
const PAGE_SIZE = 100;

const STATES: ReadonlyMap<string | undefined, Deployment['state']> = new Map([['COMPLETED', 'completed'], ['FAILED', 'failed']]);

/** The services of Amazon ECS. */
export class AwsServices implements RolledServices {
  public constructor(private readonly client: ECSClient) {}

  public async describe(service: RolledService): Promise<ServiceState | undefined> {
    const described = await this.service(service);
    // An inactive one has been deleted, and its last task has stopped: until then it is DRAINING.
    if (!described || described.status === 'INACTIVE') return undefined;
    return {
      isActive: described.status === 'ACTIVE',
      deployments: (described.deployments ?? []).map(({ createdAt, rolloutState }) => ({ createdAt: createdAt?.getTime() ?? 0, state: STATES.get(rolloutState) ?? 'in-progress' })),
      tasks: await this.tasks(service),
    };
  }

  public async roll({ clusterArn, serviceArn }: RolledService): Promise<void> {
    await this.client.send(new UpdateServiceCommand({ cluster: clusterArn, service: serviceArn, forceNewDeployment: true }));
  }

  private async service({ clusterArn, serviceArn }: RolledService): Promise<Service | undefined> {
    try {
      const { services: [service] = [], failures = [] } = await this.client.send(new DescribeServicesCommand({ cluster: clusterArn, services: [serviceArn] }));
      refuse(failures);
      return service;
    } catch (error) {
      if (error instanceof ClusterNotFoundException) return undefined;
      throw error;
    }
  }

  /** Those that run come first: one that is told to stop in between is in both lists; the other way round it would be in none. */
  private async tasks(service: RolledService): Promise<Task[]> {
    const tasks = new Map<string, Task>();
    for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) await this.addTasks(service, desiredStatus, tasks);
    return [...tasks.values()];
  }

  private async addTasks({ clusterArn: cluster, serviceArn }: RolledService, desiredStatus: DesiredStatus, found: Map<string, Task>): Promise<void> {
    for await (const { taskArns = [] } of paginateListTasks({ client: this.client, pageSize: PAGE_SIZE }, { cluster, serviceName: nameOf(serviceArn), desiredStatus })) {
      if (taskArns.length === 0) continue;
      const { tasks = [], failures = [] } = await this.client.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
      refuse(failures);
      for (const task of tasks) {
        const arn = task.taskArn ?? '';
        if (task.lastStatus === 'STOPPED') found.delete(arn);
        else found.set(arn, { createdAt: task.createdAt?.getTime(), isStopping: task.desiredStatus === 'STOPPED' });
      }
    }
  }
}

/** What is missing is gone; of anything else nobody knows what it holds. */
function refuse(failures: readonly Failure[]): void {
  const other = failures.find(({ reason }) => reason !== MISSING);
  if (other) throw new RotationError('ECS_FAILURE', `ECS does not describe ${other.arn ?? 'what was asked for'}: ${other.reason ?? 'it gives no reason'}.`);
}

/** ListTasks is documented to take a name; its ARN ends with it. */
function nameOf(serviceArn: string): string {
  return serviceArn.slice(serviceArn.lastIndexOf('/') + 1);
}
