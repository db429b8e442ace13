import { AccessKey, User } from 'aws-cdk-lib/aws-iam';
import { rawTask, task } from '../../support/containers';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { ARN, fn } from '../../support/secrets';
import { written } from '../../support/written';

const KEY = 'AWS::IAM::AccessKey';

describeRule('SEC-7.access-keys', {
  compliant: { 'a key that is off': (stack) => written(stack, 'AccessKey', KEY, { UserName: 'core', Status: 'Inactive' }) },
  violating: { 'a key': { build: (stack) => new AccessKey(stack, 'AccessKey', { user: new User(stack, 'User') }), message: /^is a key that never expires/, severity: 'error' } },
  override: { build: (stack) => written(stack, 'AccessKey', KEY, { Status: 'Inactive' }).addPropertyOverride('Status', 'Active'), message: /^is a key that never expires/ },
  raw: { build: (stack) => written(stack, 'Raw', KEY, { UserName: 'core' }), message: /^is a key that never expires/ },
  undecidable: (stack) => written(stack, 'AccessKey', KEY, { Status: deployTimeValue(stack) }),
});

const USER = 'AWS::IAM::User';
const PERSON = { LoginProfile: { Password: '{{resolve:secretsmanager:person}}' } };

describeRule('SEC-7.users', {
  compliant: { 'a person': (stack) => written(stack, 'User', USER, PERSON) },
  violating: { 'a user of the CDK': { build: (stack) => new User(stack, 'User'), message: /^is a user who cannot sign in at the console/, severity: 'error' } },
  override: { build: (stack) => written(stack, 'User', USER, PERSON).addPropertyDeletionOverride('LoginProfile'), message: /^is a user who cannot sign in/ },
  raw: { build: (stack) => written(stack, 'Raw', USER), message: /^is a user who cannot sign in/ },
  undecidable: (stack) => written(stack, 'User', USER, { LoginProfile: deployTimeValue(stack) }),
});

describeRule('SEC-7.static-keys', {
  compliant: {
    'a container without keys': (stack) => task(stack, { environment: [{ name: 'ASSET_BUCKET', value: 'assets' }], secrets: [{ name: 'OPENAI_API_KEY', valueFrom: ARN }] }),
    'a function without keys': (stack) => fn(stack, { AWS_NODEJS_CONNECTION_REUSE_ENABLED: '1' }),
    'a build without keys': (stack) => written(stack, 'Build', 'AWS::CodeBuild::Project', { Environment: { EnvironmentVariables: [{ Name: 'STAGE', Value: 'x' }] } }),
  },
  violating: {
    ...Object.fromEntries(['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'S3_ACCESS_KEY', 'MINIO_SECRET_KEY'].map((name) => [
      name, { build: (stack: Parameters<typeof task>[0]) => task(stack, { secrets: [{ name, valueFrom: ARN }] }), message: new RegExp(`^container core is given ${name}`), severity: 'error' as const },
    ])),
    'a key in plain sight': { build: (stack) => task(stack, { environment: [{ name: 'AWS_ACCESS_KEY_ID', value: 'x' }] }), message: /^container core is given AWS_ACCESS_KEY_ID/ },
    'a key of a function': { build: (stack) => fn(stack, { S3_ACCESS_KEY_ID: 'x' }), message: /^the function is given S3_ACCESS_KEY_ID/ },
    'a key of a build': { build: (stack) => written(stack, 'Build', 'AWS::CodeBuild::Project', { Environment: { EnvironmentVariables: [{ Name: 'AWS_SECRET_ACCESS_KEY', Type: 'SECRETS_MANAGER', Value: 'x' }] } }), message: /^the build project is given/ },
  },
  override: { build: (stack) => task(stack, { secrets: [{ name: 'X', valueFrom: ARN }] }).addPropertyOverride('ContainerDefinitions.0.Secrets.0.Name', 'S3_ACCESS_KEY_ID'), message: /is given S3_ACCESS_KEY_ID/ },
  raw: { build: (stack) => rawTask(stack, { Secrets: [{ Name: 'S3_SECRET_ACCESS_KEY', ValueFrom: ARN }] }), message: /is given S3_SECRET_ACCESS_KEY/ },
  undecidable: (stack) => rawTask(stack, { Environment: [{ Name: deployTimeValue(stack), Value: 'x' }] }),
  notApplicable: { 'a function without variables': (stack) => written(stack, 'Fn', 'AWS::Lambda::Function', { Role: 'x' }) },
});
