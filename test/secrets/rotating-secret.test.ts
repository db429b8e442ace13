import { App, Duration, Lazy, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { PrivateNetwork } from '../../src/network/private-network';
import { RotatingSecret, type RotatingSecretProps } from '../../src/secrets/rotating-secret';
import { Rotation } from '../../src/secrets/rotation';
import { RotationRollout } from '../../src/secrets/rotation-rollout';
import { Rollout } from '../../src/secrets/rollout';
import { rotationBehind } from '../../src/secrets/secret-rotation';
import { SecretKind } from '../../src/secrets/secret-kind';
import { ENV, endpoints } from '../support/network-stack';

function place(app = new App(), id = 'Data'): { stack: Stack; network: PrivateNetwork } {
  const stack = new Stack(app, id, { env: ENV });
  return { stack, network: new PrivateNetwork(stack, 'Network') };
}

function made(props: Partial<RotatingSecretProps> = {}): { stack: Stack; ring: RotatingSecret } {
  const { stack, network } = place();
  return { stack, ring: new RotatingSecret(stack, 'Ring', { kind: SecretKind.randomValue(), network, ...props }) };
}

function serviceIn(stack: Stack, network: PrivateNetwork, ring: RotatingSecret, id = 'Service'): ecs.FargateService {
  const task = new ecs.FargateTaskDefinition(stack, `${id}Task`);
  task.addContainer('Core', { image: ecs.ContainerImage.fromRegistry('core'), secrets: { KEY: ring.current } });
  const cluster = new ecs.Cluster(stack, `${id}Cluster`, { vpc: network.vpc });
  const service = new ecs.FargateService(stack, id, { cluster, taskDefinition: task, vpcSubnets: network.coreSubnets });
  service.node.addDependency(ring.ready);
  return service;
}

interface Statement { readonly Sid?: string; readonly Action: string | string[]; readonly Resource: unknown; readonly Condition?: unknown }

function statementsOf(template: Template, policy: RegExp): Statement[] {
  return Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) => policy.test(id))
    .flatMap(([, { Properties }]) => (Properties as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument.Statement);
}

const SECRET = { Ref: expect.stringMatching(/^RingSecret/) as string };
const KEY = { 'Fn::GetAtt': [expect.stringMatching(/^RingKey/), 'Arn'] };
const VIA = { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['secretsmanager.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } } };

describe('RotatingSecret', () => {
  test('has CloudFormation make a seed of 32 bytes in hexadecimal digits, encrypted with a key of its own', () => {
    Template.fromStack(made().stack).hasResource('AWS::SecretsManager::Secret', {
      Properties: {
        KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^RingKey'), 'Arn'] },
        GenerateSecretString: {
          SecretStringTemplate: '{}', GenerateStringKey: 'seed', PasswordLength: 64, ExcludeCharacters: 'ghijklmnopqrstuvwxyz', ExcludeUppercase: true, ExcludePunctuation: true,
          RequireEachIncludedType: false,
        },
        Tags: [{ Key: 'cdk-secure-core:rotates', Value: 'ring' }],
        Name: Match.absent(),
      },
      // But for a stack that never came up: the next attempt would meet its name.
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('renews it every 30 days unless it is told otherwise, and not at the deployment', () => {
    const rules = (props?: Partial<RotatingSecretProps>): Record<string,
      unknown> => Object.values(Template.fromStack(made(props).stack).findResources('AWS::SecretsManager::RotationSchedule'))[0]?.Properties as Record<string, unknown>;
    expect(rules()).toMatchObject({ RotationRules: { AutomaticallyAfterDays: 30 }, RotateImmediatelyOnUpdate: false, SecretId: SECRET });
    expect(rules({ rotation: Rotation.every(Duration.days(7)) }).RotationRules).toEqual({ AutomaticallyAfterDays: 7 });
  });

  test('lets Secrets Manager call its function for this secret and this account alone', () => {
    const permissions = Object.values(Template.fromStack(made().stack).findResources('AWS::Lambda::Permission')).map(({ Properties }) => Properties as { Principal: string });
    expect(permissions.filter(({ Principal }) => Principal === 'secretsmanager.amazonaws.com')).toEqual([{
      Action: 'lambda:InvokeFunction', FunctionName: { 'Fn::GetAtt': [expect.stringMatching(/^RingRotationHandlerFunction/), 'Arn'] }, Principal: 'secretsmanager.amazonaws.com',
      SourceAccount: ENV.account, SourceArn: SECRET,
    }]);
    expect(permissions).toHaveLength(2);
  });

  test('lets its function use this secret, its key through Secrets Manager, its log, and nothing else', () => {
    expect(statementsOf(Template.fromStack(made().stack), /^RingRotationHandlerRole/)).toEqual([
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: { 'Fn::GetAtt': [expect.stringMatching(/^RingRotationHandlerLog/), 'Arn'] } },
      {
        Effect: 'Allow', Sid: 'AddressesByLambda', Resource: '*', Condition: { Null: { 'lambda:SourceFunctionArn': 'true' } },
        Action: ['ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:UnassignPrivateIpAddresses'],
      },
      {
        Effect: 'Allow', Sid: 'ThisSecret', Resource: SECRET,
        Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:ListSecretVersionIds', 'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'],
      },
      { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: KEY, Condition: VIA },
    ]);
  });

  test('needs endpoints for its log and its secret, and none for the addresses that Lambda makes', () => {
    expect(Object.keys(endpoints(made().stack))).toEqual(['logs', 'secretsmanager']);
  });

  test('runs in the core tier, after its permissions, and lets nothing out but to AWS services', () => {
    const template = Template.fromStack(made().stack);
    const [handler] = Object.values(template.findResources('AWS::Lambda::Function', { Properties: { VpcConfig: Match.anyValue() } }));
    expect(handler?.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^RingRotationHandlerRoleDefaultPolicy/)]));
    expect(JSON.stringify(handler?.Properties)).toContain('NetworkVpcCoreSubnet1');
    expect(JSON.stringify(template.findResources('AWS::EC2::SecurityGroup'))).not.toContain('"CidrIp":"0.0.0.0/0","Description":"Allow all outbound');
  });

  test('tells its function ids, and whether somebody rolls it out', () => {
    const { stack, network } = place();
    const ring = new RotatingSecret(stack, 'Ring', { kind: SecretKind.hmacKey(), network });
    const told = (): string => JSON.stringify(Template.fromStack(stack).findResources('AWS::Lambda::Function', { Properties: { Runtime: 'nodejs24.x' } }));
    new RotationRollout(stack, 'Rollout').roll(ring, serviceIn(stack, network, ring));
    expect(told()).toMatch(/\\\\?"isRolledOut\\\\?":true/);
    expect(JSON.stringify(Template.fromStack(made().stack).findResources('AWS::Lambda::Function'))).toMatch(/\\\\?"isRolledOut\\\\?":false/);
  });

  test('sounds when a run fails, when the value is two days late, and when nobody has said how old it is for two days', () => {
    const { stack, network } = place();
    new RotatingSecret(stack, 'Ring', { kind: SecretKind.randomValue(), network, alarmTopic: new Topic(stack, 'Topic') });
    const template = Template.fromStack(stack);
    const actions = { AlarmActions: [{ Ref: Match.stringLikeRegexp('^Topic') }], OKActions: [{ Ref: Match.stringLikeRegexp('^Topic') }] };
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'Errors', Threshold: 1, TreatMissingData: 'notBreaching', ComparisonOperator: 'GreaterThanOrEqualToThreshold', ...actions });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'SecureCore/Secrets', MetricName: 'AgeDays', Dimensions: [{ Name: 'Secret', Value: { Ref: Match.stringLikeRegexp('^RingSecret') } }],
      Threshold: 32, ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 2, Period: 86400, TreatMissingData: 'breaching', ...actions,
    });
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 day)' });
  });

  test('is made good for something before it is scheduled, and before a service that waits for it starts', () => {
    const { stack, network } = place();
    const ring = new RotatingSecret(stack, 'Ring', { kind: SecretKind.randomValue(), network });
    serviceIn(stack, network, ring);
    const template = Template.fromStack(stack);
    for (const type of ['AWS::SecretsManager::RotationSchedule', 'AWS::ECS::Service']) {
      expect(Object.values(template.findResources(type))[0]?.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^RingRotationEnsure/)]));
    }
  });

  test('gives containers its three fields, which lead back to what renews them', () => {
    const { stack, ring } = made();
    for (const field of ['current', 'previous', 'next'] as const) {
      expect(JSON.stringify(stack.resolve(ring[field].arn))).toContain(`:${field}::`);
      expect(rotationBehind(stack, ring[field])?.secret).toBe(ring.secret);
    }
    expect(rotationBehind(stack, ecs.Secret.fromSecretsManager(ring.secret, 'current'))?.secret).toBe(ring.secret);
    expect(rotationBehind(stack, ecs.Secret.fromSecretsManager(new Secret(stack, 'Other')))).toBeUndefined();
  });

  test('stands in one stack and is used in another', () => {
    const app = new App();
    const { stack, network } = place(app);
    const ring = new RotatingSecret(stack, 'Ring', { kind: SecretKind.randomValue(), network });
    const other = new Stack(app, 'Core', { env: ENV });
    new RotationRollout(other, 'Rollout').roll(ring, serviceIn(other, network, ring));
    expect(() => app.synth()).not.toThrow();
    expect(other.dependencies).toContain(stack);
    expect(stack.dependencies).toEqual([]);
  });

  test('leaves nothing to AwsSolutions that is not answered', () => {
    const app = new App();
    const { stack, network } = place(app);
    new RotatingSecret(stack, 'Ring', { kind: SecretKind.randomValue(), network });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });

  test('bears the name of its environment', () => {
    Template.fromStack(made({ environment: 'production' }).stack).hasResourceProperties('AWS::SecretsManager::Secret', { Name: 'production/Data/Ring' });
  });

  test('refuses an environment that is no name, and a second one in a stack', () => {
    expect(() => made({ environment: 'Prod/x' })).toThrow('Data/Ring: environment is "Prod/x". Begin with a lower-case letter');
    const { stack, network } = place();
    new RotatingSecret(stack, 'One', { kind: SecretKind.randomValue(), network, environment: 'production' });
    expect(() => new RotatingSecret(stack, 'Two',
      { kind: SecretKind.randomValue(), network, environment: 'staging' })).toThrow('Data/Two: environment is "staging". Data/One of the same stack is of production');
  });

  test('refuses never to be renewed', () => {
    expect(() => made({ rotation: Rotation.never('Nobody has ever asked for it.') })).toThrow('Data/Ring: rotation is "Rotation.never".');
  });

  test('goes with its stack where it is told to', () => {
    const template = Template.fromStack(made({ removalPolicy: RemovalPolicy.DESTROY }).stack);
    template.hasResource('AWS::SecretsManager::Secret', { DeletionPolicy: 'Delete' });
    template.allResources('AWS::KMS::Key', { DeletionPolicy: 'Delete' });
  });
});

describe('the key of a RotatingSecret', () => {
  const policy = (): Statement[] => (Object.values(Template.fromStack(made().stack).findResources('AWS::KMS::Key'))[0]?.Properties as { KeyPolicy: { Statement: Statement[] } }).KeyPolicy.Statement;

  test('is looked after by the account, which can neither decrypt with it nor let itself', () => {
    const actions = [policy()[0]?.Action].flat();
    expect(policy()[0]?.Sid).toBe('Administration');
    for (const action of ['Decrypt', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'CreateGrant']) {
      expect(actions.filter((pattern) => pattern !== undefined && new RegExp(`^${pattern.replace(/\*/g, '.*')}$`).test(`kms:${action}`))).toEqual([]);
    }
  });

  test('is used through Secrets Manager only, and names the role of its function', () => {
    const used = policy().slice(1);
    expect(used).toHaveLength(2);
    for (const { Action, Condition } of used) {
      expect(Action).toEqual(['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey']);
      expect(JSON.stringify(Condition)).toContain('kms:ViaService');
      expect(JSON.stringify(Condition)).toContain('kms:CallerAccount');
    }
    expect(used[1]).toMatchObject({ Principal: { AWS: { 'Fn::GetAtt': [expect.stringMatching(/^RingRotationHandlerRole/), 'Arn'] } } });
  });
});

describe('Rotation and Rollout', () => {
  test.each([Duration.days(1), Duration.days(90), Duration.hours(48)])('take %s', (cadence) => {
    expect(Rotation.every(cadence)._every).toBe(cadence);
  });

  test.each<[Duration, string]>([
    [Duration.days(0), '0 days'], [Duration.days(91), '91 days'], [Duration.hours(36), '1.5 days'], [Duration.days(Lazy.number({ produce: () => 5 })), 'a token'],
  ])('refuse %s', (cadence, got) => {
    expect(() => Rotation.every(cadence)).toThrow(`Rotation.every is ${got}. Name whole days from 1 to 90`);
  });

  test('ask for a sentence', () => {
    expect(() => Rotation.never('because')).toThrow('Rotation.never is "because". Say in a sentence');
    expect(() => Rollout.none(' ')).toThrow('Rollout.none is " ". Say in a sentence');
    expect(Rollout.none('It reads them again every minute.')._reason).toBe('It reads them again every minute.');
    expect(Rollout.automatic()._reason).toBeUndefined();
  });
});

describe('RotationRollout', () => {
  const rolledOut = (): Template => {
    const { stack, network } = place();
    const ring = new RotatingSecret(stack, 'Ring', { kind: SecretKind.randomValue(), network });
    new RotationRollout(stack, 'Rollout').roll(ring, serviceIn(stack, network, ring));
    return Template.fromStack(stack);
  };

  test('is told when a value becomes current, when a deployment ends, and every quarter of an hour', () => {
    const template = rolledOut();
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'source': ['aws.secretsmanager'], 'detail-type': ['Secret Label Updated'], 'detail': { labelUpdated: ['AWSCURRENT'] },
        'resources': [{ Ref: Match.stringLikeRegexp('^RingSecret') }] },
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        'source': ['aws.ecs'], 'detail-type': ['ECS Deployment State Change'], 'detail': { eventName: ['SERVICE_DEPLOYMENT_COMPLETED'] },
        'resources': [{ Ref: Match.stringLikeRegexp('^Service') }],
      },
    });
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(15 minutes)' });
  });

  test('may deploy its services, look at their tasks, and call what retires; it cannot read a secret', () => {
    const template = rolledOut();
    const statements = statementsOf(template, /^RolloutHandlerRole/);
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
      'ecs:DescribeServices', 'ecs:DescribeTasks', 'ecs:ListTasks', 'ecs:UpdateService', 'lambda:InvokeFunction', 'logs:CreateLogStream', 'logs:PutLogEvents', 'secretsmanager:DescribeSecret',
    ]);
    const about = (action: string): Statement | undefined => statements.find(({ Action }) => [Action].flat().includes(action));
    expect(about('ecs:UpdateService')?.Resource).toEqual({ Ref: expect.stringMatching(/^Service/) as string });
    expect(about('lambda:InvokeFunction')?.Resource).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^RingRotationHandlerFunction/), 'Arn'] });
    expect(about('secretsmanager:DescribeSecret')?.Resource).toEqual(SECRET);
    const cluster = { ArnEquals: { 'ecs:cluster': { 'Fn::GetAtt': [expect.stringMatching(/^ServiceCluster/), 'Arn'] } } };
    expect(about('ecs:ListTasks')).toMatchObject({ Resource: '*', Condition: cluster });
    expect(about('ecs:DescribeTasks')).toBe(about('ecs:ListTasks'));
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { ROLLOUT: Match.anyValue() } }, VpcConfig: Match.absent() });
  });

  test('refuses a secret that another one rolls out, and names both', () => {
    const { stack, network } = place();
    const ring = new RotatingSecret(stack, 'Ring', { kind: SecretKind.randomValue(), network });
    const service = serviceIn(stack, network, ring);
    const first = new RotationRollout(stack, 'First');
    first.roll(ring, service);
    expect(() => { first.roll(ring, service); }).not.toThrow();
    expect(() => { new RotationRollout(stack, 'Second').roll(ring, service); }).toThrow('Data/Second: secret is "Data/Ring". Data/First rolls it out already');
  });

  test('leaves nothing to AwsSolutions that is not answered', () => {
    const app = new App();
    const { stack, network } = place(app);
    const ring = new RotatingSecret(stack, 'Ring', { kind: SecretKind.randomValue(), network });
    const other = new Stack(app, 'Core', { env: ENV });
    const [cluster, serviceName] = [ecs.Cluster.fromClusterAttributes(other, 'Cluster', { clusterName: 'core', vpc: network.vpc }), 'core'];
    new RotationRollout(other, 'Rollout').roll(ring, ecs.FargateService.fromFargateServiceAttributes(other, 'Service', { cluster, serviceName }));
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });

  test('refuses no services, and never to be used', () => {
    const { stack, network } = place();
    const ring = new RotatingSecret(stack, 'Ring', { kind: SecretKind.randomValue(), network });
    const rollout = new RotationRollout(stack, 'Rollout');
    expect(() => { rollout.roll(ring); }).toThrow('Data/Rollout: services is []. Name every service');
    expect(rollout.node.validate()).toEqual(['roll was never called. Call it with a secret and the services that hold it, or leave the construct out.']);
  });

  test('refuses a secret of another environment', () => {
    const app = new App();
    const { stack, network } = place(app);
    const ring = new RotatingSecret(stack, 'Ring', { kind: SecretKind.randomValue(), network, environment: 'production' });
    const other = new Stack(app, 'Staging', { env: ENV });
    new RotatingSecret(other, 'Ring', { kind: SecretKind.randomValue(), network, environment: 'staging' });
    expect(() => { new RotationRollout(other, 'Rollout').roll(ring, serviceIn(stack, network, ring)); }).toThrow('Staging/Rollout: secret is "Data/Ring of production". This stack is of staging');
  });
});
