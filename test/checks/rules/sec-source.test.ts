import { CfnOutput, CfnParameter, Fn, type Stack } from 'aws-cdk-lib';
import { judge } from '../../../src/checks/judge';
import { rawTask, task } from '../../support/containers';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { DYNAMIC_REFERENCE, LOOKS_LIKE_A_SECRET } from '../../support/secrets';
import { written } from '../../support/written';

const FILE = [{ Type: 's3', Value: 'arn:aws:s3:::config/core.env' }];

describeRule('SEC-9.environment-files', {
  compliant: { 'a container without a file': (stack) => task(stack), 'an empty list': (stack) => rawTask(stack, { EnvironmentFiles: [] }) },
  violating: { 'a file': { build: (stack) => task(stack, { environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::config/core.env' }] }), message: /^container core reads variables from a file/, severity: 'error' } },
  override: { build: (stack) => task(stack).addPropertyOverride('ContainerDefinitions.0.EnvironmentFiles', FILE), message: /reads variables from a file/ },
  raw: { build: (stack) => rawTask(stack, { EnvironmentFiles: FILE }), message: /reads variables from a file/ },
  undecidable: (stack) => rawTask(stack, { EnvironmentFiles: deployTimeValue(stack) }),
});

const KEY = LOOKS_LIKE_A_SECRET['an OpenAI key'];
const instance = (stack: Stack, properties: Readonly<Record<string, unknown>> = {}) => written(stack, 'Instance', 'AWS::EC2::Instance', { ImageId: 'ami-0', ...properties });
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const login = (ClientSecret: unknown): Readonly<Record<string, unknown>> => ({ Actions: [{ Type: 'authenticate-oidc', AuthenticateOidcConfig: { ClientId: 'core-admin', ClientSecret } }] });
const connection = (ApiKeyValue: unknown): Readonly<Record<string, unknown>> => ({ AuthorizationType: 'API_KEY', AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'key', ApiKeyValue } } });

describeRule('SEC-9.literals', {
  compliant: {
    'a client secret that a load balancer is given by dynamic reference': (stack) => written(stack, 'Rule', RULE, login(DYNAMIC_REFERENCE)),
    'a key that a connection is given by dynamic reference': (stack) => written(stack, 'Connection', 'AWS::Events::Connection', connection(DYNAMIC_REFERENCE)),
    'a task': (stack) => task(stack),
    'user data': (stack) => instance(stack, { UserData: Fn.base64('#!/bin/sh\necho ready') }),
    'a parameter without a default': (stack) => { new CfnParameter(stack, 'DbPassword', { noEcho: true }); instance(stack); },
    'a parameter with a harmless default': (stack) => { new CfnParameter(stack, 'ImageTag', { default: 'v1' }); instance(stack); },
    'a value of the deployment': (stack) => instance(stack, { UserData: deployTimeValue(stack) }),
  },
  violating: {
    ...Object.fromEntries(Object.entries(LOOKS_LIKE_A_SECRET).map(([what, value]) => [`${what} in a parameter store`, {
      build: (stack: Stack) => written(stack, 'Parameter', 'AWS::SSM::Parameter', { Type: 'String', Value: value }), message: /^has something in it that looks like a credential/, severity: 'error' as const,
    }])),
    'a key in user data': { build: (stack) => instance(stack, { UserData: Fn.base64(`#!/bin/sh\nexport KEY=${KEY}`) }), message: /looks like a credential/ },
    'a key within a list': { build: (stack) => instance(stack, { Tags: [{ Key: 'note', Value: KEY }] }), message: /looks like a credential/ },
    'a key in metadata': { build: (stack) => { instance(stack).addMetadata('note', { text: KEY }); }, message: /looks like a credential/ },
    'a key in the environment of a batch job': { build: (stack) => written(stack, 'Job', 'AWS::Batch::JobDefinition', { ContainerProperties: { Environment: [{ Name: 'X', Value: KEY }] } }), message: /looks like a credential/ },
    'a dynamic reference': { build: (stack) => instance(stack, { UserData: Fn.base64(DYNAMIC_REFERENCE) }), message: /^has a secret by dynamic reference/ },
    'a client secret that is written out': { build: (stack) => written(stack, 'Rule', RULE, login(KEY)), message: /looks like a credential/ },
    'a key of a connection that is written out': { build: (stack) => written(stack, 'Connection', 'AWS::Events::Connection', connection(KEY)), message: /looks like a credential/ },
    'a dynamic reference in what a load balancer answers': {
      build: (stack) => written(stack, 'Rule', RULE, { Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200', MessageBody: DYNAMIC_REFERENCE } }] }), message: /^has a secret by dynamic reference/,
    },
    'a key in an output': { build: (stack) => { new CfnOutput(stack, 'Out', { value: KEY }); task(stack); }, message: /looks like a credential/ },
    'a default of a password': { build: (stack) => { new CfnParameter(stack, 'DbPassword', { default: 'T7#kq2!vR9' }); task(stack); }, message: /^parameter DbPassword has a default that is written out/ },
  },
  override: { build: (stack) => instance(stack).addPropertyOverride('UserData', KEY), message: /looks like a credential/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::StepFunctions::StateMachine', { DefinitionString: `{"key":"${KEY}"}` }), message: /looks like a credential/ },
  undecidable: (stack) => instance(stack, { UserData: Fn.base64(`postgres://core:${deployTimeValue(stack)}@db/core`) }),
});

test('What a template says of itself is read once, beside the first resource with text of its own', () => {
  const resources = { One: { Type: 'AWS::SSM::Parameter', Properties: {} }, Two: { Type: 'AWS::SSM::Parameter', Properties: {} } };
  const { findings } = judge([{ name: 'Stack', body: { Description: KEY, Resources: resources } }]);
  expect(findings.map(({ rule, logicalId, path }) => ({ rule, logicalId, path }))).toEqual([{ rule: 'SEC-9.literals', logicalId: 'One', path: 'Description' }]);
  expect(findings[0]?.message).not.toContain(KEY);
});
