import { Lazy } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { AUTHORITIES_FOLDER, AUTHORITIES_VARIABLE } from '../data/contract';
import type { CoreImage } from './core-image';
import type { Resources } from './fargate-sizes';
import { hardenedContainer } from './hardened-container';

/**
 * What writing a few files takes; nothing else of the task runs meanwhile, so its small share of the processor is all of it.
 *
 * ECS adds up what the containers of a task ask for, whether they run together or not (Amazon ECS API, RegisterTaskDefinition), so the Core has that much less.
 */
export const AUTHORITIES_TAKE: Resources = { cpu: 2, memoryLimitMiB: 64 };

interface AuthoritiesProps {
  /** Who trusts them, and starts once they are there. */
  readonly core: ecs.ContainerDefinition;
  /** The gate's, which holds the program. */
  readonly image: CoreImage;
  readonly logGroup: ILogGroup;
}

/**
 * The authorities that a Core's stores need beside those of its image, as files that it can read and not write.
 *
 * A volume of the task and a container that fills it, before the Core starts: an image of somebody else stays as it is, and its operator need not know which authorities AWS signs with.
 *
 * The volume takes its owner from the gate's image and the files can be read by everybody, so that a Core of any user can; that Fargate mounts it so was not proven.
 */
export class Authorities extends Construct {
  private readonly files = new Map<string, string>();

  public constructor(scope: Construct, id: string, { core, image, logGroup }: AuthoritiesProps) {
    super(scope, id);
    const task = core.taskDefinition;
    task.addVolume({ name: id });
    const writer = hardenedContainer(this, task, id, {
      image,
      logGroup,
      streamPrefix: 'authorities',
      ...AUTHORITIES_TAKE,
      essential: false,
      command: ['/app/ca-bundle.js'],
      environment: { [AUTHORITIES_VARIABLE]: Lazy.string({ produce: () => JSON.stringify(Object.fromEntries(this.files)) }) },
    });
    writer.addMountPoints({ containerPath: AUTHORITIES_FOLDER, sourceVolume: id, readOnly: false });
    core.addMountPoints({ containerPath: AUTHORITIES_FOLDER, sourceVolume: id, readOnly: true });
    core.addContainerDependencies({ container: writer, condition: ecs.ContainerDependencyCondition.SUCCESS });
  }

  /** @param content PEM, or AMAZON_RDS */
  public add(file: string, content: string): void {
    this.files.set(file, content);
  }
}
