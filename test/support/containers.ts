import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';

type Container = CfnTaskDefinition.ContainerDefinitionProperty;
type TaskProps = Partial<ConstructorParameters<typeof CfnTaskDefinition>[2]>;

export const DIGEST = 'sha256:9b2a28eb47540823042a2ba401386845089bb7b62a9637d55816132c4c3c36eb';
export const PINNED_IMAGE = `public.ecr.aws/nginx/nginx@${DIGEST}`;

/** The first container of a task definition, as a path for `addPropertyOverride`. */
export const FIRST_CONTAINER = 'ContainerDefinitions.0';

/** A Fargate task of one hardened container, with whatever a test lays over it. */
export function task(stack: Stack, container: Partial<Container> = {}, props: TaskProps = {}): CfnTaskDefinition {
  return new CfnTaskDefinition(stack, 'Task', {
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '512',
    memory: '1024',
    containerDefinitions: [{
      name: 'core',
      image: PINNED_IMAGE,
      user: '1000:1000',
      cpu: 256,
      memory: 512,
      readonlyRootFilesystem: true,
      linuxParameters: { capabilities: { drop: ['ALL'] } },
      ...container,
    }],
    ...props,
  });
}

/** A task as it stands in a hand-written template: nothing is set but what the test sets. */
export function rawTask(stack: Stack, container: object, properties: object = {}): CfnResource {
  return new CfnResource(stack, 'Raw', {
    type: 'AWS::ECS::TaskDefinition',
    properties: { ContainerDefinitions: [{ Name: 'core', ...container }], ...properties },
  });
}
