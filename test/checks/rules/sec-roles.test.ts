import type { CfnResource, Stack } from 'aws-cdk-lib';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { policyOf, rotation, secret, written } from '../../support/written';

const READ = 'secretsmanager:GetSecretValue';

const role = (stack: Stack, id = 'Role', properties: Readonly<Record<string, unknown>> = {}): CfnResource => written(stack, id, 'AWS::IAM::Role', properties);
const task = (stack: Stack, properties: Readonly<Record<string, unknown>>, id = 'Task'): CfnResource => written(stack, id, 'AWS::ECS::TaskDefinition', properties);
const fn = (stack: Stack, taken: CfnResource, properties: Readonly<Record<string, unknown>> = {}, id = 'Function'): CfnResource =>
  written(stack, id, 'AWS::Lambda::Function', { Role: taken.getAtt('Arn'), ...properties });
const policy = (stack: Stack, roles: readonly CfnResource[], statement: Readonly<Record<string, unknown>>, id = 'Policy'): CfnResource =>
  written(stack, id, 'AWS::IAM::Policy', { PolicyName: 'core', Roles: roles.map(({ ref }) => ref), PolicyDocument: policyOf(statement) });
const reading = (stack: Stack, roles: readonly CfnResource[], read: CfnResource): CfnResource => policy(stack, roles, { Action: READ, Resource: read.ref });
const taking = (taken: CfnResource): Readonly<Record<string, unknown>> => ({ ContainerDefinitions: [{ Name: 'core', Secrets: [{ Name: 'KEY', ValueFrom: taken.ref }] }] });

describeRule('SEC-2.own-role', {
  compliant: {
    'a role for the program and one for what starts it': (stack) => { task(stack, { TaskRoleArn: role(stack).getAtt('Arn'), ExecutionRoleArn: role(stack, 'Starter').getAtt('Arn') }); },
    'tasks that the same role starts': (stack) => {
      const starter = role(stack, 'Starter').getAtt('Arn');
      task(stack, { TaskRoleArn: role(stack).getAtt('Arn'), ExecutionRoleArn: starter });
      task(stack, { ExecutionRoleArn: starter }, 'Other');
    },
    'roles of two functions': (stack) => { fn(stack, role(stack)); fn(stack, role(stack, 'OtherRole'), {}, 'Other'); },
    'a role of somebody else': (stack) => { task(stack, { TaskRoleArn: 'arn:aws:iam::111122223333:role/core' }); },
  },
  violating: {
    'what starts it': {
      build: (stack) => { const { ref } = role(stack); task(stack, { TaskRoleArn: ref, ExecutionRoleArn: ref }); }, message: /^is the role that starts Task too, so the program may read every secret/, severity: 'error',
    },
    'what starts another, by another reference': {
      build: (stack) => { const both = role(stack); task(stack, { TaskRoleArn: both.ref }); task(stack, { ExecutionRoleArn: both.getAtt('Arn') }, 'Other'); }, message: /^is the role that starts Other too/,
    },
    'two functions': { build: (stack) => { const both = role(stack); fn(stack, both); fn(stack, both, {}, 'Other'); }, message: /^is the role of Other too/, severity: 'warning' },
    'a role of somebody else, twice': {
      build: (stack) => { for (const id of ['Task', 'Other']) task(stack, { TaskRoleArn: 'arn:aws:iam::111122223333:role/core' }, id); }, message: /^is the role of Other too/,
    },
  },
  override: {
    build: (stack) => {
      const starter = role(stack, 'Starter').ref;
      task(stack, { TaskRoleArn: role(stack).ref, ExecutionRoleArn: starter }).addPropertyOverride('TaskRoleArn', starter);
    },
    message: /is the role that starts Task/,
  },
  raw: { build: (stack) => { const both = role(stack); fn(stack, both); written(stack, 'Raw', 'AWS::Serverless::Function', { Role: both.getAtt('Arn') }); }, message: /is the role of (Raw|Function) too/ },
  undecidable: (stack) => { task(stack, { TaskRoleArn: deployTimeValue(stack) }); },
  notApplicable: { 'a program without a role': (stack) => { task(stack, { ExecutionRoleArn: role(stack).ref }); } },
});

describeRule('SEC-2.readers', {
  compliant: {
    'what starts a task that takes the secret': (stack) => {
      const [taken, starter] = [secret(stack), role(stack)];
      task(stack, { ...taking(taken), ExecutionRoleArn: starter.ref });
      reading(stack, [starter], taken);
    },
    'a function that is told of it': (stack) => { const [key, own] = [secret(stack), role(stack)]; fn(stack, own, { Environment: { Variables: { KEY: key.ref } } }); reading(stack, [own], key); },
    'a function that is told its name': (stack) => {
      const [key, own] = [secret(stack, { Name: 'core/key' }), role(stack)];
      fn(stack, own, { Environment: { Variables: { KEY: 'core/key' } } });
      reading(stack, [own], key);
    },
    'what rotates it': (stack) => { const [key, own] = [secret(stack), role(stack)]; rotation(stack, key.ref, { RotationLambdaARN: fn(stack, own).getAtt('Arn') }); reading(stack, [own], key); },
    'a role that nobody of the templates has': (stack) => { reading(stack, [role(stack)], secret(stack)); },
  },
  violating: {
    'a function that is told nothing': { build: (stack) => { const own = role(stack); fn(stack, own); reading(stack, [own], secret(stack)); }, message: /^lets Function read Key, and nothing tells it of that secret/ },
    'what starts a task that takes another': {
      build: (stack) => { const starter = role(stack); task(stack, { ...taking(secret(stack, {}, {}, 'Other')), ExecutionRoleArn: starter.ref }); reading(stack, [starter], secret(stack)); }, message: /^lets what starts Task read Key/,
    },
    'a program beside the one that takes it': {
      build: (stack) => { const [key, other] = [secret(stack), role(stack)]; task(stack, taking(key)); fn(stack, other); reading(stack, [other], key); }, message: /^lets Function read Key/,
    },
    'a policy within the role': {
      build: (stack) => { fn(stack, role(stack, 'Role', { Policies: [{ PolicyName: 'p', PolicyDocument: policyOf({ Action: READ, Resource: secret(stack).ref }) }] })); }, message: /^lets Function read Key/,
    },
  },
  override: {
    build: (stack) => {
      const [key, own, other] = [secret(stack), role(stack), role(stack, 'Stranger')];
      fn(stack, own, { Environment: { Variables: { KEY: key.ref } } });
      fn(stack, other, {}, 'Other');
      reading(stack, [own], key).addPropertyOverride('Roles.0', { Ref: other.logicalId });
    },
    message: /^lets Other read Key/,
  },
  raw: {
    build: (stack) => {
      const own = role(stack);
      fn(stack, own);
      written(stack, 'Raw', 'AWS::IAM::RolePolicy', { PolicyName: 'p', RoleName: own.ref, PolicyDocument: policyOf({ Action: 'secretsmanager:*', Resource: secret(stack).ref }) });
    },
    message: /^lets Function read Key/,
  },
  undecidable: (stack) => { secret(stack); written(stack, 'Policy', 'AWS::IAM::Policy', { PolicyDocument: deployTimeValue(stack) }); },
  notApplicable: {
    'templates without a secret': (stack) => {
      const own = role(stack);
      fn(stack, own);
      policy(stack, [own], { Action: READ, Resource: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:x-AbCdEf' });
    },
  },
});

const logs = (stack: Stack): CfnResource => written(stack, 'Logs', 'AWS::Logs::LogGroup');
const WRITE = 'logs:PutLogEvents';

describeRule('SEC-2.users', {
  compliant: {
    'a function with a log of its own': (stack) => {
      const [own, log] = [role(stack), logs(stack)];
      fn(stack, own, { LoggingConfig: { LogGroup: log.ref } });
      policy(stack, [own], { Action: WRITE, Resource: log.getAtt('Arn') });
    },
    'what something tells of a bucket': (stack) => {
      const [own, bucket] = [role(stack), written(stack, 'Bucket', 'AWS::S3::Bucket')];
      written(stack, 'Deployment', 'Custom::Deployment', { ServiceToken: fn(stack, own).getAtt('Arn'), Bucket: bucket.ref });
      policy(stack, [own], { Action: 's3:PutObject', Resource: bucket.getAtt('Arn') });
    },
    'a service of AWS': (stack) => { policy(stack, [role(stack)], { Action: WRITE, Resource: logs(stack).getAtt('Arn') }); },
  },
  violating: {
    'a log of somebody else': {
      build: (stack) => { const own = role(stack); task(stack, { TaskRoleArn: own.ref }); policy(stack, [own], { Action: WRITE, Resource: logs(stack).getAtt('Arn') }); },
      message: /^lets Task use Logs, and nothing tells it of that/, severity: 'warning',
    },
    'part of a bucket': {
      build: (stack) => {
        const own = role(stack);
        fn(stack, own);
        policy(stack, [own], { Action: 's3:GetObject', Resource: `${written(stack, 'Bucket', 'AWS::S3::Bucket').getAtt('Arn').toString()}/x/*` });
      },
      message: /^lets Function use Bucket/,
    },
    'what starts a task that is told': {
      build: (stack) => {
        const [starter, bucket] = [role(stack), written(stack, 'Bucket', 'AWS::S3::Bucket')];
        task(stack, { ExecutionRoleArn: starter.ref, ContainerDefinitions: [{ Name: 'core', Environment: [{ Name: 'ASSET_BUCKET', Value: bucket.ref }] }] });
        policy(stack, [starter], { Action: 's3:GetObject', Resource: bucket.getAtt('Arn') });
      },
      message: /^lets what starts Task use Bucket/,
    },
  },
  override: {
    build: (stack) => {
      const [own, other, log] = [role(stack), role(stack, 'Stranger'), logs(stack)];
      fn(stack, own, { LoggingConfig: { LogGroup: log.ref } });
      fn(stack, other, {}, 'Other');
      policy(stack, [own], { Action: WRITE, Resource: log.getAtt('Arn') }).addPropertyOverride('Roles.0', { Ref: other.logicalId });
    },
    message: /^lets Other use Logs/,
  },
  raw: {
    build: (stack) => {
      const PolicyDocument = policyOf({ Action: ['dynamodb:PutItem'], Resource: [written(stack, 'Raw', 'AWS::DynamoDB::Table').getAtt('Arn')] });
      fn(stack, role(stack, 'Role', { Policies: [{ PolicyName: 'p', PolicyDocument }] }));
    },
    message: /^lets Function use Raw/,
  },
  undecidable: (stack) => { written(stack, 'Policy', 'AWS::IAM::Policy', { PolicyDocument: deployTimeValue(stack) }); },
  notApplicable: {
    'what is in no template': (stack) => {
      const own = role(stack);
      fn(stack, own);
      policy(stack, [own], { Action: WRITE, Resource: 'arn:aws:logs:eu-central-1:111122223333:log-group:x' });
    },
  },
});

const key = (stack: Stack): CfnResource => written(stack, 'Cmk', 'AWS::KMS::Key', { EnableKeyRotation: true });
const keyed = (stack: Stack): CfnResource => { const made = key(stack); secret(stack, { KmsKeyId: made.getAtt('Arn') }); return made; };
const decrypting = (stack: Stack, Resource: unknown, more: Readonly<Record<string, unknown>> = {}): CfnResource => policy(stack, [], { Action: 'kms:Decrypt', Resource, ...more });
const via = (operator: string, name = 'kms:ViaService', value = 'secretsmanager.eu-central-1.amazonaws.com'): Readonly<Record<string, unknown>> => ({ Condition: { [operator]: { [name]: value } } });

describeRule('SEC-2.decryption', {
  compliant: {
    'by Secrets Manager alone': (stack) => { decrypting(stack, keyed(stack).getAtt('Arn'), via('StringEquals')); },
    'for one secret alone': (stack) => { decrypting(stack, keyed(stack).getAtt('Arn'), via('StringEquals', 'kms:EncryptionContext:SecretARN')); },
  },
  violating: {
    'by itself': { build: (stack) => { decrypting(stack, keyed(stack).getAtt('Arn')); }, message: /^is the key of a secret, which whoever has the policy may use by itself/, severity: 'warning' },
    'every action': { build: (stack) => { decrypting(stack, [keyed(stack).getAtt('Arn')], { Action: 'kms:*' }); }, message: /^is the key of a secret/ },
    'a condition that holds without the service': { build: (stack) => { decrypting(stack, keyed(stack).getAtt('Arn'), via('StringEqualsIfExists')); }, message: /^is the key of a secret/ },
    'a condition on something else': { build: (stack) => { decrypting(stack, keyed(stack).getAtt('Arn'), via('StringEquals', 'aws:RequestedRegion')); }, message: /^is the key of a secret/ },
  },
  override: { build: (stack) => { decrypting(stack, keyed(stack).getAtt('Arn'), via('StringEquals')).addPropertyDeletionOverride('PolicyDocument.Statement.0.Condition'); }, message: /^is the key of a secret/ },
  raw: { build: (stack) => { role(stack, 'Raw', { Policies: [{ PolicyDocument: policyOf({ Action: ['kms:Decrypt'], Resource: [keyed(stack).getAtt('Arn')] }) }] }); }, message: /^is the key of a secret/ },
  undecidable: (stack) => { decrypting(stack, keyed(stack).getAtt('Arn'), { Condition: deployTimeValue(stack) }); },
  notApplicable: {
    'the key of something else': (stack) => { decrypting(stack, key(stack).getAtt('Arn')); },
    'what does not decrypt': (stack) => { decrypting(stack, keyed(stack).getAtt('Arn'), { Action: 'kms:Encrypt' }); },
  },
});
