import type { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule, type RuleCases } from '../../support/rule-cases';
import { policyOf, secret, written } from '../../support/written';

type Build = RuleCases['compliant'][string];

const READ = 'secretsmanager:GetSecretValue';
const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:';
const policy = (stack: Stack, statement: Readonly<Record<string, unknown>>) => written(stack, 'Policy', 'AWS::IAM::Policy', { PolicyName: 'core', PolicyDocument: policyOf(statement) });
const reading = (resource: unknown): Build => (stack) => policy(stack, { Action: READ, Resource: resource });
const role = (stack: Stack): Role => new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });

describeRule('SEC-2.exact-secrets', {
  compliant: {
    'a secret of the template': (stack) => new Secret(stack, 'Secret').grantRead(role(stack)),
    'a whole name and what the service ends it in': reading(`${ARN}core/key-??????`),
    'a whole ARN': reading(`${ARN}core/key-AbCdEf`),
    'a name in the account of the deployment': (stack) => { policy(stack, { Action: READ, Resource: `arn:${stack.partition}:secretsmanager:${stack.region}:${stack.account}:secret:core-??????` }); },
    'everything of another service': (stack) => { policy(stack, { Action: '*', Resource: 'arn:aws:s3:::core/*' }); },
    'what is denied': (stack) => { policy(stack, { Effect: 'Deny', Action: READ, Resource: '*' }); },
    'a role without policies': (stack) => { role(stack); },
  },
  violating: {
    'every secret': { build: reading('*'), message: /^lets whoever has it read every secret/, severity: 'error' },
    'every secret by ARN': { build: reading(`${ARN}*`), message: /read every secret/ },
    'a family of secrets': { build: reading([`${ARN}core/key-??????`, `${ARN}core/*`]), message: /^lets whoever has it read more secrets than one/ },
    'a name with a wildcard behind it': { build: reading(`${ARN}core/key-*`), message: /more secrets than one/ },
    'every action of the service': { build: (stack) => policy(stack, { Action: 'secretsmanager:*', Resource: '*' }), message: /read every secret/ },
    'a pattern of actions': { build: (stack) => policy(stack, { Action: 'secretsmanager:get*', Resource: '*' }), message: /read every secret/ },
    'in batches': { build: (stack) => policy(stack, { Action: 'secretsmanager:BatchGetSecretValue', Resource: '*' }), message: /read every secret/ },
    'all but some': { build: (stack) => policy(stack, { Action: READ, NotResource: `${ARN}core` }), message: /every secret but these/ },
    'a policy of AWS': { build: (stack) => role(stack).addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('SecretsManagerReadWrite')), message: /^is SecretsManagerReadWrite/ },
    'a policy within a role': { build: (stack) => written(stack, 'Role', 'AWS::IAM::Role', { Policies: [{ PolicyName: 'p', PolicyDocument: policyOf({ Action: READ, Resource: '*' }) }] }), message: /read every secret/ },
  },
  override: { build: (stack) => policy(stack, { Action: READ, Resource: `${ARN}core-??????` }).addPropertyOverride('PolicyDocument.Statement.0.Resource', '*'), message: /read every secret/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::IAM::RolePolicy', { PolicyDocument: policyOf({ Action: [READ], Resource: ['*'] }) }), message: /read every secret/ },
  undecidable: {
    'a resource of the deployment': (stack) => reading(deployTimeValue(stack))(stack),
    'a document of the deployment': (stack) => written(stack, 'Policy', 'AWS::IAM::Policy', { PolicyDocument: deployTimeValue(stack) }),
  },
});

describeRule('SEC-2.narrow-policies', {
  compliant: {
    'one action on one thing': (stack) => policy(stack, { Action: 's3:GetObject', Resource: 'arn:aws:s3:::core/*' }),
    'what is about nothing': (stack) => policy(stack, { Action: ['ecr:GetAuthorizationToken', 'ec2:DescribeSubnets', 'ec2:CreateNetworkInterface'], Resource: '*' }),
    'a pattern of actions': (stack) => policy(stack, { Action: 's3:Get*', Resource: 'arn:aws:s3:::core/*' }),
  },
  violating: {
    'everything': { build: (stack) => policy(stack, { Action: '*', Resource: 'arn:aws:s3:::core/*' }), message: /^lets whoever has it do everything$/, severity: 'warning' },
    'everything of a service': { build: (stack) => policy(stack, { Action: ['s3:*'], Resource: 'arn:aws:s3:::core/*' }), message: /do everything that s3:\* covers/ },
    'everything but some': { build: (stack) => policy(stack, { NotAction: 'iam:*', Resource: 'arn:aws:s3:::core/*' }), message: /everything but these/ },
    'to everything': { build: (stack) => policy(stack, { Action: ['ecr:GetAuthorizationToken', 'kms:Decrypt'], Resource: '*' }), message: /^lets whoever has it call kms:Decrypt on everything/ },
    'to everything but some': { build: (stack) => policy(stack, { Action: 'kms:Decrypt', NotResource: 'arn:aws:kms:x' }), message: /to everything but these/ },
  },
  override: { build: (stack) => policy(stack, { Action: 'kms:Decrypt', Resource: 'arn:aws:kms:x' }).addPropertyOverride('PolicyDocument.Statement.0.Resource', '*'), message: /kms:Decrypt on everything/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::IAM::Group', { Policies: [{ PolicyDocument: policyOf({ Action: '*', Resource: '*' }) }] }), message: /do everything/ },
  undecidable: (stack) => written(stack, 'Policy', 'AWS::IAM::ManagedPolicy', { PolicyDocument: deployTimeValue(stack) }),
});

const permission = (stack: Stack, properties: Readonly<Record<string, unknown>> = {}) => written(stack, 'Permission', 'AWS::Lambda::Permission', {
  Action: 'lambda:InvokeFunction', FunctionName: 'rotate', Principal: 'secretsmanager.amazonaws.com', SourceArn: secret(stack).ref, ...properties,
});

describeRule('SEC-2.invocation', {
  compliant: {
    'one secret': (stack) => permission(stack),
    'one account': (stack) => permission(stack, { SourceArn: undefined, SourceAccount: '111122223333' }),
    'an organization': (stack) => permission(stack, { SourceArn: undefined, Principal: '*', PrincipalOrgID: 'o-1234567890' }),
  },
  violating: {
    'whatever secret': { build: (stack) => permission(stack, { SourceArn: undefined }), message: /^is not set.*: secretsmanager\.amazonaws\.com, asked by any account/, severity: 'error' },
    'whatever source': { build: (stack) => permission(stack, { SourceArn: '*' }), message: /asked by any account/ },
    'everybody': { build: (stack) => permission(stack, { SourceArn: undefined, Principal: '*' }), message: /everybody may call/ },
  },
  override: { build: (stack) => permission(stack).addPropertyDeletionOverride('SourceArn'), message: /^is not set/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::Lambda::Permission', { Principal: 'events.amazonaws.com' }), message: /^is not set/ },
  undecidable: (stack) => permission(stack, { Principal: deployTimeValue(stack) }),
  notApplicable: { 'an account': (stack) => permission(stack, { Principal: '111122223333', SourceArn: undefined }) },
});
