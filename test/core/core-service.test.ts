import { App, CfnParameter, Lazy, SecretValue, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { AuditTrail, type CoreContainerProps, PrivateNetwork, Size } from '../../src';
import { remoteCore } from '../support/remote-core';

function template(container: Partial<CoreContainerProps> = {}, stack: Stack = new Stack()): Template {
  remoteCore(stack, { container });
  return Template.fromStack(stack);
}

/** The Core's container, which stands before its gate's. */
function container(expected: object): object {
  return { ContainerDefinitions: [Match.objectLike({ Name: 'Core', ...expected }), Match.objectLike({ Name: 'Gate' })] };
}

describe('CoreService', () => {
  test('says in the template what it is asked to say of its task, and nothing otherwise', () => {
    const stack = new Stack();
    remoteCore(stack).core._mark('acme:profile', { name: 'cortex' });
    Template.fromStack(stack).hasResource('AWS::ECS::TaskDefinition', { Metadata: { 'acme:profile': { name: 'cortex' } } });
    template().hasResource('AWS::ECS::TaskDefinition', { Metadata: Match.absent() });
  });

  test('runs a container that no port leads to, that is not root, cannot write its root and has no capabilities', () => {
    template().hasResourceProperties('AWS::ECS::TaskDefinition', {
      NetworkMode: 'awsvpc',
      RequiresCompatibilities: ['FARGATE'],
      ...container({
        User: '1000:1000',
        ReadonlyRootFilesystem: true,
        Privileged: false,
        Cpu: 512,
        Memory: 1024,
        LinuxParameters: { InitProcessEnabled: true, Capabilities: { Drop: ['ALL'] } },
        PortMappings: Match.absent(),
      }),
    });
  });

  test('logs into the hot tier and waits rather than drops', () => {
    template().hasResourceProperties('AWS::ECS::TaskDefinition', container({
      LogConfiguration: { LogDriver: 'awslogs', Options: Match.objectLike({ 'awslogs-group': { Ref: Match.stringLikeRegexp('^CoreAuditHot') }, 'mode': 'blocking' }) },
    }));
  });

  test('runs in the core tier without a public address, and rolls a failed deployment back', () => {
    template().hasResourceProperties('AWS::ECS::Service', {
      EnableExecuteCommand: false,
      NetworkConfiguration: {
        AwsvpcConfiguration: Match.objectLike({
          AssignPublicIp: 'DISABLED',
          Subnets: [{ Ref: Match.stringLikeRegexp('CoreSubnet1') }, { Ref: Match.stringLikeRegexp('CoreSubnet2') }],
        }),
      },
      DeploymentConfiguration: Match.objectLike({ MinimumHealthyPercent: 100, DeploymentCircuitBreaker: { Enable: true, Rollback: true } }),
    });
  });

  test('waits for the endpoints that its image and its log come through', () => {
    const [service] = Object.values(template().findResources('AWS::ECS::Service'));
    const dependencies = (service as { DependsOn: string[] }).DependsOn;
    for (const part of ['EcrApi', 'EcrDkr', 'Logs', 'S3']) expect(dependencies.join()).toMatch(new RegExp(`AwsServices${part}[0-9A-F]{8}`));
  });

  test('gives the task role what the gate reads and no more, and the execution role exactly what it needs to start', () => {
    const core = template();
    const policies = Object.values(core.findResources('AWS::IAM::Policy')) as { Properties: { Roles: { Ref: string }[]; PolicyDocument: { Statement: unknown[] } } }[];
    const ofTasks = policies.filter(({ Properties }) => /ServiceTask/.test(JSON.stringify(Properties.Roles)));
    expect(ofTasks).toHaveLength(2);
    expect(ofTasks[0]?.Properties.Roles).toEqual([{ Ref: expect.stringContaining('TaskRole') as string }]);
    expect(ofTasks[0]?.Properties.PolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:Query'], Resource: { 'Fn::GetAtt': [expect.stringMatching(/^CoreServiceGateTable/), 'Arn'] } },
    ]);
    expect(ofTasks[1]?.Properties.Roles).toEqual([{ Ref: expect.stringContaining('ExecutionRole') as string }]);
    expect(ofTasks[1]?.Properties.PolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
        Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':repository/core']] },
      },
      // ECR knows no resource for this one (Amazon ECR guide, "Actions, resources, and condition keys").
      { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: { 'Fn::GetAtt': [expect.stringMatching(/^CoreAuditHot/), 'Arn'] } },
      {
        Effect: 'Allow',
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
        Resource: { 'Fn::Join': ['', expect.arrayContaining([':repository/', { 'Fn::Sub': expect.stringMatching(/^cdk-hnb659fds-container-assets-/) as string }])] },
      },
      {
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^CoreServiceGateRedisKey/), 'Arn'] },
        Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['secretsmanager.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } } },
      },
      { Effect: 'Allow', Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], Resource: { Ref: expect.stringMatching(/^CoreServiceGateRedisGatePassword/) as string } },
      { Effect: 'Allow', Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], Resource: { Ref: expect.stringMatching(/^CoreServiceGateAuditKeySecret/) as string } },
    ]);
    // By their own policies alone: a key that named them could not be shared with another stack.
    const keys = Object.values(core.findResources('AWS::KMS::Key')) as { Properties: { KeyPolicy: unknown } }[];
    expect(JSON.stringify(keys.map(({ Properties }) => Properties.KeyPolicy))).not.toContain('ServiceTask');
  });

  test('fills secrets by reference and leaves nothing of them in the template', () => {
    const stack = new Stack();
    const secret = new Secret(stack, 'Key', { secretStringValue: SecretValue.unsafePlainText('canary-4711') });
    const core = template({ secrets: { OPENAI_API_KEY: ecs.Secret.fromSecretsManager(secret) }, environment: { ENV: 'production' } }, stack);
    core.hasResourceProperties('AWS::ECS::TaskDefinition', container({
      Environment: [{ Name: 'ENV', Value: 'production' }],
      Secrets: [{ Name: 'OPENAI_API_KEY', ValueFrom: { Ref: Match.stringLikeRegexp('^Key') } }],
    }));
    expect(JSON.stringify(core.findResources('AWS::ECS::TaskDefinition'))).not.toContain('canary-4711');
  });

  test('gives the program a folder to write to, and nothing of the host', () => {
    template({ writablePaths: ['/tmp', '/var/cache/core'] }).hasResourceProperties('AWS::ECS::TaskDefinition', {
      Volumes: [{ Name: 'Writable0' }, { Name: 'Writable1' }],
      ...container({ MountPoints: [{ ContainerPath: '/tmp', SourceVolume: 'Writable0', ReadOnly: false }, { ContainerPath: '/var/cache/core', SourceVolume: 'Writable1', ReadOnly: false }] }),
    });
  });

  test.each([
    [256, 512, '1024', '2048'],
    [512, 1024, '1024', '2048'],
    [1024, 2048, '2048', '4096'],
    [2048, 4096, '4096', '8192'],
    [4096, 8192, '8192', '16384'],
    [8192, 16384, '16384', '32768'],
  ])('gives %d CPU units the memory that goes with them, and a task that holds the gate as well', (cpu, memory, taskCpu, taskMemory) => {
    template({ cpu }).hasResourceProperties('AWS::ECS::TaskDefinition', { Cpu: taskCpu, Memory: taskMemory, ...container({ Cpu: cpu, Memory: memory }) });
  });

  test('takes a smaller gate for Size.DEV', () => {
    const stack = new Stack();
    remoteCore(stack, { size: Size.DEV, container: { cpu: 256 } });
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      Cpu: '512', Memory: '1024', ContainerDefinitions: [Match.anyValue(), Match.objectLike({ Name: 'Gate', Cpu: 256, Memory: 512 })],
    });
  });

  test('refuses a container that leaves no room for the gate in any task', () => {
    expect(() => template({ cpu: 16_384 })).toThrow('container is {"cpu":16384,"memoryLimitMiB":32768}. Name less: the gate beside it takes 512 CPU units and 1024 MiB');
  });

  test('refuses an audit trail of another region', () => {
    const app = new App();
    const audit = new AuditTrail(new Stack(app, 'Away', { env: { account: '111122223333', region: 'us-east-1' } }), 'Audit');
    const stack = new Stack(app, 'Home', { env: { account: '111122223333', region: 'eu-central-1' } });
    expect(() => remoteCore(stack, { audit })).toThrow('Home/Core/Service: audit is "of us-east-1". This stack is in eu-central-1');
  });

  test('takes tokens for what they are', () => {
    const stack = new Stack();
    const text = new CfnParameter(stack, 'Text').valueAsString;
    const number = Token.asNumber({ Ref: 'Text' });
    const tokens = { port: number, healthCheckPath: text, user: text, requestsPerTask: number, writablePaths: [text], environment: { A: text } };
    expect(() => template(tokens, stack)).not.toThrow();
  });

  test('follows the requests between two and ten copies, and lets no deployment set their number back', () => {
    const built = template();
    built.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 2, MaxCapacity: 10, ScalableDimension: 'ecs:service:DesiredCount' });
    built.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: Match.objectLike({ TargetValue: 600, PredefinedMetricSpecification: Match.objectLike({ PredefinedMetricType: 'ALBRequestCountPerTarget' }) }),
    });
    built.hasResourceProperties('AWS::ECS::Service', { DesiredCount: Match.absent() });
  });

  test('takes other bounds and another load a copy', () => {
    const built = template({ minTasks: 3, maxTasks: 5, requestsPerTask: 60 });
    built.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 3, MaxCapacity: 5 });
    built.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', { TargetTrackingScalingPolicyConfiguration: Match.objectLike({ TargetValue: 60 }) });
  });

  test.each<[string, Partial<CoreContainerProps>, Size | undefined, number]>([
    ['of Size.DEV', {}, Size.DEV, 1],
    ['whose bounds are equal', { minTasks: 4, maxTasks: 4 }, undefined, 4],
    ['whose most is less than what the size says', { maxTasks: 1 }, undefined, 1],
  ])('runs a fixed number of copies of a Core %s', (_, overrides, size, count) => {
    const stack = new Stack();
    remoteCore(stack, { container: overrides, size });
    const built = Template.fromStack(stack);
    built.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
    built.hasResourceProperties('AWS::ECS::Service', { DesiredCount: count });
  });

  test('runs in a cluster that is there already', () => {
    const stack = new Stack();
    const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
    const cluster = new ecs.Cluster(stack, 'Shared', { vpc: network.vpc });
    remoteCore(stack, { network, cluster });
    const built = Template.fromStack(stack);
    built.resourceCountIs('AWS::ECS::Cluster', 1);
    built.hasResourceProperties('AWS::ECS::Service', { Cluster: stack.resolve(cluster.clusterName) as unknown });
  });

  test('refuses a cluster of another VPC', () => {
    const stack = new Stack();
    const cluster = new ecs.Cluster(stack, 'Shared', { vpc: new Vpc(stack, 'Other') });
    expect(() => remoteCore(stack, { cluster })).toThrow('Default/Core/Service: cluster is "of another VPC". Name a cluster of the network\'s VPC');
  });

  test('reaches what it is allowed to, and may do what it is granted', () => {
    const stack = new Stack();
    const core = remoteCore(stack);
    const database = new SecurityGroup(stack, 'Database', { vpc: core.network.vpc, allowAllOutbound: false });
    core.allowTo(database, Port.tcp(5432));
    new Bucket(stack, 'Assets').grantRead(core);
    const built = Template.fromStack(stack);
    built.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { DestinationSecurityGroupId: stack.resolve(database.securityGroupId) as unknown, FromPort: 5432, ToPort: 5432 });
    built.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Match.stringLikeRegexp('TaskRole') }],
      PolicyDocument: Match.objectLike({ Statement: Match.arrayWith([Match.objectLike({ Action: ['s3:GetObject*', 's3:GetBucket*', 's3:List*'] })]) }),
    });
  });

  test.each<[string, Partial<CoreContainerProps>, string]>([
    ['port', { port: 80 }, 'Name a port from 1024 to 65535'],
    ['port', { port: 70_000 }, 'Name a port from 1024 to 65535'],
    ['healthCheckPath', { healthCheckPath: 'health' }, 'starts with a slash'],
    ['healthCheckPath', { healthCheckPath: '/health?deep=1' }, 'starts with a slash'],
    ['user', { user: 'root' }, 'Name a numeric user of 1000 or more'],
    ['user', { user: '0:0' }, 'Name a numeric user of 1000 or more'],
    ['user', { user: '1000:0' }, 'Name a numeric user of 1000 or more'],
    ['user', { user: '999' }, 'Name a numeric user of 1000 or more'],
    ['user', { user: '1000' }, 'a numeric group other than 0'],
    ['user', { user: '99999999999999:1000' }, 'Name a numeric user of 1000 or more'],
    ['cpu', { cpu: 300 }, 'Name what Fargate offers: 256, 512'],
    ['cpu', { cpu: Number.NaN }, 'Name what Fargate offers: 256, 512'],
    ['memoryLimitMiB', { cpu: 256, memoryLimitMiB: 8192 }, 'For 256 CPU units Fargate offers 512, 1024, 2048 MiB'],
    ['memoryLimitMiB', { cpu: 256, memoryLimitMiB: 1536 }, 'For 256 CPU units Fargate offers 512, 1024, 2048 MiB'],
    ['memoryLimitMiB', { memoryLimitMiB: -1 }, 'For 512 CPU units Fargate offers 1024'],
    ['cpu', { cpu: Token.asNumber({ Ref: 'Text' }) }, 'what the gate takes is added to it'],
    ['memoryLimitMiB', { memoryLimitMiB: Token.asNumber({ Ref: 'Text' }) }, 'what the gate takes is added to it'],
    ['environment', { environment: { '': 'x' } }, 'Name a variable without blanks'],
    ['environment', { environment: { KEY: 'x' }, secrets: { KEY: ecs.Secret.fromSsmParameter(StringParameter.fromStringParameterName(new Stack(), 'P', '/key')) } }, 'The variable is in secrets too'],
    ['writablePaths', { writablePaths: ['/tmp/../etc'] }, 'Name absolute folders below the root'],
    ['writablePaths', { writablePaths: ['/proc'] }, 'Name absolute folders below the root'],
    ['writablePaths', { writablePaths: ['/tmp', '/tmp'] }, 'each once'],
    ['writablePaths', { writablePaths: Lazy.list({ produce: () => ['/tmp'] }) }, 'must be known when the app is synthesized'],
    ['writablePaths', { writablePaths: ['tmp'] }, 'Name absolute folders below the root'],
    ['writablePaths', { writablePaths: ['/'] }, 'Name absolute folders below the root'],
    ['requestsPerTask', { requestsPerTask: 0 }, 'Name a whole number of requests a minute'],
    ['minTasks', { minTasks: 0 }, 'Name a whole number from 1 to 5000'],
    ['minTasks', { minTasks: Token.asNumber({ Ref: 'Text' }) }, 'Name a whole number from 1 to 5000'],
    ['maxTasks', { minTasks: 3, maxTasks: 2 }, 'Name a whole number from minTasks, 3, to 5000'],
  ])('refuses a wrong %s (%j) and says what to do', (prop, wrong, todo) => {
    expect(() => template(wrong)).toThrow(`Default/Core/Service: container.${prop} is `);
    expect(() => template(wrong)).toThrow(todo);
  });
});
