import type { Stack } from 'aws-cdk-lib';
import { Cluster, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule, type RuleCases } from '../../support/rule-cases';
import { policyOf, written } from '../../support/written';

type Build = RuleCases['compliant'][string];
type Statement = Readonly<Record<string, unknown>>;

const ECS = 'arn:aws:ecs:eu-central-1:111122223333:';
const FAMILY = `${ECS}task-definition/production-llama:*`;
const TASKS = `${ECS}task/models/*`;
const CLUSTER = `${ECS}cluster/models`;
const ROLE = 'arn:aws:iam::111122223333:role/model';
const byCluster = (cluster: unknown): Statement => ({ Condition: { ArnEquals: { 'ecs:cluster': cluster } } });
const FOR_TASKS = { Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } } };

const policy = (stack: Stack, ...statements: Statement[]) => written(stack, 'Policy', 'AWS::IAM::Policy', {
  PolicyName: 'core', PolicyDocument: { Version: '2012-10-17', Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })) },
});
const running = (resource: unknown, more: Statement = {}): Build => (stack) => policy(stack, { Action: 'ecs:RunTask', Resource: resource, ...more });
const stopping = (resource: unknown, more: Statement = {}): Build => (stack) => policy(stack, { Action: ['ecs:StopTask', 'ecs:DescribeTasks'], Resource: resource, ...more });
const role = (stack: Stack): Role => new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });

describeRule('CTR-7.run-task', {
  compliant: {
    'every revision of a family': running(FAMILY, byCluster(CLUSTER)),
    'one revision': (stack) => new FargateTaskDefinition(stack, 'Task').grantRun(role(stack)),
    'a family in the account of the deployment': (stack) => { running(`arn:${stack.partition}:ecs:${stack.region}:${stack.account}:task-definition/llama:*`)(stack); },
    'tasks of a cluster of the template': (stack) => { stopping(`${ECS}task/${new Cluster(stack, 'Cluster').clusterName}/*`)(stack); },
    'whatever is in a cluster': stopping('*', byCluster(CLUSTER)),
    'whatever is in a cluster of the template': (stack) => { stopping('*', byCluster(new Cluster(stack, 'Cluster').clusterArn))(stack); },
    'a service': (stack) => policy(stack, { Action: 'ecs:UpdateService', Resource: `${ECS}service/core/gateway` }),
    'both, each by its name': (stack) => policy(stack, { Action: ['ecs:RunTask', 'ecs:StopTask'], Resource: [FAMILY, TASKS, 'arn:aws:s3:::core/*'] }),
  },
  violating: {
    'whatever there is': { build: running('*'), message: /^lets whoever has it call ecs:RunTask on more than one family or cluster/, severity: 'error' },
    'whatever there is, in a cluster': { build: running('*', byCluster(CLUSTER)), message: /call ecs:RunTask on more/ },
    'every family': { build: running(`${ECS}task-definition/*`), message: /call ecs:RunTask on more/ },
    'families by a beginning': { build: running([FAMILY, `${ECS}task-definition/production-*:1`]), message: /call ecs:RunTask on more/ },
    'tasks of every cluster': { build: stopping(`${ECS}task/*`), message: /call ecs:StopTask on more/ },
    'clusters by a beginning': { build: stopping(`${ECS}task/prod*/*`), message: /call ecs:StopTask on more/ },
    'whatever is in some cluster': { build: stopping('*', byCluster('*')), message: /call ecs:StopTask on more/ },
    'what is not in a cluster': { build: stopping('*', { Condition: { ArnNotEquals: { 'ecs:cluster': CLUSTER } } }), message: /call ecs:StopTask on more/ },
    'services of every cluster': { build: (stack) => policy(stack, { Action: 'ecs:UpdateService', Resource: `${ECS}service/*` }), message: /call ecs:UpdateService on more/ },
    'a shell in every container': { build: (stack) => policy(stack, { Action: 'ecs:ExecuteCommand', Resource: '*' }), message: /call ecs:ExecuteCommand on more/ },
    'families of its own making': { build: (stack) => policy(stack, { Action: 'ecs:Register*', Resource: '*' }), message: /call ecs:RegisterTaskDefinition on more/ },
    'every action': { build: (stack) => policy(stack, { Action: 'ecs:*', Resource: `${ECS}*` }), message: /call ecs:RunTask on more/ },
    'all but some families': { build: (stack) => policy(stack, { Action: 'ecs:RunTask', NotResource: FAMILY }), message: /call ecs:RunTask on everything but these/ },
    'a policy of AWS': { build: (stack) => role(stack).addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('AmazonECS_FullAccess')), message: /^is AmazonECS_FullAccess/ },
  },
  override: { build: (stack) => policy(stack, { Action: 'ecs:RunTask', Resource: FAMILY }).addPropertyOverride('PolicyDocument.Statement.0.Resource', '*'), message: /call ecs:RunTask on more/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::IAM::RolePolicy', { PolicyDocument: policyOf({ Action: ['ecs:StartTask'], Resource: ['*'] }) }), message: /call ecs:StartTask on more/ },
  undecidable: {
    'a resource of the deployment': (stack) => running(deployTimeValue(stack))(stack),
    'a cluster of the deployment': (stack) => stopping('*', byCluster(deployTimeValue(stack)))(stack),
    'a document of the deployment': (stack) => written(stack, 'Policy', 'AWS::IAM::Policy', { PolicyDocument: deployTimeValue(stack) }),
  },
  notApplicable: {
    'who only looks': (stack) => policy(stack, { Action: ['ecs:DescribeTasks', 'ecs:ListTasks'], Resource: '*' }),
    'what is denied': running('*', { Effect: 'Deny' }),
    'another service': (stack) => policy(stack, { Action: '*', Resource: 'arn:aws:s3:::core/*' }),
  },
});

const RUN = { Action: 'ecs:RunTask', Resource: FAMILY };
const passing = (...statements: Statement[]): Build => (stack) => policy(stack, RUN, ...statements.map((statement) => ({ Action: 'iam:PassRole', ...statement })));

describeRule('CTR-7.pass-role', {
  compliant: {
    'one role for tasks': passing({ Resource: ROLE, ...FOR_TASKS }),
    'a role of the template': (stack) => { passing({ Resource: role(stack).roleArn, ...FOR_TASKS })(stack); },
    'a service of the deployment\'s own partition': passing({ Resource: ROLE, Condition: { StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com', 'ecs-tasks.amazonaws.com.cn'] } } }),
    'a role for tasks beside one for a function': passing({ Resource: ROLE, ...FOR_TASKS }, { Resource: '*', Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } } }),
  },
  violating: {
    'every role': { build: passing({ Resource: '*', ...FOR_TASKS }), message: /^lets whoever has it start a task as any of these roles/, severity: 'error' },
    'roles by a beginning': { build: passing({ Resource: [ROLE, 'arn:aws:iam::111122223333:role/prod-*'], ...FOR_TASKS }), message: /as any of these roles/ },
    'all but some': { build: passing({ NotResource: ROLE, ...FOR_TASKS }), message: /as any role but these/ },
    'a role for whatever service': { build: passing({ Resource: ROLE }), message: /^does not say iam:PassedToService/ },
    'a role for some services': { build: passing({ Resource: ROLE, Condition: { StringLike: { 'iam:PassedToService': '*' } } }), message: /^does not say iam:PassedToService/ },
    'a role for tasks and for another service': {
      build: passing({ Resource: ROLE, Condition: { StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com', 'lambda.amazonaws.com'] } } }), message: /^does not say iam:PassedToService/,
    },
    'whoever may start tasks by another policy': {
      build: (stack) => {
        const { ref } = written(stack, 'Role', 'AWS::IAM::Role', { AssumeRolePolicyDocument: {} });
        written(stack, 'Run', 'AWS::IAM::Policy', { PolicyDocument: policyOf({ Action: 'ecs:RunTask', Resource: FAMILY }), Roles: [ref] });
        written(stack, 'Pass', 'AWS::IAM::Policy', { PolicyDocument: policyOf({ Action: 'iam:PassRole', Resource: '*' }), Roles: [ref] });
      },
      message: /as any of these roles/,
    },
  },
  override: {
    build: (stack) => policy(stack, RUN, { Action: 'iam:PassRole', Resource: ROLE, ...FOR_TASKS }).addPropertyDeletionOverride('PolicyDocument.Statement.1.Condition'),
    message: /^does not say iam:PassedToService/,
  },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::IAM::ManagedPolicy', { PolicyDocument: policyOf({ Action: ['ecs:RunTask', 'iam:PassRole'], Resource: '*' }) }), message: /as any of these roles/ },
  undecidable: {
    'a role of the deployment': (stack) => passing({ Resource: deployTimeValue(stack), ...FOR_TASKS })(stack),
    'a service of the deployment': (stack) => passing({ Resource: ROLE, Condition: { StringEquals: { 'iam:PassedToService': deployTimeValue(stack) } } })(stack),
  },
  notApplicable: {
    'who starts no tasks': (stack) => policy(stack, { Action: 'iam:PassRole', Resource: '*' }),
    'who passes nothing': passing(),
  },
});

const service = (stack: Stack, properties: Statement = {}) => written(stack, 'Service', 'AWS::ECS::Service', { TaskDefinition: 'core', ...properties });

describeRule('CTR-7.shell', {
  compliant: {
    'a service of which nothing is said': (stack) => service(stack),
    'a service without a shell': (stack) => service(stack, { EnableExecuteCommand: false }),
  },
  violating: { 'a service with one': { build: (stack) => service(stack, { EnableExecuteCommand: true }), message: /^is true: whoever may call ecs:ExecuteCommand/, severity: 'warning' } },
  override: { build: (stack) => service(stack, { EnableExecuteCommand: false }).addPropertyOverride('EnableExecuteCommand', true), message: /^is true/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::ECS::Service', { EnableExecuteCommand: 'true' }), message: /^is true/ },
  undecidable: (stack) => service(stack, { EnableExecuteCommand: deployTimeValue(stack) }),
});
