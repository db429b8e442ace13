import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { answerAwsSolutions } from '../aws-solutions';
import type { CoreImage } from './core-image';

type HardenedOption = 'command' | 'cpu' | 'environment' | 'essential' | 'healthCheck' | 'memoryLimitMiB' | 'portMappings' | 'secrets' | 'stopTimeout';

/** What a container of one's own may have beside what none of them may choose. */
export interface HardenedContainerProps extends Pick<ecs.ContainerDefinitionOptions, HardenedOption> {
  readonly image: CoreImage;
  /** @default '1000:1000' */
  readonly user?: string;
  readonly logGroup: ILogGroup;
  /** What the names of its log streams begin with. */
  readonly streamPrefix: string;
  /** @default - none: it can write nowhere */
  readonly writablePaths?: readonly string[];
}

/** A task on AWS Fargate for containers such as these. */
export function hardenedTask(parent: Construct, props: ecs.FargateTaskDefinitionProps): ecs.FargateTaskDefinition {
  const task = new ecs.FargateTaskDefinition(parent, 'Task', {
    ...props,
    runtimePlatform: { cpuArchitecture: ecs.CpuArchitecture.X86_64, operatingSystemFamily: ecs.OperatingSystemFamily.LINUX },
  });
  answerAwsSolutions(task.obtainExecutionRole(), 'IAM5[Resource::*]', 'ecr:GetAuthorizationToken takes no resource (Amazon ECR guide); everything else names its repository, log group or secret.');
  return task;
}

/** A container that is not root, changes nothing of itself, has no capabilities (CTR-2, CTR-4), and loses no line of its log. */
export function hardenedContainer(parent: Construct, task: ecs.TaskDefinition, id: string, props: HardenedContainerProps): ecs.ContainerDefinition {
  const { image, user = '1000:1000', logGroup, streamPrefix, writablePaths = [], ...own } = props;
  const linuxParameters = new ecs.LinuxParameters(parent, 'LinuxParameters', { initProcessEnabled: true });
  linuxParameters.dropCapabilities(ecs.Capability.ALL);
  const container = task.addContainer(id, {
    ...own,
    image: image._bind(parent),
    user,
    readonlyRootFilesystem: true,
    privileged: false,
    linuxParameters,
    // The driver's other mode drops lines when CloudWatch is slow, and the account's default may be that mode.
    logging: ecs.LogDrivers.awsLogs({ logGroup, streamPrefix, mode: ecs.AwsLogDriverMode.BLOCKING }),
  });
  for (const [index, containerPath] of writablePaths.entries()) {
    const name = `Writable${index}`;
    task.addVolume({ name });
    container.addMountPoints({ containerPath, sourceVolume: name, readOnly: false });
  }
  return container;
}
