import { ArnFormat, Stack } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

interface ModelAccess {
  /** Who starts and stops models. */
  readonly grantee: iam.IGrantable;
  /** In which nothing but models runs: what may be stopped is told by its cluster, and not by its family. */
  readonly cluster: ecs.ICluster;
  readonly families: readonly string[];
  /** What models run as, and what starts them. */
  readonly roles: readonly iam.IRole[];
}

/**
 * Lets a program start models, look at them and stop them, and nothing else of Amazon ECS (CTR-7).
 *
 * It may start these families alone, in this cluster alone, and give a task no other role than these. Whoever starts a task may say what it runs, which security groups
 * it is in and how large it is (Amazon ECS API, TaskOverride and AwsVpcConfiguration): no policy says which, so a program that is broken into can run what it likes as a
 * model, with the rights of a model. Listing is left out: it would be asked of container instances (service authorization reference), which Fargate has none of.
 */
export function grantModels(parent: IConstruct, { grantee, cluster, families, roles }: ModelAccess): void {
  const stack = Stack.of(parent);
  const arn = (resource: string, resourceName: string): string => stack.formatArn({ service: 'ecs', resource, resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
  const conditions = { ArnEquals: { 'ecs:cluster': cluster.clusterArn } };
  const allow = (actions: string[], resourceArns: string[], more: Record<string, Record<string, string>>): void => {
    iam.Grant.addToPrincipal({ grantee, actions, resourceArns, conditions: more });
  };
  allow(['ecs:RunTask'], families.map((family) => arn('task-definition', `${family}:*`)), conditions);
  allow(['ecs:DescribeTasks', 'ecs:StopTask'], [arn('task', `${cluster.clusterName}/*`)], conditions);
  allow(['iam:PassRole'], roles.map(({ roleArn }) => roleArn), { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } });
}
