import { Aws, Stack } from 'aws-cdk-lib';
import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ProfileName } from '../../../src/profiles/variables/variable';
import { CONTAINER, metadataOf, rightTask, secretNamed, without } from '../../../test/support/profiled-task';

/** What a deployment knows, and what the documents leave out. */
const TOLD: Readonly<Partial<Record<ProfileName, Readonly<Record<string, string>>>>> = {
  cortex: { REDIS_HOST: 'counters.abcdef.ng.0001.euc1.cache.amazonaws.com' },
  nodetool: { PGSSLMODE: 'verify-full', PGSSLROOTCERT: '/authorities/rds.pem', S3_REGION: Aws.REGION, S3_ENDPOINT_URL: `https://s3.${Aws.REGION}.${Aws.URL_SUFFIX}` },
};

/** What is acknowledged stands first, where it stays whatever is taken out; one that only certificates have is left out. */
const FIRST = ['TGEFD_IDENTITY_HEADER', 'ASSET_BUCKET'];
const UNUSED = ['TGEFD_MTLS_IDENTITY_HEADER'];

const ROLES = 'arn:aws:iam::111122223333:role/';

/** The program of each document, told all that it asks for; what is not of variables stands elsewhere. */
export class ProfilesStack extends Stack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const logs = new LogGroup(this, 'Logs', { retention: RetentionDays.TWO_WEEKS });
    for (const profile of ['cortex', 'tgefd', 'nodetool', 'tom'] as const) this.program(profile, logs);
    this.models('cortex');
  }

  /** Lets a program start and stop models in a cluster of their own, and nothing else. */
  private models(role: string): void {
    const ecs = 'arn:aws:ecs:eu-central-1:111122223333:';
    const inCluster = { ArnEquals: { 'ecs:cluster': `${ecs}cluster/models` } };
    new CfnPolicy(this, 'Models', {
      policyName: 'models',
      roles: [role],
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 'ecs:RunTask', Resource: [`${ecs}task-definition/production-llama:*`], Condition: inCluster },
          { Effect: 'Allow', Action: ['ecs:DescribeTasks', 'ecs:StopTask'], Resource: `${ecs}task/models/*`, Condition: inCluster },
          { Effect: 'Allow', Action: 'iam:PassRole', Resource: [`${ROLES}model`, `${ROLES}model-start`], Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } } },
        ],
      },
    });
  }

  private program(profile: ProfileName, logs: LogGroup): void {
    const { environment, secrets } = without(rightTask(profile), ...UNUSED);
    const told = Object.entries({ ...environment, ...TOLD[profile] }).map(([name, value]) => ({ name, value }));
    const task = new CfnTaskDefinition(this, profile, {
      requiresCompatibilities: ['FARGATE'], networkMode: 'awsvpc', cpu: '512', memory: '1024', executionRoleArn: `${ROLES}start`, taskRoleArn: `${ROLES}${profile}`,
      containerDefinitions: [{
        name: CONTAINER,
        image: `111122223333.dkr.ecr.eu-central-1.amazonaws.com/${profile}@sha256:${'cd'.repeat(32)}`,
        user: '10001', cpu: 512, memory: 1024, readonlyRootFilesystem: true,
        linuxParameters: { capabilities: { drop: ['ALL'] } },
        environment: [...told.filter(({ name }) => FIRST.includes(name)), ...told.filter(({ name }) => !FIRST.includes(name))],
        secrets: secrets.map((name) => ({ name, valueFrom: secretNamed(name) })),
        logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': logs.logGroupName, 'awslogs-region': this.region, 'awslogs-stream-prefix': profile } },
      }],
    });
    for (const [key, value] of Object.entries(metadataOf(profile))) task.addMetadata(key, value);
  }
}
