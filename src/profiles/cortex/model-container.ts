import { Names } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct, IConstruct } from 'constructs';
import { checkContainer } from '../../core/container-checks';
import type { CoreImage } from '../../core/core-image';
import { hardenedContainer, hardenedTask } from '../../core/hardened-container';
import { invalidProp } from '../../invalid-prop';

/** What vLLM listens on unless it is told otherwise. */
export const MODEL_PORT = 8000;

/** A model on AWS Fargate, which has processors and no GPU. */
export interface FargateModelProps {
  /** What it is called, such as `llama`: 1 to 32 lower-case letters, digits and hyphens. */
  readonly name: string;

  /** What it runs, with its weights: nothing leads to the internet (CX-60). */
  readonly image: CoreImage;

  /** Units of processors, 1024 to a vCPU, as Fargate offers them. */
  readonly cpu: number;

  /** Memory in MiB, as Fargate offers it for `cpu`. */
  readonly memoryLimitMiB: number;

  /**
   * What is run, such as a shell that starts vLLM with the three keys.
   *
   * @default - what the image says
   */
  readonly command?: string[];

  /**
   * The user and group it runs as, both numeric and neither root (CTR-2).
   *
   * @default '1000:1000'
   */
  readonly user?: string;

  /**
   * Folders that it may write to, which are empty at each start; nothing else of it can be changed (CTR-4).
   *
   * @default - none
   */
  readonly writablePaths?: string[];
}

/** What models share. */
export interface ModelGround {
  /** Starts those that are made here: it reads the same for each, and alarms on readers of the key know one more role and not many. */
  readonly executionRole: iam.IRole;
  readonly logGroup: ILogGroup;
  /** The keys that each of them is told. */
  readonly secrets: Readonly<Record<string, ecs.Secret>>;
}

interface Definition {
  readonly id: string;
  /** Refuses what could not be run, or not safely. */
  check(parent: IConstruct): void;
  /** How its revisions are called, which is known before anything is made. */
  family(place: Construct, environment: string): string;
  define(place: Construct, family: string, ground: ModelGround): ecs.TaskDefinition;
}

/**
 * The container of a model, which the gateway starts and stops by Amazon ECS and by nothing else (CX-59). It listens on port 8000.
 *
 * It knows the gateway by INTERNAL_VLLM_API_KEY, INTERNAL_VLLM_API_KEY_PREVIOUS and INTERNAL_VLLM_API_KEY_NEXT, each of which is right: so a task that was started
 * before a rotation takes what is sent after it. None takes what is sent after two: stop tasks that are older than 30 days.
 */
export class ModelContainer {
  /** On AWS Fargate, without a GPU. */
  public static fargate(props: FargateModelProps): ModelContainer {
    return new ModelContainer({
      id: props.name,
      check: (parent) => checkFargate(parent, props),
      // No two places have one, so that whoever may run it runs nothing else; 255 characters at most (Amazon ECS API, RegisterTaskDefinition).
      family: (place, environment) => `${environment}-${Names.uniqueResourceName(place, { maxLength: 200, separator: '-' })}`,
      define: (place, family, ground) => onFargate(place, family, props, ground),
    });
  }

  /**
   * By a task definition of your own, such as one that asks for a GPU. Its default container is the model, and is told the keys here.
   *
   * @param taskDefinition of network mode awsvpc, whose family has nothing but models
   */
  public static ofTaskDefinition(taskDefinition: ecs.TaskDefinition): ModelContainer {
    return new ModelContainer({
      id: Names.nodeUniqueId(taskDefinition.node),
      check: (parent) => checkGiven(parent, taskDefinition),
      family: () => taskDefinition.family,
      define: (_place, _family, { secrets }) => {
        for (const [name, secret] of Object.entries(secrets)) taskDefinition.defaultContainer?.addSecret(name, secret);
        return taskDefinition;
      },
    });
  }

  private constructor(private readonly definition: Definition) {}

  /**
   * Among other models.
   *
   * @internal
   */
  public get _id(): string {
    return this.definition.id;
  }

  /**
   * Refuses what could not be run, or not safely.
   *
   * @internal
   */
  public _check(parent: IConstruct): void {
    this.definition.check(parent);
  }

  /**
   * How its revisions are called.
   *
   * @internal
   */
  public _family(place: Construct, environment: string): string {
    return this.definition.family(place, environment);
  }

  /**
   * What the gateway runs.
   *
   * @internal
   */
  public _define(place: Construct, family: string, ground: ModelGround): ecs.TaskDefinition {
    return this.definition.define(place, family, ground);
  }
}

const PROP = 'profile.models.containers';

const REQUIRED = {
  image: 'Name what it runs, with its weights: CoreImage.fromEcr(…) or CoreImage.fromUri(…).',
  cpu: 'Name units of processors, 1024 to a vCPU, such as 4096.',
  memoryLimitMiB: 'Name memory in MiB, such as 16384.',
} as const satisfies Partial<Record<keyof FargateModelProps, string>>;

function checkFargate(parent: IConstruct, model: Partial<FargateModelProps>): void {
  const { name } = model;
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(name ?? '')) {
    throw invalidProp(parent, `${PROP}.name`, name, 'Name it by 1 to 32 lower-case letters, digits and hyphens, such as llama.');
  }
  // For those whose compiler does not tell them.
  const missing = (Object.keys(REQUIRED) as (keyof typeof REQUIRED)[]).find((prop) => model[prop] === undefined);
  if (missing) throw invalidProp(parent, `${PROP}.${missing}`, undefined, REQUIRED[missing]);
}

function checkGiven(parent: IConstruct, { defaultContainer, networkMode }: ecs.TaskDefinition): void {
  if (networkMode !== ecs.NetworkMode.AWS_VPC) {
    throw invalidProp(parent, PROP, `a task definition of network mode ${networkMode}`, 'Give it awsvpc: the security group of the models is what keeps others away.');
  }
  if (!defaultContainer) throw invalidProp(parent, PROP, 'a task definition without a container', 'Add the container of the model to it first.');
}

function onFargate(place: Construct, family: string, model: FargateModelProps, { executionRole, logGroup, secrets }: ModelGround): ecs.TaskDefinition {
  const { name, image, cpu, memoryLimitMiB, command, user, writablePaths } = model;
  checkContainer(place, { cpu, memoryLimitMiB, user, writablePaths }, `${PROP}.`);
  const task = hardenedTask(place, { family, cpu, memoryLimitMiB, executionRole });
  hardenedContainer(place, task, 'Model', {
    image,
    cpu,
    memoryLimitMiB,
    command,
    user,
    writablePaths,
    secrets: { ...secrets },
    logGroup,
    streamPrefix: `model-${name}`,
    portMappings: [{ containerPort: MODEL_PORT }],
  });
  return task;
}
