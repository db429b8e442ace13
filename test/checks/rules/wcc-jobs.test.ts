import { type CfnResource, type Stack } from 'aws-cdk-lib';
import { FIRST_TO_CLAIM_METADATA } from '../../../src/broker/contract';
import { brokered, brokerText, jobsOf, letting, orchestrator, pool, roleOf, TOLD } from '../../support/brokered';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { callable, policyOf, written } from '../../support/written';

const writer = (make: (stack: Stack, arn: unknown) => unknown) => (stack: Stack): void => {
  brokered(stack);
  pool(stack);
  make(stack, jobsOf(stack).getAtt('Arn'));
};
const WORKER = /lets Pool write into Jobs, which says who may have which credential for which job/;

describeRule('WCC-2.job-writers', {
  compliant: {
    'the orchestrator': (stack) => {
      brokered(stack);
      orchestrator(stack);
    },
    'people': writer((stack, arn) => letting(stack, roleOf(stack, 'People'), 'dynamodb:PutItem', arn)),
  },
  violating: {
    'a worker': { build: writer((stack, arn) => letting(stack, roleOf(stack, 'PoolRole'), 'dynamodb:PutItem', arn)), message: WORKER, severity: 'error' },
    'a worker that is told the table as well': {
      build: (stack) => {
        brokered(stack);
        pool(stack, { Environment: [{ Name: 'WORKER_ID_PREFIX', Value: 'pool' }, { Name: 'WORKER_JOBS_TABLE', Value: 'jobs' }] });
        letting(stack, roleOf(stack, 'PoolRole'), 'dynamodb:PutItem', jobsOf(stack).getAtt('Arn'));
      },
      message: WORKER,
    },
    'a worker that is a function': {
      build: writer((stack, arn) => {
        written(stack, 'Worker', 'AWS::Lambda::Function', { Role: roleOf(stack, 'WorkerRole').getAtt('Arn'), Environment: { Variables: { WORKER_BROKER_URL: 'https://broker.example.com' } } });
        letting(stack, roleOf(stack, 'WorkerRole'), 'dynamodb:PutItem', arn);
      }),
      message: /lets Worker write/,
    },
    'the broker': { build: writer((stack, arn) => letting(stack, roleOf(stack, 'BrokerRole'), ['dynamodb:GetItem', 'dynamodb:PutItem'], arn)), message: /lets Broker write into Jobs/ },
    'what starts the Core': {
      build: writer((stack, arn) => {
        orchestrator(stack, {}, { ExecutionRoleArn: roleOf(stack, 'CoreStarter').getAtt('Arn') });
        letting(stack, roleOf(stack, 'CoreStarter'), 'dynamodb:PutItem', arn);
      }),
      message: /lets what starts Core write/,
    },
    'every table': { build: writer((stack) => letting(stack, roleOf(stack, 'PoolRole'), '*', '*')), message: WORKER },
  },
  override: {
    build: (stack) => {
      brokered(stack);
      (stack.node.findChild('BrokerJobs') as CfnResource).addPropertyOverride('PolicyDocument.Statement.0.Action', 'dynamodb:*');
    },
    message: /lets Broker write into Jobs/,
  },
  raw: {
    build: (stack) => {
      brokered(stack);
      pool(stack);
      roleOf(stack, 'PoolRole').addPropertyOverride('Policies', [{ PolicyName: 'own', PolicyDocument: policyOf({ Action: 'dynamodb:PutItem', Resource: jobsOf(stack).getAtt('Arn') }) }]);
    },
    message: WORKER,
  },
  undecidable: {
    'a resource known at deployment': writer((stack) => letting(stack, roleOf(stack, 'PoolRole'), 'dynamodb:PutItem', deployTimeValue(stack))),
    'a document known at deployment': writer((stack) => written(stack, 'Policy', 'AWS::IAM::Policy', { PolicyDocument: deployTimeValue(stack) })),
  },
  notApplicable: {
    'an app without jobs': (stack) => letting(stack, roleOf(stack, 'People'), 'dynamodb:PutItem', '*'),
    'who is refused': (stack) => {
      jobsOf(stack);
      written(stack, 'Policy', 'AWS::IAM::Policy', { PolicyDocument: { Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] } });
    },
  },
});

const FIRST = { binding: 'first-to-claim' } as const;
const NO_REASON = /is first-to-claim, so whoever asks first has a job's credentials, and nothing says why/;

describeRule('WCC-2.binding', {
  compliant: {
    'jobs that name their worker': (stack) => brokered(stack),
    'a reason for any worker': (stack) => brokered(stack, FIRST, { metadata: { [FIRST_TO_CLAIM_METADATA]: 'Workers pull from a list.' } }),
  },
  violating: {
    'any worker without a reason': { build: (stack) => brokered(stack, FIRST), message: NO_REASON, severity: 'error' },
    'a blank reason': { build: (stack) => brokered(stack, FIRST, { metadata: { [FIRST_TO_CLAIM_METADATA]: ' ' } }), message: NO_REASON },
    'another word': { build: (stack) => brokered(stack, { binding: 'any' } as never), message: /is any, and of assigned, first-to-claim a broker has one/ },
    'nothing': { build: (stack) => brokered(stack, { binding: undefined }), message: /is not set, and of/ },
    'no table of jobs': { build: (stack) => brokered(stack, { tables: { state: 'state' } as never }), message: /name no table of jobs \(tables\.jobs\), so whose a job is nobody says/ },
    'jobs where leases are': { build: (stack) => brokered(stack, { tables: { jobs: 'state', state: 'state' } }), message: /is State, which holds leases as well/ },
  },
  override: { build: (stack) => brokered(stack).addPropertyOverride(TOLD, brokerText(FIRST)), message: NO_REASON },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::Serverless::Function', { Environment: { Variables: { BROKER_CONFIGURATION: brokerText(FIRST) } } }), message: NO_REASON },
  undecidable: {
    'a binding known at deployment': (stack) => brokered(stack, { binding: deployTimeValue(stack) as never }),
    'a table of none of the templates': (stack) => brokered(stack, { tables: { jobs: 'elsewhere', state: 'state' } }),
  },
  notApplicable: { 'a function that is no broker': (stack) => callable(stack, 'Other') },
});
