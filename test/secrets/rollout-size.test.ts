import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Cluster, FargateService } from 'aws-cdk-lib/aws-ecs';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type IRotatedSecret, PrivateNetwork, RotationRollout } from '../../src';
import { readRollout } from '../../src/runtime/rollout/configuration';
import { SecretRotation } from '../../src/secrets/secret-rotation';
import { ENV } from '../support/network-stack';

/** Names as CloudFormation makes them up: the place in the app, and its own end; a function's has 64 characters at most. */
const ofSecret = (index: number): string => `ProductionCoreInternalKey${String(index).padStart(2, '0')}Secret0A1B2C3D-AbCdEfGhIjKl-XyZabc`;
const ofFunction = (index: number): string => `Production-CoreInternalKeyRotationHandlerFunction${String(index).padStart(2, '0')}-AbCdEfGhIjKl`;
const ofService = (index: number): string => `Production-CoreServiceCluster0A1B2C3D-AbCdEfGhIjKl/Production-CoreService${index}Service0A1B2C3D-AbCdEfGhIjKl`;

const arn = (rest: string): string => `arn:aws:${rest.replace(':', ':eu-central-1:111122223333:')}`;

function rolledOut(secrets: number, services: number): Stack {
  const stack = new Stack(new App(), 'Test', { env: ENV });
  const { vpc } = new PrivateNetwork(stack, 'Network');
  const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'Production-CoreServiceCluster0A1B2C3D-AbCdEfGhIjKl', vpc });
  const holders = Array.from({ length: services }, (_, index) => (
    FargateService.fromFargateServiceAttributes(stack, `Service${index}`, { cluster, serviceArn: arn(`ecs:service/${ofService(index)}`) })));
  const rollout = new RotationRollout(stack, 'Rollout');
  for (let index = 0; index < secrets; index += 1) {
    const secret = Secret.fromSecretCompleteArn(stack, `Secret${index}`, arn(`secretsmanager:secret:${ofSecret(index)}`));
    const rotationFunction = LambdaFunction.fromFunctionArn(stack, `Function${index}`, arn(`lambda:function:${ofFunction(index)}`));
    rollout.roll({ node: secret.node, secret, rotationFunction } as unknown as IRotatedSecret, ...holders);
  }
  return stack;
}

function variableOf(stack: Stack): string {
  const [found] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function', { Properties: { Environment: { Variables: {} } } }))
    .map(({ Properties }) => (Properties as { Environment: { Variables: { ROLLOUT: unknown } } }).Environment.Variables.ROLLOUT);
  if (typeof found === 'string') return found;
  const [, parts] = (found as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
  return parts.map((part) => (typeof part === 'string' ? part : 'aws')).join('');
}

describe('What a roll-out function is told', () => {
  test('is read as it was meant, every ARN whole', () => {
    const { secrets } = readRollout({ ROLLOUT: variableOf(rolledOut(2, 2)) });
    expect(secrets).toEqual([0, 1].map((index) => ({
      secretArn: arn(`secretsmanager:secret:${ofSecret(index)}`),
      rotationFunctionArn: arn(`lambda:function:${ofFunction(index)}`),
      services: [0, 1].map((service) => ({ clusterArn: arn('ecs:cluster/Production-CoreServiceCluster0A1B2C3D-AbCdEfGhIjKl'), serviceArn: arn(`ecs:service/${ofService(service)}`) })),
    })));
  });

  test('has room for 16 secrets that are held by each of two services', () => {
    const stack = rolledOut(16, 2);
    expect(Buffer.byteLength(variableOf(stack)) + 'ROLLOUT'.length).toBeLessThan(4096);
    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });

  test('is refused when the app is synthesized where AWS Lambda would refuse it', () => {
    expect(() => (rolledOut(40, 2).node.root as App).synth())
      .toThrow(/Test\/Rollout\/Handler.* has about \d{4} bytes of variables, \d{4} of them written in ROLLOUT, and AWS Lambda takes 4096\. Let some of the services, .* be rolled by another RotationRollout/);
  });

  test('is told by rules, each of which Amazon EventBridge has room for, and which name every secret and every service once', () => {
    const patternsOf = (stack: Stack, source: string): { source: string[]; resources: string[] }[] => Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'))
      .flatMap(({ Properties }) => (Properties as { EventPattern?: { source: string[]; resources: string[] } }).EventPattern ?? []).filter((pattern) => pattern.source.includes(source));
    for (const patterns of [patternsOf(rolledOut(9, 1), 'aws.secretsmanager'), patternsOf(rolledOut(1, 9), 'aws.ecs')]) {
      expect(patterns.map(({ resources }) => resources.length)).toEqual([8, 1]);
      expect(new Set(patterns.flatMap(({ resources }) => resources)).size).toBe(9);
      for (const pattern of patterns) expect(JSON.stringify(pattern).length).toBeLessThan(2048);
    }
  });
});

const BLOCK = `-----BEGIN CERTIFICATE-----\n${'A'.repeat(1_300)}\n-----END CERTIFICATE-----\n`;

test.each<[string, number, RegExp | undefined]>([
  ['is taken with one authority', 1, undefined],
  ['is refused with a bundle of them', 3, /Test\/Rotation\/Handler.* bytes of variables, \d{4} of them written in ROTATION, and AWS Lambda takes 4096\. Name in ca the one authority/],
])('What a rotation function is told %s', (_, authorities, message) => {
  const app = new App();
  const stack = new Stack(app, 'Test', { env: ENV });
  new SecretRotation(stack, 'Rotation', {
    secret: new Secret(stack, 'Login'),
    network: new PrivateNetwork(stack, 'Network'),
    every: Duration.days(30),
    configuration: {
      kind: 'postgres-user', role: 'core', adminSecretArn: arn('secretsmanager:secret:admin-AbCdEf'), host: 'db.acme.internal', port: 5432, dbname: 'core',
      caPath: '/authorities/1a2b3c4d.pem', ca: BLOCK.repeat(authorities),
    },
  });
  if (message) expect(() => app.synth()).toThrow(message);
  else expect(() => app.synth()).not.toThrow();
});
