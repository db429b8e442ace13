import { type CfnResource, type Stack } from 'aws-cdk-lib';
import { brokered, brokerText, letting, orchestrator, pool, roleOf, stateOf, TOLD } from '../../support/brokered';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { callable, policyOf, written } from '../../support/written';

const state = (change: (table: CfnResource) => unknown) => (stack: Stack): void => {
  brokered(stack);
  change(stateOf(stack));
};
const NO_TTL = /does not remove items by expiresAt/;

describeRule('IDN-12.nonce-store', {
  compliant: {
    'a table by its name': (stack) => brokered(stack),
    'a table by reference': (stack) => brokered(stack, { tables: { jobs: 'jobs', state: stateOf(stack).ref } }),
  },
  violating: {
    'no table': { build: (stack) => brokered(stack, { tables: { jobs: 'jobs', state: '' } }), message: /name no table of nonces/, severity: 'error' },
    'a table of one key': { build: state((table) => table.addPropertyOverride('KeySchema', [{ AttributeName: 'pk', KeyType: 'HASH' }])), message: /is not pk with sk/ },
    'a table of other keys': { build: state((table) => table.addPropertyOverride('KeySchema.1.AttributeName', 'nonce')), message: /is not pk with sk/ },
    'a table that keeps every nonce': { build: state((table) => table.addPropertyDeletionOverride('TimeToLiveSpecification')), message: NO_TTL },
    'a table that forgets by something else': { build: state((table) => table.addPropertyOverride('TimeToLiveSpecification.AttributeName', 'created')), message: NO_TTL },
    'a broker that may not write': {
      build: (stack) => {
        brokered(stack);
        (stack.node.findChild('BrokerState') as CfnResource).addPropertyOverride('PolicyDocument.Statement.0.Action', ['dynamodb:BatchGetItem']);
      },
      message: /may not put items into State/,
    },
  },
  override: { build: (stack) => brokered(stack).addPropertyOverride(TOLD, brokerText({ tables: { jobs: 'jobs' } })), message: /name no table of nonces/ },
  raw: { build: state((table) => table.addPropertyOverride('TimeToLiveSpecification.Enabled', false)), message: NO_TTL },
  undecidable: {
    'a table of none of the templates': (stack) => brokered(stack, { tables: { jobs: 'jobs', state: 'elsewhere' } }),
    'a table known at deployment': (stack) => brokered(stack, { tables: { jobs: 'jobs', state: deployTimeValue(stack) } }),
    'a role of none of the templates': (stack) => brokered(stack).addPropertyOverride('Role', 'arn:aws:iam::111122223333:role/broker'),
    'a configuration of another version': (stack) => brokered(stack, {}, { text: brokerText({ version: 2 }) }),
  },
  notApplicable: { 'a function that is no broker': (stack) => callable(stack, 'Other') },
});

const WRITES = /lets .* write into State, by which a broker knows nonces/;
const writer = (make: (stack: Stack, arn: unknown) => unknown) => (stack: Stack): void => {
  brokered(stack);
  make(stack, stateOf(stack).getAtt('Arn'));
};

describeRule('IDN-12.nonce-writers', {
  compliant: {
    'the broker': (stack) => brokered(stack),
    'what hears of stopped tasks': writer((stack, arn) => {
      written(stack, 'Exit', 'AWS::Lambda::Function', { Role: roleOf(stack, 'ExitRole').getAtt('Arn'), Environment: { Variables: { BROKER_EXIT: '{}' } } });
      letting(stack, roleOf(stack, 'ExitRole'), 'dynamodb:UpdateItem', arn, 'ExitState');
    }),
    'people who read': writer((stack, arn) => letting(stack, roleOf(stack, 'People'), 'dynamodb:GetItem', arn)),
  },
  violating: {
    'the Core': {
      build: writer((stack, arn) => {
        orchestrator(stack);
        letting(stack, roleOf(stack, 'CoreRole'), 'dynamodb:DeleteItem', arn);
      }),
      message: /lets Core write into State/,
      severity: 'error',
    },
    'a worker': {
      build: writer((stack, arn) => {
        pool(stack);
        letting(stack, roleOf(stack, 'PoolRole'), 'dynamodb:PutItem', arn);
      }),
      message: /lets Pool write into State/,
    },
    'what starts a worker': {
      build: writer((stack, arn) => {
        pool(stack);
        letting(stack, roleOf(stack, 'PoolStarter'), 'dynamodb:PutItem', arn);
      }),
      message: /lets what starts Pool write/,
    },
    'a role that nothing of the templates has': { build: writer((stack, arn) => letting(stack, roleOf(stack, 'People'), 'dynamodb:UpdateItem', arn)), message: /lets People write/ },
    'a user': { build: writer((stack, arn) => written(stack, 'User', 'AWS::IAM::User', { Policies: [{ PolicyDocument: policyOf({ Action: 'dynamodb:*', Resource: arn }) }] })), message: /lets User write/ },
    'a policy for whoever is given it': { build: writer((stack, arn) => written(stack, 'Managed', 'AWS::IAM::ManagedPolicy', { PolicyDocument: policyOf({ Action: 'dynamodb:*', Resource: arn }) })), message: /lets whoever is given it write/ },
    'a managed policy that a role names': {
      build: writer((stack, arn) => roleOf(stack, 'People', {
        ManagedPolicyArns: [written(stack, 'Managed', 'AWS::IAM::ManagedPolicy', { PolicyDocument: policyOf({ Action: 'dynamodb:*', Resource: arn }) }).ref],
      })),
      message: /lets People write/,
    },
    'every table': { build: writer((stack) => letting(stack, roleOf(stack, 'People'), 'dynamodb:*', '*')), message: WRITES },
    'the table itself': { build: state((table) => table.addPropertyOverride('ResourcePolicy.PolicyDocument', policyOf({ Principal: '*', Action: 'dynamodb:*', Resource: '*' }))), message: /lets everybody write/ },
    'the table itself, for one role': {
      build: state((table) => table.addPropertyOverride('ResourcePolicy.PolicyDocument', policyOf({ Principal: { AWS: 'arn:aws:iam::111122223333:role/x' }, Action: 'dynamodb:*', Resource: '*' }))),
      message: /lets arn:aws:iam::111122223333:role\/x write/,
    },
    'a table that is tagged, and told to no broker': {
      build: (stack) => {
        stateOf(stack).addPropertyOverride('Tags', [{ Key: 'cdk-secure-core:broker-table', Value: 'state' }]);
        letting(stack, roleOf(stack, 'People'), 'dynamodb:PutItem', stateOf(stack).getAtt('Arn'));
      },
      message: WRITES,
    },
  },
  override: {
    build: (stack) => {
      brokered(stack);
      orchestrator(stack);
      (stack.node.findChild('CoreJobs') as CfnResource).addPropertyOverride('PolicyDocument.Statement.0.Resource', '*');
    },
    message: WRITES,
  },
  raw: { build: writer((stack, arn) => written(stack, 'Raw', 'AWS::IAM::Group', { Policies: [{ PolicyDocument: policyOf({ Action: 'dynamodb:*', Resource: arn }) }] })), message: /lets Raw write/ },
  undecidable: {
    'a resource known at deployment': writer((stack) => letting(stack, roleOf(stack, 'People'), 'dynamodb:PutItem', deployTimeValue(stack))),
    'a role known at deployment': writer((stack, arn) => {
      written(stack, 'Policy', 'AWS::IAM::Policy', { Roles: [deployTimeValue(stack)], PolicyDocument: policyOf({ Action: 'dynamodb:PutItem', Resource: arn }) });
    }),
  },
  notApplicable: {
    'an app without a broker': (stack) => letting(stack, roleOf(stack, 'People'), 'dynamodb:*', '*'),
    'whoever writes somewhere else': (stack) => {
      orchestrator(stack);
    },
  },
});
