import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage, Ec2TaskDefinition, NetworkMode, type TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { AdminSession, type CognitoAdminSessionProps } from '../../src/authorizer/admin-session';
import { AdminUsers } from '../../src/authorizer/admin-users';
import { Authorizer } from '../../src/authorizer/authorizer';
import { GateProof } from '../../src/authorizer/gate-proof';
import { CoreImage } from '../../src/core/core-image';
import { SecureRedis } from '../../src/data/secure-redis';
import { Access } from '../../src/gate/access';
import { HttpsOrigin } from '../../src/gate/https-origin';
import { RatePlan } from '../../src/gate/rate/rate-plan';
import { Callers } from '../../src/ingress/callers';
import { Route } from '../../src/ingress/route';
import { PrivateNetwork } from '../../src/network/private-network';
import type { CortexProfileProps } from '../../src/profiles/cortex/cortex-profile';
import { type FargateModelProps, ModelContainer } from '../../src/profiles/cortex/model-container';
import { Profile } from '../../src/profiles/profile';
import { ProfiledCore } from '../../src/profiles/profiled-core';
import type { ProfiledCoreProps } from '../../src/profiles/profiled-core-props';
import { variablesOf } from '../../src/profiles/variables';
import { faultsIn } from '../../src/profiles/variables/judge';
import { Size } from '../../src/size';
import { gateOf } from '../support/gate';
import { findingsOf, type MakeProfile, profiled, templateOf, toldTo } from '../support/profiled-core';
import { ENV } from '../support/network-stack';
import { alarmTopic, certificate, DIGEST, image, JWT } from '../support/remote-core';

const ORIGINS = [HttpsOrigin.of('https://admin.acme.com'), HttpsOrigin.of('https://app.acme.com')];

const cortex = (overrides: Partial<CortexProfileProps> = {}): MakeProfile => () => Profile.cortex({ corsOrigins: ORIGINS, ...overrides });

const model = (name: string, overrides: Partial<FargateModelProps> = {}): ModelContainer => ModelContainer.fargate({
  name, image: CoreImage.fromUri(`111122223333.dkr.ecr.eu-central-1.amazonaws.com/${name}@${DIGEST}`), cpu: 4096, memoryLimitMiB: 16_384, writablePaths: ['/tmp'], ...overrides,
});

const withModels = (overrides: Partial<FargateModelProps> = {}): MakeProfile => () => Profile.cortex({
  corsOrigins: ORIGINS, models: { containers: [model('llama', overrides), model('bge')] },
});

/** In a network that is there before the Core, with what else stands there. */
function inNetwork(make: (stack: Stack, network: PrivateNetwork) => Profile, more: (stack: Stack, network: PrivateNetwork) => Partial<ProfiledCoreProps>): ProfiledCore {
  const stack = new Stack(new App(), 'Profiled', { env: ENV });
  const network = new PrivateNetwork(stack, 'Network');
  return new ProfiledCore(stack, 'Core', {
    profile: make(stack, network),
    environment: 'production',
    image: image(stack),
    ingress: { domainName: 'core.acme.internal', certificate: certificate(stack), callers: Callers.cidrs('10.20.0.0/16') },
    alarmTopic: alarmTopic(stack),
    network,
    ...more(stack, network),
  });
}

interface Task {
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly Properties: {
    readonly Family: string;
    readonly ContainerDefinitions: readonly {
      readonly Name: string;
      readonly Environment?: readonly { readonly Name: string; readonly Value: unknown }[];
      readonly Secrets?: readonly { readonly Name: string; readonly ValueFrom: unknown }[];
    }[];
  };
}

const tasksOf = (template: Template): Task[] => Object.values(template.findResources('AWS::ECS::TaskDefinition')) as unknown as Task[];
const gatewayOf = (template: Template): Task | undefined => tasksOf(template).find(({ Metadata }) => Metadata && 'cdk-secure-core:profile' in Metadata);

/** What the gateway is told where models have task definitions of their own. */
function toldToGateway(template: Template): Record<string, unknown> {
  const container = gatewayOf(template)?.Properties.ContainerDefinitions.find(({ Name }) => Name === 'Core');
  return Object.fromEntries((container?.Environment ?? []).map(({ Name, Value }) => [Name, Value]));
}

interface Policy {
  readonly Properties: { readonly PolicyDocument: { readonly Statement: readonly { readonly Action: unknown }[] } };
}

/** What the gateway may do with Amazon ECS and with roles. */
function grantedToGateway(core: ProfiledCore): unknown[] {
  const policies = Object.values(templateOf(core).findResources('AWS::IAM::Policy')) as unknown as Policy[];
  return policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement).filter(({ Action }) => /"(ecs:(RunTask|StopTask)|iam:PassRole)"/.test(JSON.stringify(Action)));
}

describe('What Profile.cortex tells its container', () => {
  test('is every variable of the table, and nothing else', () => {
    const template = templateOf(profiled(cortex()));
    const told = Object.fromEntries(Object.entries(toldTo(template)).filter(([name]) => !name.startsWith('REDIS_')));
    expect(told).toEqual({
      GATEWAY_DEV_ALLOW_ALL_KEYS: 'false',
      CORS_ALLOW_ORIGINS: 'https://admin.acme.com,https://app.acme.com',
      RATE_LIMIT_ENABLED: 'true',
      RATE_LIMIT_RPS: '10',
      RATE_LIMIT_BURST: '20',
      RATE_LIMIT_WINDOW_SEC: '60',
      CONCURRENCY_LIMIT_ENABLED: 'true',
      MAX_CONCURRENT_STREAMS_PER_ID: '5',
      INTERNAL_VLLM_API_KEY: 'secret',
    });
    expect(Object.keys(told).sort()).toEqual(variablesOf('cortex').filter(({ emission }) => emission === 'always').map(({ name }) => name).sort());
    expect(gatewayOf(template)?.Metadata).toMatchObject({ 'cdk-secure-core:profile': { name: 'cortex', environment: 'production', container: 'Core', choices: [] } });
  });

  test('is right by the judge', () => {
    const told = new Map(Object.entries(toldTo(templateOf(profiled(cortex())))).map(([name, text]) => [name, text === 'secret' ? { isSecret: true } : { text, isSecret: false }]));
    expect(faultsIn('cortex', told)).toEqual([]);
  });

  test('counts as the gate does, which counts first', () => {
    const template = templateOf(profiled(cortex(), { gate: { ratePlan: RatePlan.perCaller({ perSecond: 3, burst: 7, window: Duration.seconds(120), heavyPerMinute: 60, streams: 2 }) } }));
    expect(toldTo(template)).toMatchObject({ RATE_LIMIT_RPS: '3', RATE_LIMIT_BURST: '7', RATE_LIMIT_WINDOW_SEC: '120', MAX_CONCURRENT_STREAMS_PER_ID: '2' });
    expect(gateOf(template).configuration.rate?.plan).toMatchObject({ general: { requests: 360, windowSeconds: 120, burst: 7 }, streams: 2 });
  });

  test('is a key of 32 random bytes in hexadecimal digits, renewed every 30 days', () => {
    const core = profiled(cortex());
    const template = templateOf(core);
    template.hasResourceProperties('AWS::SecretsManager::Secret', { Name: 'production/Profiled/Core/InternalKey' });
    template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
      SecretId: Stack.of(core).resolve(core.parts.internalKey?.secret.secretArn) as unknown, RotationRules: { AutomaticallyAfterDays: 30 },
    });
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { ROTATION: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('hex')])] } } } });
  });
});

describe('Where Profile.cortex counts its callers', () => {
  const usersOf = (template: Template): string[] => {
    const users = Object.values(template.findResources('AWS::ElastiCache::User')) as { Properties: { AccessString: string } }[];
    return users.map(({ Properties }) => Properties.AccessString);
  };

  test('is the Redis of its gate, where each sees its own keys alone', () => {
    const template = templateOf(profiled(cortex()));
    template.resourceCountIs('AWS::ElastiCache::ReplicationGroup', 1);
    expect(toldTo(template)).toMatchObject({ REDIS_TLS: 'true', REDIS_KEY_PREFIX: 'cortex:', REDIS_PASSWORD: 'secret' });
    const [own] = usersOf(template).filter((text) => text.includes('~cortex:*'));
    expect(own?.split(' ')).toEqual(expect.arrayContaining(['-@all', '+evalsha', '+zremrangebyscore', '+incr']));
    expect(own).not.toMatch(/\+(keys|scan|flushall|flushdb|config\S*|acl\S*|debug|@\S+)( |$)/);
    expect(usersOf(template).filter((text) => /~gate\w*:\*/.test(text))).toHaveLength(1);
  });

  test('may be one that is brought, by commands that are named', () => {
    const template = templateOf(inNetwork(cortex({ limiterCommands: ['get', 'incr', 'expire'] }), (stack, network) => ({ gate: { redis: new SecureRedis(stack, 'Brought', { network }) } })));
    template.resourceCountIs('AWS::ElastiCache::ReplicationGroup', 1);
    expect(usersOf(template)).toContainEqual(expect.stringMatching(/^on ~cortex-[0-9a-f]{8}:\* resetchannels -@all \+get \+incr \+expire$/));
  });
});

describe('What callers have to show', () => {
  test('is a key to the gate alone, in its header or as SDKs send it, which the program is shown as it expects it', () => {
    const { identity, core, cors, policy } = gateOf(templateOf(profiled(cortex()))).configuration;
    expect(identity.accept).toEqual([['key']]);
    expect(identity.key).toEqual({ header: 'x-api-key', prefix: 'ctx_', inAuthorization: true });
    expect(core).toMatchObject({ port: 8084, passes: { proof: 'key', header: 'authorization' } });
    expect(cors?.origins).toEqual(['https://admin.acme.com', 'https://app.acme.com']);
    expect(policy.routes.map(({ method, path, access, tier }) => [method, path, access, tier])).toEqual([
      ['POST', '/v1/chat/completions', { kind: 'scope', scope: 'chat' }, 'light'],
      ['POST', '/v1/completions', { kind: 'scope', scope: 'completions' }, 'light'],
      ['POST', '/v1/embeddings', { kind: 'scope', scope: 'embeddings' }, 'light'],
    ]);
  });

  test('is a token to the load balancer and a key beside it, where there is an edge', () => {
    const { identity, core } = gateOf(templateOf(profiled(cortex({ edge: Authorizer.jwt(JWT) })))).configuration;
    expect(identity.accept).toEqual([['token', 'key']]);
    expect(identity.key).toMatchObject({ inAuthorization: false });
    expect(core.passes).toEqual({ proof: 'key', header: 'authorization' });
  });

  test('is the same for what is declared beside the three', () => {
    const { policy } = gateOf(templateOf(profiled(cortex({ routes: [Route.get('/v1/models', { access: Access.scope('models') })] })))).configuration;
    expect(policy.routes.map(({ path }) => path)).toContain('/v1/models');
  });

  test('is a login for the admin plane, which is answered 404 where nobody may see it', () => {
    const admin: MakeProfile = (stack) => cortex({ admin: AdminSession.cognito(new AdminUsers(stack, 'Admins', { domainName: 'core.acme.internal' })) })(stack);
    templateOf(profiled(admin)).hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Actions: Match.arrayWith([Match.objectLike({ Type: 'authenticate-cognito' })]), Conditions: Match.arrayWith([Match.objectLike({ PathPatternConfig: { Values: ['/admin', '/admin/*'] } })]),
    });
    expect(JSON.stringify(templateOf(profiled(cortex())).findResources('AWS::ElasticLoadBalancingV2::ListenerRule'))).not.toContain('authenticate-');
  });
});

describe('Models', () => {
  test('are told the key as it is, was and will be, and the gateway the one that it sends', () => {
    const template = templateOf(profiled(withModels()));
    const keys = tasksOf(template).flatMap(({ Properties }) => Properties.ContainerDefinitions).filter(({ Name }) => Name === 'Model')
      .map(({ Secrets = [] }) => Secrets.map(({ Name, ValueFrom }) => [Name, /:(\w+)::/.exec(JSON.stringify(ValueFrom))?.[1]]));
    const each = [['INTERNAL_VLLM_API_KEY', 'current'], ['INTERNAL_VLLM_API_KEY_PREVIOUS', 'previous'], ['INTERNAL_VLLM_API_KEY_NEXT', 'next']];
    expect(keys).toEqual([each, each]);
    const gateway = gatewayOf(template)?.Properties.ContainerDefinitions.find(({ Name }) => Name === 'Core');
    expect(gateway?.Secrets?.map(({ Name }) => Name)).toEqual(['INTERNAL_VLLM_API_KEY', 'REDIS_PASSWORD']);
  });

  test('are hardened as the gateway is, and log without losing a line', () => {
    templateOf(profiled(withModels({ command: ['serve'] }))).hasResourceProperties('AWS::ECS::TaskDefinition', {
      Family: Match.stringLikeRegexp('^production-.*llama'),
      NetworkMode: 'awsvpc',
      RequiresCompatibilities: ['FARGATE'],
      ContainerDefinitions: [Match.objectLike({
        Name: 'Model',
        Command: ['serve'],
        User: '1000:1000',
        ReadonlyRootFilesystem: true,
        Privileged: false,
        LinuxParameters: Match.objectLike({ Capabilities: { Drop: ['ALL'] } }),
        LogConfiguration: { LogDriver: 'awslogs', Options: Match.objectLike({ 'awslogs-stream-prefix': 'model-llama', 'mode': 'blocking' }) },
        MountPoints: [{ ContainerPath: '/tmp', ReadOnly: false, SourceVolume: 'Writable0' }],
      })],
    });
  });

  test('have no service and no load balancer, and a security group that the gateway alone reaches, on one port', () => {
    const core = profiled(withModels());
    const template = templateOf(core);
    template.resourceCountIs('AWS::ECS::Service', 1);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 1);
    const group = Stack.of(core).resolve(core.parts.models?.securityGroup.securityGroupId) as unknown;
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress', { Properties: { GroupId: group } })) as { Properties: Record<string, unknown> }[];
    expect(rules.map(({ Properties }) => [Properties.FromPort, Properties.ToPort, 'SourceSecurityGroupId' in Properties])).toEqual([[8000, 8000, true]]);
  });

  test('are found by the gateway through what it is told', () => {
    const core = profiled(withModels());
    const template = templateOf(core);
    const told = toldToGateway(template);
    const families = tasksOf(template).map(({ Properties }) => Properties.Family).filter((family) => family.startsWith('production-'));
    expect(String(told.MODEL_TASK_DEFINITIONS).split(',').sort()).toEqual(families.sort());
    expect(families).toHaveLength(2);
    const { cluster, securityGroup } = core.parts.models ?? {};
    expect(told).toMatchObject(Stack.of(core).resolve({ MODEL_CLUSTER: cluster?.clusterArn, MODEL_SECURITY_GROUP: securityGroup?.securityGroupId }) as object);
    expect(JSON.stringify(told.MODEL_SUBNETS)).toMatch(/CoreSubnet1.*CoreSubnet2/);
  });

  test('are all that the gateway may start, stop and hand a role to', () => {
    const core = profiled(withModels());
    const { families = [], cluster, taskDefinitions = [] } = core.parts.models ?? {};
    const stack = Stack.of(core);
    const arn = (resource: string): string => `arn:${stack.partition}:ecs:${stack.region}:${stack.account}:${resource}`;
    const [first, second] = taskDefinitions;
    const inCluster = { ArnEquals: { 'ecs:cluster': cluster?.clusterArn } };
    expect(grantedToGateway(core)).toEqual(stack.resolve([
      { Effect: 'Allow', Action: 'ecs:RunTask', Resource: families.map((family) => arn(`task-definition/${family}:*`)), Condition: inCluster },
      { Effect: 'Allow', Action: ['ecs:DescribeTasks', 'ecs:StopTask'], Resource: arn(`task/${cluster?.clusterName}/*`), Condition: inCluster },
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: [first?.taskRole.roleArn, first?.executionRole?.roleArn, second?.taskRole.roleArn],
        Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
    ]));
  });

  test('are reached through an endpoint of Amazon ECS, and no role is looked up', () => {
    const names = JSON.stringify(templateOf(profiled(withModels())).findResources('AWS::EC2::VPCEndpoint'));
    expect(names).toContain('.ecs"');
    expect(names).not.toContain('.iam');
  });

  test('may be task definitions of one\'s own, in a cluster of one\'s own', () => {
    const make = (stack: Stack, { vpc }: PrivateNetwork): Profile => Profile.cortex({
      corsOrigins: ORIGINS, models: { containers: [ModelContainer.ofTaskDefinition(gpuTask(stack))], cluster: new Cluster(stack, 'Gpus', { vpc }) },
    });
    const template = templateOf(inNetwork(make, () => ({})));
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      RequiresCompatibilities: ['EC2'],
      ContainerDefinitions: [Match.objectLike({ Secrets: [Match.objectLike({ Name: 'INTERNAL_VLLM_API_KEY' }), Match.anyValue(), Match.anyValue()] })],
    });
    expect(toldToGateway(template)).toMatchObject({ MODEL_TASK_DEFINITIONS: 'gpu', MODEL_CLUSTER: { 'Fn::GetAtt': [expect.stringMatching(/^Gpus/), 'Arn'] } });
    template.resourceCountIs('AWS::ECS::Cluster', 2);
  });

  test('need nothing beside their own where there are none', () => {
    const core = profiled(cortex());
    expect(grantedToGateway(core)).toEqual([]);
    expect(core.parts.models).toBeUndefined();
    expect(toldTo(templateOf(core))).not.toHaveProperty('MODEL_CLUSTER');
    templateOf(core).resourceCountIs('AWS::ECS::Cluster', 1);
  });
});

function gpuTask(stack: Stack, networkMode = NetworkMode.AWS_VPC): TaskDefinition {
  const task = new Ec2TaskDefinition(stack, 'Gpu', { networkMode, family: 'gpu' });
  task.addContainer('Model', { image: ContainerImage.fromRegistry('model'), memoryLimitMiB: 1024, gpuCount: 1 });
  return task;
}

const withOwnCookie = ({ userPool, userPoolClient, userPoolDomain }: AdminUsers): CognitoAdminSessionProps => ({ userPool, userPoolClient, userPoolDomain, cookieName: 'cortex_session' });

describe('What Profile.cortex refuses', () => {
  const models = (containers: (stack: Stack) => ModelContainer[]): MakeProfile => (stack) => Profile.cortex({ corsOrigins: ORIGINS, models: { containers: containers(stack) } });

  test.each<[string, MakeProfile, string]>([
    ['no origins', cortex({ corsOrigins: [] }), 'profile.corsOrigins is []. Name at least one page'],
    ['a profile without origins', cortex({ corsOrigins: undefined }), 'profile.corsOrigins is nothing.'],
    ['an origin without TLS', cortex({ corsOrigins: [HttpsOrigin.of('http://app.acme.com')] }), 'profile.corsOrigins is "http://app.acme.com".'],
    ['any origin', cortex({ corsOrigins: [HttpsOrigin.of('*')] }), 'profile.corsOrigins is "*".'],
    ['keys as the edge', cortex({ edge: Authorizer.gateOnly(GateProof.apiKeys()) }), 'profile.edge is "Authorizer.gateOnly".'],
    ['an edge that is none', cortex({ edge: {} as Authorizer }), 'profile.edge is "object". Name Authorizer.mtls(…)'],
    ['a route that is none', cortex({ routes: [null as unknown as Route] }), 'profile.routes[0] is null. Declare it by Route.get(…)'],
    ['the program\'s own cookie', (stack) => cortex({
      admin: AdminSession.cognito(withOwnCookie(new AdminUsers(stack, 'Admins', { domainName: 'core.acme.internal' }))),
    })(stack), 'profile.admin.cookieName is "cortex_session".'],
    ['a route beside /v1', cortex({ routes: [Route.get('/models', { access: Access.authenticated() })] }), 'profile.routes[0] is "GET /models". Name a path below /v1'],
    ['a route for nobody', cortex({ routes: [Route.get('/v1/models')] }), 'profile.routes[0].access is nothing.'],
    ['a route of its own', cortex({ routes: [Route.post('/v1/embeddings', { access: Access.authenticated() })] }), 'profile.routes[0] is "POST /v1/embeddings".'],
    ['no models', models(() => []), 'profile.models.containers is [].'],
    ['two models of one name', models(() => [model('llama'), model('llama')]), 'profile.models.containers.name is "llama".'],
    ['a model without a name', models(() => [model('Llama 3')]), 'profile.models.containers.name is "Llama 3".'],
    ['a model of no name', models(() => [model('')]), 'profile.models.containers.name is "".'],
    ['a model of no size', models(() => [model('llama', { memoryLimitMiB: undefined })]), 'profile.models.containers.memoryLimitMiB is nothing.'],
    ['a size that Fargate has not', models(() => [model('llama', { cpu: 300 })]), 'profile.models.containers.cpu is 300.'],
    ['a model that is root', models(() => [model('llama', { user: '0:0' })]), 'profile.models.containers.user is "0:0".'],
    ['a bridge', models((stack) => [ModelContainer.ofTaskDefinition(gpuTask(stack, NetworkMode.BRIDGE))]), 'a task definition of network mode bridge'],
    ['a task definition without a model', models((stack) => [ModelContainer.ofTaskDefinition(new Ec2TaskDefinition(stack, 'Gpu', { networkMode: NetworkMode.AWS_VPC }))]), 'without a container'],
    ['a cluster elsewhere', (stack) => cortex({
      models: { containers: [model('llama')], cluster: new Cluster(stack, 'Elsewhere', { vpc: new Vpc(stack, 'Vpc') }) },
    })(stack), 'profile.models.cluster is "of another VPC".'],
  ])('%s', (_, make, message) => {
    expect(() => profiled(make)).toThrow(message);
  });

  test('the cluster that the gateway itself runs in', () => {
    const ownCluster = (stack: Stack, { vpc }: PrivateNetwork): Cluster => {
      const made = stack.node.tryFindChild('Own');
      return made instanceof Cluster ? made : new Cluster(stack, 'Own', { vpc });
    };
    const make = (stack: Stack, network: PrivateNetwork): Profile => Profile.cortex({ corsOrigins: ORIGINS, models: { containers: [model('llama')], cluster: ownCluster(stack, network) } });
    expect(() => inNetwork(make, (stack, network) => ({ cluster: ownCluster(stack, network) }))).toThrow('profile.models.cluster is "the one that the gateway itself runs in".');
  });

  test('everybody as callers of the gate alone', () => {
    const open = (stack: Stack): Partial<ProfiledCoreProps> => ({
      internetFacing: true, ingress: { domainName: 'core.acme.com', certificate: certificate(stack), callers: Callers.internet({ reason: 'Customers call from everywhere' }) },
    });
    expect(() => profiled(cortex(), open(new Stack()))).toThrow('callers is "Callers.internet". With Authorizer.gateOnly');
  });

  test('a variable of its own written by hand', () => {
    expect(() => profiled(cortex(), { container: { environment: { GATEWAY_DEV_ALLOW_ALL_KEYS: 'true' } } })).toThrow('container.environment.GATEWAY_DEV_ALLOW_ALL_KEYS');
  });
});

test.each([Size.DEV, Size.PRODUCTION])('the pack has nothing to say of %s', (size) => {
  expect(findingsOf(profiled(withModels(), { size }))).toEqual([]);
  expect(findingsOf(profiled(cortex({ edge: Authorizer.jwt(JWT) }), { size }))).toEqual([]);
});
