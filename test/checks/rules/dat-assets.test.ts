import type { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { rawTask, task } from '../../support/containers';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { ARN, fn } from '../../support/secrets';
import { written } from '../../support/written';

const bucket = (stack: Stack): CfnResource => written(stack, 'Assets', 'AWS::S3::Bucket', {});
const ROLE = 'arn:aws:iam::111122223333:role/core';

/** A task that keeps its assets in a bucket of the template, in the region that its log driver is told. */
function keeping(stack: Stack, variables: Readonly<Record<string, string>> = {}, logs = 'eu-central-1'): CfnTaskDefinition {
  const environment = Object.entries({ ASSET_BUCKET: bucket(stack).ref, ...variables }).map(([name, value]) => ({ name, value }));
  return task(stack, { environment, logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-region': logs } } }, { taskRoleArn: ROLE });
}

describeRule('DAT-7.variables', {
  compliant: {
    'what the stack says': (stack) => keeping(stack, { S3_REGION: stack.region, S3_ENDPOINT_URL: `https://s3.${stack.region}.${stack.urlSuffix}` }),
    'the region of the logs': (stack) => keeping(stack, { S3_REGION: 'eu-central-1', S3_ENDPOINT_URL: 'https://s3.eu-central-1.amazonaws.com' }),
    'a function': (stack) => fn(stack, { ASSET_BUCKET: bucket(stack).ref }),
  },
  violating: {
    'another region': { build: (stack) => keeping(stack, { S3_REGION: 'us-east-1' }), message: /^S3_REGION is us-east-1, and the stack is in eu-central-1/, severity: 'warning' },
    'a region beside one of the deployment': { build: (stack) => keeping(stack, { S3_REGION: 'us-east-1' }, stack.region), message: /in the region where it is deployed/ },
    'an endpoint in plain text': { build: (stack) => keeping(stack, { S3_ENDPOINT_URL: 'http://s3.eu-central-1.amazonaws.com' }), message: /^is http, so assets/ },
    'an endpoint of no region': { build: (stack) => keeping(stack, { S3_ENDPOINT_URL: 'https://s3.amazonaws.com' }), message: /^names no region/ },
    'an endpoint elsewhere': { build: (stack) => keeping(stack, { S3_ENDPOINT_URL: 'https://s3.us-west-2.amazonaws.com' }), message: /^its region is us-west-2/ },
    'something that is no bucket': { build: (stack) => keeping(stack, { ASSET_BUCKET: written(stack, 'Topic', 'AWS::SNS::Topic').ref }), message: /^is Topic, which is no bucket/ },
  },
  override: { build: (stack) => keeping(stack, { S3_REGION: 'eu-central-1' }).addPropertyOverride('ContainerDefinitions.0.Environment.1.Value', 'us-east-1'), message: /^S3_REGION is us-east-1/ },
  raw: { build: (stack) => rawTask(stack, { Environment: [{ Name: 'S3_ENDPOINT_URL', Value: 'http://minio' }] }), message: /^is http/ },
  undecidable: {
    'a bucket of somebody else\'s': (stack) => keeping(stack, { ASSET_BUCKET: 'assets' }),
    'a region with nothing beside it': (stack) => fn(stack, { S3_REGION: 'us-east-1' }),
    'an endpoint of the deployment': (stack) => keeping(stack, { S3_ENDPOINT_URL: deployTimeValue(stack) }),
    'an endpoint of somebody else\'s': (stack) => keeping(stack, { S3_ENDPOINT_URL: 'https://minio.internal' }),
    'a bucket from a secret': (stack) => task(stack, { secrets: [{ name: 'ASSET_BUCKET', valueFrom: ARN }] }),
  },
  notApplicable: { 'a container without assets': (stack) => task(stack, { environment: [{ name: 'AWS_REGION', value: 'us-east-1' }] }) },
});

describeRule('DAT-7.role', {
  compliant: { 'a role': (stack) => keeping(stack) },
  violating: { 'no role': { build: (stack) => task(stack, { environment: [{ name: 'ASSET_BUCKET', value: 'assets' }] }), message: /^is not set, so container core has no way/, severity: 'warning' } },
  override: { build: (stack) => keeping(stack).addPropertyDeletionOverride('TaskRoleArn'), message: /^is not set/ },
  raw: { build: (stack) => rawTask(stack, { Environment: [{ Name: 'S3_BUCKET', Value: 'assets' }] }), message: /^is not set/ },
  undecidable: (stack) => keeping(stack).addPropertyOverride('TaskRoleArn', deployTimeValue(stack)),
  notApplicable: { 'a container without assets': (stack) => task(stack) },
});
