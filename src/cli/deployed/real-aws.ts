import { type ContainerDefinition, DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs';
import { quietly } from '../../drill/emulator/quietly';
import { REQUEST_HANDLER } from '../aws-errors';
import type { StackResource } from '../lockdown/aws';
import { RealAws, type RealAwsOptions } from '../lockdown/real-aws';
import type { DeployedAws, DeployedContainer, DeployedTask } from './aws';

/** Services as the operator's credentials see them. */
export class RealDeployedAws implements DeployedAws {
  private readonly account: RealAws;
  private readonly ecs: ECSClient;

  public constructor(options: RealAwsOptions) {
    this.account = new RealAws(options);
    this.ecs = quietly(() => new ECSClient({ ...options, requestHandler: REQUEST_HANDLER, maxAttempts: 5 }));
  }

  public resourcesOf(stack: string): Promise<readonly StackResource[] | undefined> {
    return this.account.resourcesOf(stack);
  }

  public async taskOf(service: string): Promise<DeployedTask | undefined> {
    const { services: [found] = [] } = await this.ecs.send(new DescribeServicesCommand({ cluster: clusterOf(service), services: [service] }));
    if (found?.taskDefinition === undefined) return undefined;
    const { taskDefinition } = await this.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: found.taskDefinition }));
    return { taskDefinition: found.taskDefinition, isRollingOut: (found.deployments ?? []).length > 1, containers: (taskDefinition?.containerDefinitions ?? []).map(toContainer) };
  }
}

/** `arn:aws:ecs:<region>:<account>:service/<cluster>/<name>`; an account that never took the long form has services of the default cluster only here. */
function clusterOf(service: string): string | undefined {
  return /:service\/([^/]+)\/[^/]+$/.exec(service)?.[1];
}

function toContainer({ name = '', image = '', environment = [], secrets = [], logConfiguration }: ContainerDefinition): DeployedContainer {
  const logGroup = logConfiguration?.options?.['awslogs-group'];
  return {
    name, image,
    environment: new Map(environment.map((one) => [one.name ?? '', one.value ?? ''])),
    secrets: new Map(secrets.map((one) => [one.name ?? '', one.valueFrom ?? ''])),
    ...(logGroup !== undefined && { logGroup }),
  };
}
