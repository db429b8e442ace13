import { type CfnResource, type Stack } from 'aws-cdk-lib';
import { brokered, credentialOf, jobsOf, letting, mastersOf, orchestrator, OWN, pool, poolService, READ, ringOf, roleOf, stateOf } from '../../support/brokered';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { callable, policyOf, secret, written } from '../../support/written';

const beside = (make: (stack: Stack) => unknown) => (stack: Stack): void => {
  brokered(stack);
  pool(stack);
  make(stack);
};
/** Lets the workers do something. */
const workers = (action: string, resource: (stack: Stack) => unknown) => beside((stack) => letting(stack, roleOf(stack, 'PoolRole'), action, resource(stack)));
const brokerOf = (stack: Stack): CfnResource => stack.node.findChild('Broker') as CfnResource;
const brokerArn = (stack: Stack): unknown => brokerOf(stack).getAtt('Arn');
/** Lets the workers call whatever is not one thing. */
const exceptFor = (resource: (stack: Stack) => unknown) =>
  beside((stack) => letting(stack, roleOf(stack, 'PoolRole'), 'lambda:InvokeFunction', undefined).addPropertyOverride('PolicyDocument.Statement.0.NotResource', resource(stack)));
const managed = (arn: unknown) => (stack: Stack): void => {
  brokered(stack);
  roleOf(stack, 'PoolRole', { ManagedPolicyArns: [arn] });
  pool(stack);
};
const has = (what: string): RegExp => new RegExp(`lets a worker have ${what} without asking the broker`);

describeRule('WCC-4.no-way-around', {
  compliant: {
    'a role that lets workers do nothing': (stack) => {
      brokered(stack);
      pool(stack);
    },
    'no role': (stack) => pool(stack, {}, { TaskRoleArn: undefined }),
    'another secret': workers(READ, (stack) => secret(stack, {}, {}, 'Redis').ref),
    'another function': workers('lambda:InvokeFunction', (stack) => callable(stack, 'Other').getAtt('Arn')),
    'another function, by patterns': workers('lambda:*', () => 'arn:aws:lambda:eu-central-1:111122223333:function:other:*'),
    'every function but the broker': exceptFor(brokerArn),
    'policies of another role': workers('iam:PutRolePolicy', () => 'arn:aws:iam::444455556666:role/device'),
    'another role': workers('sts:AssumeRole', () => 'arn:aws:iam::444455556666:role/device'),
    'another table': workers('dynamodb:GetItem', (stack) => written(stack, 'Orders', 'AWS::DynamoDB::Table').getAtt('Arn')),
    'a function that writes logs': managed('arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'),
  },
  violating: {
    'a credential of devices': { build: workers(READ, (stack) => credentialOf(stack).ref), message: has('Credential'), severity: 'error' },
    'a parameter that the broker lends out': {
      build: workers('ssm:GetParameters', () => 'arn:aws:ssm:eu-central-1:111122223333:parameter/production/*'), message: has('parameter /production/switch'),
    },
    'what all workers sign with': { build: workers(READ, (stack) => ringOf(stack).ref), message: has('Ring') },
    'what the keys of all workers are made from': {
      build: (stack) => {
        brokered(stack, { phase: OWN });
        pool(stack);
        letting(stack, roleOf(stack, 'PoolRole'), READ, mastersOf(stack).ref);
      },
      message: has('Masters'),
    },
    'jobs': { build: workers('dynamodb:Query', (stack) => jobsOf(stack).getAtt('Arn')), message: has('Jobs') },
    ...Object.fromEntries(['ExportTableToPointInTime', 'RestoreTableToPointInTime', 'PutResourcePolicy'].map((action) =>
      [`${action} of leases`, { build: workers(`dynamodb:${action}`, (stack) => stateOf(stack).getAtt('Arn')), message: has('State') }])),
    'leases': { build: workers('dynamodb:GetItem', (stack) => stateOf(stack).getAtt('Arn')), message: has('State') },
    'a call of the broker, which invites workers': {
      build: workers('lambda:InvokeFunction', brokerArn), message: has('a call of Broker'),
    },
    'a call of every function': { build: workers('lambda:Invoke*', () => 'arn:aws:lambda:eu-central-1:111122223333:function:*'), message: has('a call of Broker') },
    ...Object.fromEntries(['InvokeAsync', 'InvokeFunctionUrl'].map((call) => [`${call} of the broker`, { build: workers(`lambda:${call}`, brokerArn), message: has('a call of Broker') }])),
    'a call of an alias of the broker': {
      build: workers('lambda:InvokeFunction', (stack) => written(stack, 'Alias', 'AWS::Lambda::Alias', { FunctionName: brokerOf(stack).ref }).ref), message: has('a call of Broker'),
    },
    'a call of any of its versions': { build: workers('lambda:InvokeFunction', (stack) => `${brokerOf(stack).getAtt('Arn').toString()}:*`), message: has('a call of Broker') },
    'a call of one version, by patterns': { build: workers('lambda:InvokeFunction', () => 'arn:aws:lambda:eu-central-1:111122223333:function:Bro*:live'), message: has('a call of Broker') },
    'a call of whatever is no version': {
      build: exceptFor((stack) => written(stack, 'Version', 'AWS::Lambda::Version', { FunctionName: brokerOf(stack).ref }).ref),
      message: has('a call of Broker'),
    },
    'a call of what ends leases': {
      build: workers('lambda:InvokeFunction', (stack) => written(stack, 'Exit', 'AWS::Lambda::Function', { Environment: { Variables: { BROKER_EXIT: '{}' } } }).getAtt('Arn')),
      message: has('a call of Exit'),
    },
    ...Object.fromEntries(['UpdateFunctionCode', 'UpdateFunctionConfiguration', 'AddPermission', 'Update*'].map((change) =>
      [`${change} of the broker`, { build: workers(`lambda:${change}`, brokerArn), message: has('a say in what Broker does and who calls it') }])),
    ...Object.fromEntries(['PutRolePolicy', 'AttachRolePolicy', 'UpdateAssumeRolePolicy'].flatMap((change) => ['PoolRole', 'BrokerRole'].map((id) =>
      [`${change} of ${id}`, { build: workers(`iam:${change}`, (stack) => roleOf(stack, id).getAtt('Arn')), message: has(`a say in what the role ${id} may do`) }]))),
    'the policy of a credential': { build: workers('secretsmanager:PutResourcePolicy', (stack) => credentialOf(stack).ref), message: has('Credential') },
    'the broker\'s role, for a function of its own': { build: workers('iam:PassRole', (stack) => roleOf(stack, 'BrokerRole').getAtt('Arn')), message: has('the role BrokerRole') },
    'the broker\'s role': { build: workers('sts:AssumeRole', (stack) => roleOf(stack, 'BrokerRole').getAtt('Arn')), message: has('the role BrokerRole') },
    'every role': { build: workers('sts:AssumeRole', () => 'arn:aws:iam::111122223333:role/*'), message: has('the role BrokerRole') },
    'everything': { build: workers('*', () => '*'), message: /without asking the broker/ },
    'a credential that is handed out at the start': {
      build: (stack) => {
        brokered(stack);
        pool(stack, { Secrets: [{ Name: 'ROUTER', ValueFrom: `${credentialOf(stack).ref}:password::` }] });
      },
      message: /fills ROUTER of a worker from Credential, a credential of devices/,
    },
    'a policy of AWS': { build: managed('arn:aws:iam::aws:policy/SecretsManagerReadWrite'), message: /is SecretsManagerReadWrite, which lets a worker have what the broker keeps/ },
    'a managed policy of the templates': {
      build: (stack) => managed(written(stack, 'Managed', 'AWS::IAM::ManagedPolicy', { PolicyDocument: policyOf({ Action: READ, Resource: credentialOf(stack).ref }) }).ref)(stack),
      message: has('Credential'),
    },
    'a worker that is a function': {
      build: (stack) => {
        written(stack, 'Worker', 'AWS::Lambda::Function', { Role: roleOf(stack, 'WorkerRole').getAtt('Arn'), Environment: { Variables: { WORKER_BROKER_URL: 'https://broker.example.com' } } });
        letting(stack, roleOf(stack, 'WorkerRole'), READ, credentialOf(stack).ref);
      },
      message: has('Credential'),
    },
  },
  override: {
    build: beside((stack) => {
      const policy = letting(stack, roleOf(stack, 'PoolRole'), 'dynamodb:GetItem', 'arn:aws:dynamodb:eu-central-1:111122223333:table/orders');
      policy.addPropertyOverride('PolicyDocument.Statement.0.Resource', stateOf(stack).getAtt('Arn'));
    }),
    message: has('State'),
  },
  raw: {
    build: beside((stack) => roleOf(stack, 'PoolRole').addPropertyOverride('Policies', [{ PolicyDocument: policyOf({ Action: READ, Resource: credentialOf(stack).ref }) }])),
    message: has('Credential'),
  },
  undecidable: {
    'a role of none of the templates': (stack) => pool(stack, {}, { TaskRoleArn: 'arn:aws:iam::111122223333:role/worker' }),
    'a resource known at deployment': workers(READ, (stack) => deployTimeValue(stack)),
    'a policy of none of the templates': managed('arn:aws:iam::111122223333:policy/ours'),
  },
  notApplicable: {
    'what writes jobs': (stack) => {
      brokered(stack);
      orchestrator(stack);
    },
    'a function that is no worker': (stack) => callable(stack, 'Other'),
  },
});

const OFF = /is not on with Rollback, so workers that cannot prove themselves in the next phase replace those that can/;
const service = (properties: object) => (stack: Stack): CfnResource => poolService(stack, { ...properties });

describeRule('WCC-10.circuit-breaker', {
  compliant: { 'workers that are taken back': (stack) => poolService(stack) },
  violating: {
    'no circuit breaker': { build: service({ DeploymentConfiguration: undefined }), message: OFF, severity: 'error' },
    'one that is off': { build: service({ DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: false, Rollback: true } } }), message: OFF },
    'one that only stops': { build: service({ DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: false } } }), message: OFF },
    'alarms instead': { build: service({ DeploymentConfiguration: { Alarms: { Enable: true, Rollback: true, AlarmNames: ['x'] } } }), message: OFF },
  },
  override: { build: (stack) => poolService(stack).addPropertyOverride('DeploymentConfiguration.DeploymentCircuitBreaker.Rollback', false), message: OFF },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::ECS::Service', { TaskDefinition: pool(stack).ref }), message: OFF },
  undecidable: {
    'a setting known at deployment': (stack) => poolService(stack, { DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: deployTimeValue(stack), Rollback: true } } }),
    'workers that something else deploys': service({ DeploymentController: { Type: 'CODE_DEPLOY' } }),
  },
  notApplicable: {
    'a service of no workers': (stack) => written(stack, 'Service', 'AWS::ECS::Service', { TaskDefinition: orchestrator(stack).ref }),
    'a task of none of the templates': (stack) => written(stack, 'Service', 'AWS::ECS::Service', { TaskDefinition: 'core:1' }),
  },
});
