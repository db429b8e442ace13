import { type ContainerDefinition, DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient, type Service, type TaskDefinition } from '@aws-sdk/client-ecs';
import { quietly } from '../../drill/emulator/quietly';
import { REQUEST_HANDLER } from '../aws-errors';
import type { StackResource } from '../lockdown/aws';
import { RealAws, type RealAwsOptions } from '../lockdown/real-aws';
import type { DeployedAws, DeployedContainer, DeployedTask, ExaminedContainer, ExaminedService } from './aws';

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
    const found = await this.describe(service);
    return found && { ...toTask(found.service), containers: (found.task.containerDefinitions ?? []).map(toContainer) };
  }

  /** @param service the ARN. Undefined where it is not there any more */
  public async serviceOf(service: string): Promise<ExaminedService | undefined> {
    const found = await this.describe(service);
    // One that was deleted is told of for a while.
    return found === undefined || found.service.status === 'INACTIVE' ? undefined : toExamined(found.service, found.task);
  }

  private async describe(arn: string): Promise<{ readonly service: Service & { readonly taskDefinition: string }; readonly task: TaskDefinition } | undefined> {
    const { services: [found] = [] } = await this.ecs.send(new DescribeServicesCommand({ cluster: clusterOf(arn), services: [arn] }));
    if (found?.taskDefinition === undefined) return undefined;
    const { taskDefinition } = await this.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: found.taskDefinition }));
    return { service: { ...found, taskDefinition: found.taskDefinition }, task: taskDefinition ?? {} };
  }
}

/** `arn:aws:ecs:<region>:<account>:service/<cluster>/<name>`; an account that never took the long form has services of the default cluster only here. */
function clusterOf(service: string): string | undefined {
  return /:service\/([^/]+)\/[^/]+$/.exec(service)?.[1];
}

function toTask({ taskDefinition, deployments = [] }: Service & { readonly taskDefinition: string }): Pick<DeployedTask, 'taskDefinition' | 'isRollingOut'> {
  return { taskDefinition, isRollingOut: deployments.length > 1 };
}

function toExamined(service: Service & { readonly taskDefinition: string }, { containerDefinitions = [], volumes = [], memory }: TaskDefinition): ExaminedService {
  const { desiredCount = 0, runningCount = 0, enableExecuteCommand, networkConfiguration, loadBalancers = [] } = service;
  const { assignPublicIp, securityGroups = [] } = networkConfiguration?.awsvpcConfiguration ?? {};
  return {
    ...toTask(service),
    containers: containerDefinitions.map(toExaminedContainer),
    desired: desiredCount,
    running: runningCount,
    hostPaths: volumes.flatMap(({ host }) => host?.sourcePath ?? []),
    ...(memory !== undefined && { memory: Number(memory) }),
    takesCommands: enableExecuteCommand === true,
    hasPublicAddress: assignPublicIp === 'ENABLED',
    securityGroups,
    targets: loadBalancers.map(({ targetGroupArn = '', containerName = '' }) => ({ group: targetGroupArn, container: containerName })),
  };
}

function toExaminedContainer(container: ContainerDefinition): ExaminedContainer {
  const { essential, user = '', readonlyRootFilesystem, privileged, linuxParameters, memory } = container;
  return {
    ...toContainer(container),
    isEssential: essential !== false,
    user,
    isReadOnly: readonlyRootFilesystem === true,
    isPrivileged: privileged === true,
    dropped: linuxParameters?.capabilities?.drop ?? [],
    ...(memory !== undefined && { memory }),
  };
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
