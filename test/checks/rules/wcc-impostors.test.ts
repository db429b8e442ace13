import { type CfnResource, type Stack } from 'aws-cdk-lib';
import { EXIT_VARIABLE, SWEEP_VARIABLE } from '../../../src/broker/contract';
import { brokered, brokerText, roleOf } from '../../support/brokered';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { callable, permission, written } from '../../support/written';

const BALANCER = 'elasticloadbalancing.amazonaws.com';
const OWN = { SourceAccount: '111122223333' };

/** Lets somebody call the broker. */
const calls = (principal: unknown, properties: Readonly<Record<string, unknown>> = {}) => (stack: Stack): CfnResource =>
  permission(stack, brokered(stack), BALANCER, { Principal: principal, ...properties });
/** What works on a broker's state, and who may call it. */
const beside = (name: string, principal: string) => (stack: Stack): CfnResource => {
  brokered(stack);
  return permission(stack, written(stack, 'Exit', 'AWS::Lambda::Function', { Environment: { Variables: { [name]: '{}' } } }), principal, OWN);
};
const mayCall = (who: string): RegExp => new RegExp(`is ${who}, which may then call Broker without a signature`);

describeRule('WCC-1.callers', {
  compliant: {
    'a load balancer of the account': calls(BALANCER, OWN),
    'load balancers by their target groups': calls(BALANCER, { SourceArn: 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/*' }),
    'events for what ends leases': beside(EXIT_VARIABLE, 'events.amazonaws.com'),
    'events for what has credentials rotated': beside(SWEEP_VARIABLE, 'events.amazonaws.com'),
  },
  violating: {
    'a load balancer of anybody': { build: calls(BALANCER), message: mayCall(BALANCER), severity: 'error' },
    'another account': { build: calls('444455556666'), message: mayCall('444455556666') },
    'its own account': { build: (stack) => calls({ Ref: 'AWS::AccountId' })(stack), message: mayCall('\\$\\{AWS::AccountId\\}') },
    'everybody of an organization': { build: calls('*', { PrincipalOrgID: 'o-1234567890' }), message: mayCall('\\*') },
    'an API': { build: calls('apigateway.amazonaws.com', OWN), message: mayCall('apigateway.amazonaws.com') },
    'events for the broker itself': { build: calls('events.amazonaws.com', OWN), message: mayCall('events.amazonaws.com') },
    'the role of a worker': { build: (stack) => calls(roleOf(stack, 'PoolRole').getAtt('Arn'))(stack), message: /which may then call Broker without a signature/ },
    'a load balancer for what ends leases': { build: beside(EXIT_VARIABLE, BALANCER), message: /may then call Exit without a signature: events\.amazonaws\.com may/ },
    'an alias of the broker': {
      build: (stack) => {
        const alias = written(stack, 'Alias', 'AWS::Lambda::Alias', { FunctionName: brokered(stack).ref });
        written(stack, 'Permission', 'AWS::Lambda::Permission', { FunctionName: alias.ref, Action: 'lambda:InvokeFunction', Principal: '444455556666' });
      },
      message: mayCall('444455556666'),
    },
    'the broker by its name': {
      build: (stack) => {
        brokered(stack).addPropertyOverride('FunctionName', 'lender');
        written(stack, 'Permission', 'AWS::Lambda::Permission', { FunctionName: '111122223333:function:lender:live', Action: 'lambda:InvokeFunction', Principal: '444455556666' });
      },
      message: mayCall('444455556666'),
    },
  },
  override: { build: (stack) => calls(BALANCER, OWN)(stack).addPropertyOverride('Principal', '444455556666'), message: mayCall('444455556666') },
  raw: {
    build: (stack) => written(stack, 'Raw', 'AWS::Lambda::Permission', { FunctionName: brokered(stack).ref, Action: 'lambda:*', Principal: '444455556666', Qualifier: 'live' }),
    message: mayCall('444455556666'),
  },
  undecidable: {
    'a principal known at deployment': (stack) => calls(deployTimeValue(stack))(stack),
    'a function known at deployment': (stack) => calls('444455556666', { FunctionName: deployTimeValue(stack) })(stack),
  },
  notApplicable: {
    'another function': (stack) => {
      brokered(stack);
      permission(stack, callable(stack, 'Other'), '444455556666');
    },
    'a load balancer and a function known at deployment': (stack) => calls(BALANCER, { FunctionName: deployTimeValue(stack), ...OWN })(stack),
    'functions where there is no broker': (stack) => permission(stack, callable(stack, 'Other'), '444455556666'),
  },
});

/** A broker that is told one thing more. */
const told = (name: string, value: unknown) => (stack: Stack): CfnResource =>
  brokered(stack, {}, { properties: { Environment: { Variables: { BROKER_CONFIGURATION: brokerText(), [name]: value } } } });
const turned = (name: string): RegExp => new RegExp(`is what Broker is told as ${name}: whoever stands there answers it in place of AWS`);
const turning = (name: string, value: string) => ({ build: told(name, value), message: turned(name) });

describeRule('WCC-1.asks-aws', {
  compliant: {
    'its configuration alone': (stack) => brokered(stack),
    'something else': told('LOG_LEVEL', 'info'),
    'a variable that is empty': told('NODE_OPTIONS', ''),
  },
  violating: {
    'another STS': { ...turning('AWS_ENDPOINT_URL_STS', 'https://sts.example.com'), severity: 'error' },
    'another AWS': turning('AWS_ENDPOINT_URL', 'https://aws.example.com'),
    'certificates that nobody checks': turning('NODE_TLS_REJECT_UNAUTHORIZED', '0'),
    'certificates of somebody else': turning('NODE_EXTRA_CA_CERTS', '/opt/ca.pem'),
    'code that runs before': turning('NODE_OPTIONS', '--require /opt/first.js'),
    'a program that runs instead': turning('AWS_LAMBDA_EXEC_WRAPPER', '/opt/wrapper'),
    'what ends leases': {
      build: (stack) => written(stack, 'Exit', 'AWS::Lambda::Function', { Environment: { Variables: { [EXIT_VARIABLE]: '{}', AWS_ENDPOINT_URL_DYNAMODB: 'https://tables.example.com' } } }),
      message: /is what Exit is told as AWS_ENDPOINT_URL_DYNAMODB/,
    },
  },
  override: {
    build: (stack) => brokered(stack).addPropertyOverride('Environment.Variables.AWS_ENDPOINT_URL_SECRETS_MANAGER', 'https://secrets.example.com'),
    message: turned('AWS_ENDPOINT_URL_SECRETS_MANAGER'),
  },
  raw: {
    build: (stack) => written(stack, 'Raw', 'AWS::Lambda::Function', { Environment: { Variables: { BROKER_CONFIGURATION: brokerText(), NODE_TLS_REJECT_UNAUTHORIZED: 0 } } }),
    message: /is what Raw is told as NODE_TLS_REJECT_UNAUTHORIZED/,
  },
  undecidable: (stack) => told('AWS_ENDPOINT_URL', deployTimeValue(stack))(stack),
  notApplicable: {
    'a function that is no broker': (stack) => written(stack, 'Other', 'AWS::Lambda::Function', { Environment: { Variables: { NODE_OPTIONS: '--enable-source-maps' } } }),
  },
});

const LAMBDA = { Service: 'lambda.amazonaws.com' };
const trusting = (...statements: readonly object[]): Readonly<Record<string, unknown>> => ({
  AssumeRolePolicyDocument: { Statement: statements.map((statement) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement })) },
});
/** A broker whose role somebody may take. */
const takenBy = (principal: unknown) => (stack: Stack): unknown => {
  roleOf(stack, 'BrokerRole', trusting({ Principal: LAMBDA }, { Principal: principal }));
  return brokered(stack);
};
const TAKEN = /may take the role of a broker, and reads then what it reads/;

describeRule('WCC-4.broker-role', {
  compliant: {
    'Lambda alone': takenBy({ Service: ['lambda.amazonaws.com'] }),
    'nobody': (stack) => brokered(stack),
    'a role that AWS SAM makes': (stack) => written(stack, 'Sam', 'AWS::Serverless::Function', { Environment: { Variables: { BROKER_CONFIGURATION: brokerText() } } }),
  },
  violating: {
    'the role of a worker': { build: (stack) => takenBy({ AWS: roleOf(stack, 'PoolRole').getAtt('Arn') })(stack), message: TAKEN, severity: 'error' },
    'its account': { build: takenBy({ AWS: 'arn:aws:iam::111122223333:root' }), message: TAKEN },
    'everybody': { build: takenBy('*'), message: TAKEN },
    'another service': { build: takenBy({ Service: ['lambda.amazonaws.com', 'ecs-tasks.amazonaws.com'] }), message: TAKEN },
    'an identity provider': { build: takenBy({ Federated: 'accounts.example.com' }), message: TAKEN },
    'everybody but one': {
      build: (stack) => {
        roleOf(stack, 'BrokerRole', trusting({ NotPrincipal: { AWS: '444455556666' } }));
        brokered(stack);
      },
      message: /lets everybody but these take the role of a broker/,
    },
    'what ends leases': {
      build: (stack) => written(stack, 'Exit', 'AWS::Lambda::Function', {
        Role: roleOf(stack, 'ExitRole', trusting({ Principal: { AWS: '444455556666' } })).getAtt('Arn'), Environment: { Variables: { [EXIT_VARIABLE]: '{}' } },
      }),
      message: TAKEN,
    },
  },
  override: {
    build: (stack) => {
      takenBy(LAMBDA)(stack);
      roleOf(stack, 'BrokerRole').addPropertyOverride('AssumeRolePolicyDocument.Statement.1.Principal', { AWS: '444455556666' });
    },
    message: TAKEN,
  },
  raw: {
    build: (stack) => {
      const role = written(stack, 'Raw', 'AWS::IAM::Role', trusting({ Principal: { AWS: '444455556666' } }));
      brokered(stack, {}, { properties: { Role: role.getAtt('Arn') } });
    },
    message: TAKEN,
  },
  undecidable: {
    'a role of none of the templates': (stack) => brokered(stack, {}, { properties: { Role: 'arn:aws:iam::111122223333:role/broker' } }),
    'a principal known at deployment': (stack) => takenBy({ AWS: deployTimeValue(stack) })(stack),
    'a policy known at deployment': (stack) => {
      roleOf(stack, 'BrokerRole', { AssumeRolePolicyDocument: deployTimeValue(stack) });
      brokered(stack);
    },
  },
  notApplicable: {
    'a role of another function': (stack) => written(stack, 'Other', 'AWS::Lambda::Function', { Role: roleOf(stack, 'OtherRole', trusting({ Principal: { AWS: '444455556666' } })).getAtt('Arn') }),
  },
});
