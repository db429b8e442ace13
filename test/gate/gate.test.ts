import { App, Duration, Size as ByteSize, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Peer, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import {
  Access, AdminSession, AdminUsers, Authorizer, Callers, CognitoIssuer, type GateOptions, GateProof, GateTable, HttpsOrigin,
  type IngressProps, JwtAlgorithm, KeySetSource, PrivateNetwork, RatePlan, RedisLoss, Route, type SecureCoreProps, SecureRedis, Size,
} from '../../src';
import { CONFIGURATION_VARIABLE } from '../../src/gate/contract';
import { checkGate } from '../../src/gate/gate-checks';
import { containersIn, gateOf, writtenConfiguration } from '../support/gate';
import { ENV } from '../support/network-stack';
import { JWT, remoteCore } from '../support/remote-core';

const EVALUATE = Route.post('/v1/evaluate', { access: Access.scope('core/evaluate') });

function built(gate: GateOptions = {}, overrides: Partial<Omit<SecureCoreProps, 'container' | 'ingress' | 'gate'>> & { readonly ingress?: Partial<IngressProps> } = {}, stack = new Stack()): Template {
  remoteCore(stack, { gate, ...overrides, ingress: { routes: [EVALUATE], ...overrides.ingress } });
  return Template.fromStack(stack);
}

function certificates(stack: Stack): Authorizer {
  const bucket = Bucket.fromBucketName(stack, 'Ca', 'acme-ca');
  return Authorizer.mtls({ caBundle: { bucket, key: 'ca.pem' }, revocationList: { bucket, key: 'crl.pem' } });
}

const CORE_KEY = ecs.Secret.fromSecretsManager(new Secret(new Stack(), 'CoreKey'));

describe('Gate', () => {
  test('stands beside the Core, is the only container with a port, and the load balancer speaks TLS to it', () => {
    const template = built();
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({ Name: 'Core', PortMappings: Match.absent() }),
        Match.objectLike({
          Name: 'Gate',
          Essential: true,
          User: '1000:1000',
          ReadonlyRootFilesystem: true,
          Privileged: false,
          LinuxParameters: { InitProcessEnabled: true, Capabilities: { Drop: ['ALL'] } },
          PortMappings: [{ ContainerPort: 8443, Protocol: 'tcp' }],
          HealthCheck: Match.objectLike({ Command: ['CMD', 'node', '/app/health.js'] }),
          StopTimeout: 120,
        }),
      ],
    });
    template.hasResourceProperties('AWS::ECS::Service', { LoadBalancers: [Match.objectLike({ ContainerName: 'Gate', ContainerPort: 8443 })] });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { Protocol: 'HTTPS', Port: 8443, HealthCheckProtocol: 'HTTPS', HealthCheckPath: '/.gate/health' });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 8443, ToPort: 8443, GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^CoreServiceSecurityGroup'), 'GroupId'] } });
  });

  test('is stopped before the Core, so that callers are answered to the end', () => {
    const containers = containersIn(built()) as Record<string, { DependsOn?: unknown }>;
    expect(containers.Gate?.DependsOn).toEqual([{ Condition: 'START', ContainerName: 'Core' }]);
    expect(containers.Core?.DependsOn).toBeUndefined();
  });

  test('is told everything in one variable, which the service starts with, and its secrets by reference', () => {
    const template = built();
    expect(containersIn(template).Gate?.Environment?.map(({ Name }) => Name)).toEqual([CONFIGURATION_VARIABLE]);
    expect(containersIn(template).Gate?.Secrets).toEqual([
      { Name: 'GATE_REDIS_PASSWORD', ValueFrom: { Ref: expect.stringMatching(/^CoreServiceGateRedisGatePassword/) as string } },
      { Name: 'GATE_AUDIT_KEY', ValueFrom: { Ref: expect.stringMatching(/^CoreServiceGateAuditKeySecret/) as string } },
    ]);
    const { configuration } = gateOf(template);
    expect(configuration).toEqual(writtenConfiguration(template));
    expect(configuration).toMatchObject({
      profile: 'remote',
      core: { port: 8000, healthCheckPath: '/health', publicHealth: false, identityHeader: 'x-auth-request-user' },
      policy: { routes: [{ method: 'POST', path: '/v1/evaluate', subtree: false, access: { kind: 'scope', scope: 'core/evaluate' }, tier: 'light', streams: false }], roles: {} },
      identity: { accept: [['token']] },
      limits: { maxBodyBytes: 10 * 1024 ** 2, idleTimeoutSeconds: 900, keepAliveSeconds: 960, drainSeconds: 110 },
      rate: {
        redis: { isCluster: false },
        onRedisLost: { kind: 'refuse' },
        plan: { general: { requests: 600, windowSeconds: 60, burst: 20 }, heavy: { requests: 60, windowSeconds: 60, burst: 10 }, streams: 5 },
        overrides: [],
      },
      metrics: { namespace: 'SecureCore/Default/Core/Service/Gate' },
    });
    expect(configuration.cors).toBeUndefined();
  });

  test('demands of tokens what the load balancer demands', () => {
    const [token, ...others] = gateOf(built({}, { authorizer: Authorizer.jwt({ ...JWT, scope: 'core/invoke' }) })).configuration.identity.tokens;
    expect(others).toEqual([]);
    expect(token).toMatchObject({
      issuer: JWT.issuer,
      claims: [{ name: 'aud', values: ['core'] }, { name: 'scope', values: ['core/invoke'] }],
      algorithms: ['RS256'],
      keys: { source: 'mirror', uri: JWT.jwksUri },
    });
  });

  test('copies the signing keys from outside the network, unless it is to ask the issuer itself', () => {
    const mirrored = built();
    mirrored.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)' });
    const asked = built({ keySets: KeySetSource.ISSUER });
    asked.resourcePropertiesCountIs('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)' }, 0);
    expect(gateOf(asked).configuration.identity.tokens[0]?.keys.source).toBe('https');
  });

  test('reaches its Redis and nothing else', () => {
    const template = built();
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
      GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^CoreServiceSecurityGroup'), 'GroupId'] },
      DestinationSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^CoreServiceGateRedis'), 'GroupId'] },
      FromPort: 6379,
      ToPort: 6379,
    });
  });

  test('shares a Redis and a table, with counters of its own', () => {
    const stack = new Stack();
    const [one, other] = [new Construct(stack, 'One'), new Construct(stack, 'Other')];
    const first = remoteCore(one);
    remoteCore(other, { network: first.network, gate: { redis: first.gate.redis, table: first.gate.table } });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::ElastiCache::ReplicationGroup', 1);
    template.resourceCountIs('AWS::DynamoDB::Table', 1);
    // Two gates and the default user, who may do nothing.
    template.resourceCountIs('AWS::ElastiCache::User', 3);
  });

  test('shares what another stack holds, which does not come to depend on it', () => {
    const app = new App();
    const shared = new Stack(app, 'Shared', { env: ENV });
    const network = new PrivateNetwork(shared, 'Network', { ingressReachesInternet: true });
    const encryptionKey = new Key(shared, 'Key');
    const redis = new SecureRedis(shared, 'Redis', { network, encryptionKey });
    const table = new GateTable(shared, 'Table', { encryptionKey });
    const stack = new Stack(app, 'Core', { env: ENV });
    remoteCore(stack, { network, gate: { redis, table } });
    const own = Template.fromStack(stack);
    expect(shared.dependencies.filter((other) => !other.stackName.includes('assets'))).toEqual([]);
    const imported = (name: string): unknown => ({ 'Fn::ImportValue': expect.stringMatching(`^Shared:.*${name}`) as unknown });
    const policies = own.findResources('AWS::IAM::Policy') as Record<string, { Properties: { PolicyDocument: { Statement: { Action: unknown; Resource: unknown }[] } } }>;
    const statements = Object.values(policies).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    expect(statements).toEqual(expect.arrayContaining([
      {
        Action: 'kms:Decrypt',
        Effect: 'Allow',
        Resource: imported('Key'),
        Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['secretsmanager.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } } },
      },
      { Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], Effect: 'Allow', Resource: imported('RedisGate') },
    ]));
    // The password of the other user, and of other gates, is nobody's; the audit key is the gate's own.
    const read = statements.filter(({ Action }) => JSON.stringify(Action).includes('secretsmanager:GetSecretValue'));
    expect(read.map(({ Resource }) => Resource)).toEqual([imported('RedisGate'), { Ref: expect.stringMatching(/^CoreServiceGateAuditKeySecret/) as string }]);
  });

  test.each<[string, (stack: Stack) => Template]>([
    ['a Cognito issuer', (stack) => {
      const issuer = new CognitoIssuer(stack, 'Issuer', { scopes: ['invoke'], callers: [{ name: 'platform' }] });
      return built({}, { authorizer: Authorizer.cognito(issuer, { scope: 'invoke' }) }, stack);
    }],
    ['client certificates', (stack) => built({ certificateScopes: { 'CN=platform,O=Acme': ['core/evaluate'] } }, { authorizer: certificates(stack) }, stack)],
    ['tokens on one listener and certificates on another', (stack) => built({}, { ingress: { additionalListener: { port: 8443, authorizer: certificates(stack) } } }, stack)],
    ['keys beside tokens', (stack) => built({}, { authorizer: Authorizer.jwt(JWT).withGateProof(GateProof.apiKeys()) }, stack)],
    ['keys alone', (stack) => built({}, { authorizer: Authorizer.gateOnly(GateProof.apiKeys()) }, stack)],
    ['ES256', (stack) => built({}, { authorizer: Authorizer.gateOnly(GateProof.jwt({ ...JWT, algorithms: [JwtAlgorithm.ES256] })) }, stack)],
    ['an admin plane', (stack) => built({}, { ingress: { admin: AdminSession.cognito(new AdminUsers(stack, 'Admins', { domainName: 'core.acme.internal' })) } }, stack)],
    ['everything that can be asked of it', (stack) => built({
      identityHeader: 'X-Client-Id',
      scopesHeader: 'X-Client-Scopes',
      removedHeaders: ['X-Tenant'],
      roles: { admin: ['core/evaluate', 'metrics'] },
      cors: { origins: [HttpsOrigin.of('https://app.acme.com')], allowCredentials: true },
      publicHealth: true,
      coreKey: { secret: ecs.Secret.fromSecretsManager(new Secret(stack, 'CoreKey')) },
      maxBody: ByteSize.mebibytes(100),
      requestTimeout: Duration.minutes(10),
      ratePlan: RatePlan.perCaller({ perSecond: 20, burst: 400, window: Duration.seconds(10), heavyPerMinute: 30, heavyBurst: 3, streams: 50, onRedisLost: RedisLoss.countLocally() }),
      metrics: { namespace: 'Acme/Core', scrapers: [new SecurityGroup(stack, 'Prometheus', { vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'] }) })] },
      drainTimeout: Duration.seconds(30),
      auditKey: new Secret(stack, 'AuditKey'),
    }, { size: Size.DEV, encryptionKey: new Key(stack, 'EncryptionKey') }, stack)],
  ])('starts with what it is told for %s', (_, build) => {
    const template = build(new Stack());
    expect(gateOf(template).configuration).toEqual(writtenConfiguration(template));
  });

  test('lower-cases what it is told, and sends its own key where it is given one', () => {
    const stack = new Stack();
    const { core } = gateOf(built({ identityHeader: 'X-Client-Id', coreKey: { secret: ecs.Secret.fromSecretsManager(new Secret(stack, 'CoreKey')) } }, {}, stack)).configuration;
    expect(core).toMatchObject({ identityHeader: 'x-client-id', keyHeader: 'authorization' });
  });

  test('makes people of the admin plane known by what the load balancer says of them', () => {
    const stack = new Stack();
    const admin = AdminSession.cognito(new AdminUsers(stack, 'Admins', { domainName: 'core.acme.internal' }));
    expect(gateOf(built({}, { ingress: { admin } }, stack)).configuration.identity.admin).toEqual({ subjectHeader: 'x-amzn-oidc-identity', cookieName: 'SecureCoreAdmin' });
  });

  test('keeps the cookie of their logins from the Core, whatever it is called', () => {
    const stack = new Stack();
    const { userPool, userPoolClient, userPoolDomain } = new AdminUsers(stack, 'Admins', { domainName: 'core.acme.internal' });
    const admin = AdminSession.cognito({ userPool, userPoolClient, userPoolDomain, cookieName: 'AcmeAdmin' });
    expect(gateOf(built({}, { ingress: { admin } }, stack)).configuration.identity.admin?.cookieName).toBe('AcmeAdmin');
  });

  test('can be told nothing that contradicts itself on two listeners', () => {
    const stack = new Stack();
    const mtls = certificates(stack);
    expect(() => built({}, { ingress: { additionalListener: { port: 8443, authorizer: mtls.and(Authorizer.jwt({ ...JWT, audience: 'another' })) } } }, stack))
      .toThrow('authorizer is "two demands on tokens of https://login.acme.com/". Demand the same of one issuer\'s tokens on every listener');
  });

  test('cannot stand beside a Core that listens where it does', () => {
    expect(() => remoteCore(new Stack(), { container: { port: 8443 } })).toThrow('Default/Core/Service/Gate: corePort is 8443. The gate listens there');
  });

  describe('the key of its audit records', () => {
    const SECRET = 'AWS::SecretsManager::Secret';
    const named = { Description: Match.stringLikeRegexp('^Hashes callers in the audit records of ') };

    test('is made where it is kept, long enough, and as hard to lose as the table', () => {
      const redisKey = { 'Fn::GetAtt': [Match.stringLikeRegexp('GateRedisKey'), 'Arn'] };
      for (const [size, policy] of [[Size.PRODUCTION, 'Retain'], [Size.DEV, 'Delete']] as const) {
        const properties = { ...named, GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true }, SecretString: Match.absent(), KmsKeyId: redisKey };
        built({}, { size }).hasResource(SECRET, { DeletionPolicy: policy, UpdateReplacePolicy: policy, Properties: properties });
      }
    });

    test('is encrypted with your key, which the task may use through Secrets Manager alone', () => {
      const stack = new Stack();
      const template = built({}, { encryptionKey: new Key(stack, 'Own') }, stack);
      const key = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Own'), 'Arn'] };
      template.hasResourceProperties(SECRET, { ...named, KmsKeyId: key });
      template.hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: { Statement: Match.arrayWith([
          {
            Action: 'kms:Decrypt',
            Effect: 'Allow',
            Resource: key,
            Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['secretsmanager.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } } },
          },
        ]) },
      });
    });

    test('can be shared, so that several Cores hash one caller alike', () => {
      const stack = new Stack();
      const [one, other] = [new Construct(stack, 'One'), new Construct(stack, 'Other')];
      const first = remoteCore(one);
      const second = remoteCore(other, { network: first.network, gate: { auditKey: first.gate.auditKey } });
      expect(second.gate.auditKey).toBe(first.gate.auditKey);
      const template = Template.fromStack(stack);
      expect(Object.keys(template.findResources(SECRET, { Properties: named }))).toHaveLength(1);
      const { Ref: shared } = stack.resolve(first.gate.auditKey.secretArn) as { Ref: string };
      template.resourcePropertiesCountIs('AWS::ECS::TaskDefinition', {
        ContainerDefinitions: Match.arrayWith([Match.objectLike({ Name: 'Gate', Secrets: Match.arrayWith([{ Name: 'GATE_AUDIT_KEY', ValueFrom: { Ref: shared } }]) })]),
      }, 2);
    });
  });

  describe('its metrics', () => {
    const group = (stack: Stack, vpcId = 'vpc-1'): SecurityGroup => new SecurityGroup(stack, 'Prometheus', { vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId, availabilityZones: ['a'] }) });

    test('are read by nobody unless somebody is named, and are in CloudWatch anyway', () => {
      const template = built();
      expect(gateOf(template).configuration.metrics).toEqual({ namespace: 'SecureCore/Default/Core/Service/Gate' });
      template.resourcePropertiesCountIs('AWS::EC2::SecurityGroupIngress', { FromPort: 9464 }, 0);
    });

    test('are read on a port that no target group can name, by whom is named alone', () => {
      const stack = new Stack();
      const template = built({ metrics: { scrapers: [group(stack)] } }, {}, stack);
      expect(gateOf(template).configuration.metrics.port).toBe(9464);
      const service = { 'Fn::GetAtt': [Match.stringLikeRegexp('^CoreServiceSecurityGroup'), 'GroupId'] };
      template.resourcePropertiesCountIs('AWS::EC2::SecurityGroupIngress', { GroupId: service, FromPort: 9464 }, 1);
      template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
        GroupId: service, FromPort: 9464, ToPort: 9464, IpProtocol: 'tcp', SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Prometheus'), 'GroupId'] }, CidrIp: Match.absent(),
      });
      // ECS takes as a target only what is mapped.
      template.hasResourceProperties('AWS::ECS::TaskDefinition', {
        ContainerDefinitions: Match.arrayWith([Match.objectLike({ Name: 'Gate', PortMappings: [{ ContainerPort: 8443, Protocol: 'tcp' }] })]),
      });
      template.resourcePropertiesCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', { Port: 9464 }, 0);
    });

    test('have a namespace that CloudWatch takes, of each Core its own', () => {
      const namespaces = ['One & only', 'One', 'x'.repeat(250)].map((id) => {
        const stack = new Stack(new App(), 'An-Odd-Name');
        remoteCore(new Construct(stack, id));
        return gateOf(Template.fromStack(stack)).configuration.metrics.namespace;
      });
      expect(namespaces.slice(0, 2)).toEqual(['SecureCore/An-Odd-Name/One---only/Core/Service/Gate', 'SecureCore/An-Odd-Name/One/Core/Service/Gate']);
      expect(namespaces[2]).toHaveLength(255);
      for (const namespace of namespaces) expect(namespace).toMatch(/^SecureCore\/[A-Za-z0-9._/#-]+$/);
    });

    test.each<[string, GateOptions, string]>([
      ['a namespace of AWS', { metrics: { namespace: 'AWS/ECS' } }, 'gate.metrics.namespace is "AWS/ECS". Name 1 to 255 letters, digits'],
      ['a namespace that begins with a colon', { metrics: { namespace: ':core' } }, 'gate.metrics.namespace is ":core"'],
      ['an empty namespace', { metrics: { namespace: '' } }, 'gate.metrics.namespace is ""'],
      ['a namespace that is too long', { metrics: { namespace: 'x'.repeat(256) } }, 'gate.metrics.namespace is '],
      ['a range of addresses as who reads them', { metrics: { scrapers: [Peer.ipv4('10.0.0.0/8')] } }, 'gate.metrics.scrapers is "without a security group". Name what asks'],
    ])('refuse %s', (_, gate, message) => {
      expect(() => built(gate)).toThrow(message);
    });

    test('cannot be where the Core listens', () => {
      const stack = new Stack();
      expect(() => remoteCore(stack, { container: { port: 9464 }, gate: { metrics: { scrapers: [group(stack)] } } })).toThrow('corePort is 9464. Metrics are read there, in the same task');
      expect(() => remoteCore(new Stack(), { container: { port: 9464 } })).not.toThrow();
    });
  });

  test('waits for open requests as long as it is told, and a little to say what became of them', () => {
    const template = built({ drainTimeout: Duration.seconds(30) });
    expect(gateOf(template).configuration.limits.drainSeconds).toBe(30);
    template.hasResourceProperties('AWS::ECS::TaskDefinition', { ContainerDefinitions: Match.arrayWith([Match.objectLike({ Name: 'Gate', StopTimeout: 40 })]) });
  });

  test('knows whether its Redis is a cluster, and asks for its nodes then', () => {
    const stack = new Stack();
    const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
    const { redis } = gateOf(built({ redis: new SecureRedis(stack, 'Redis', { network, shards: 3 }) }, { network }, stack)).configuration.rate ?? {};
    expect(redis).toMatchObject({ isCluster: true, host: expect.stringContaining('configurationendpoint') as string });
  });

  test.each<[string, SecureCoreProps['size'], { readonly maxTasks?: number }, number]>([
    ['the size', Size.STANDARD, {}, 4],
    ['the size for production', undefined, {}, 10],
    ['the container itself', Size.STANDARD, { maxTasks: 7 }, 7],
  ])('divides budgets among as many gates as %s lets run, while Redis is lost', (_, size, container, gates) => {
    const stack = new Stack();
    remoteCore(stack, { size, container, gate: { ratePlan: RatePlan.perCaller({ onRedisLost: RedisLoss.countLocally() }) } });
    expect(gateOf(Template.fromStack(stack)).configuration.rate?.onRedisLost).toEqual({ kind: 'count', gates });
  });

  test('refuses what it could not start with before anything is deployed', () => {
    expect(() => built({ identityHeader: 'x_user' })).toThrow('Default/Core/Service/Gate: gate.identityHeader is "x_user". Name a header');
  });

  test.each<[string, GateOptions, string]>([
    ['identityHeader', { identityHeader: 'x_user' }, 'Name a header of letters, digits and dashes'],
    ['identityHeader', { identityHeader: 'Host' }, 'That header has another meaning in every request'],
    ['identityHeader', { identityHeader: 'Authorization' }, 'Name a header of its own'],
    ['identityHeader', { identityHeader: 'x-same', scopesHeader: 'X-Same' }, 'Name a different header for each thing'],
    ['removedHeaders', { removedHeaders: ['x user'] }, 'Name a header of letters, digits and dashes'],
    ['certificateScopes', { certificateScopes: { 'CN=platform': ['*'] } }, 'each without blanks, commas and wildcards'],
    ['certificateScopes', { certificateScopes: { '': ['chat'] } }, 'Name the subject of a certificate'],
    ['maxBody', { maxBody: ByteSize.gibibytes(2) }, 'Name 1 byte to 1 GiB'],
    ['maxBody', { maxBody: ByteSize.bytes(0) }, 'Name 1 byte to 1 GiB'],
    ['requestTimeout', { requestTimeout: Duration.hours(2) }, 'Name whole seconds from 1 to an hour'],
    ['requestTimeout', { requestTimeout: Duration.millis(1500) }, 'Name whole seconds from 1 to an hour'],
    ['drainTimeout', { drainTimeout: Duration.seconds(0) }, 'Name whole seconds from 1 to 110, since Fargate kills after 120'],
    ['drainTimeout', { drainTimeout: Duration.seconds(111) }, 'Name whole seconds from 1 to 110, since Fargate kills after 120'],
    ['drainTimeout', { drainTimeout: Duration.millis(1500) }, 'Name whole seconds from 1 to 110, since Fargate kills after 120'],
    ['certificateScopes', { certificateScopes: { 'CN=platform': ['chät'] } }, 'each without blanks, commas and wildcards'],
    ['identityHeader', { removedHeaders: [], coreKey: { secret: CORE_KEY, header: 'X-Auth-Request-User' } }, 'Name a different header for each thing'],
  ])('refuses a wrong %s (%#) and says what to do', (prop, wrong, todo) => {
    expect(() => checkGate(new Stack(), wrong)).toThrow(`Default: gate.${prop} is `);
    expect(() => checkGate(new Stack(), wrong)).toThrow(todo);
  });

  test('refuses a route that says of nobody who may call it', () => {
    expect(() => built({}, { ingress: { routes: [Route.get('/v1/models')] } })).toThrow('/v1/models');
  });

  test('keys alone admit no callers from anywhere', () => {
    const everybody = Callers.internet({ reason: 'Customers call from networks that nobody can list' });
    expect(() => built({}, { authorizer: Authorizer.gateOnly(GateProof.apiKeys()), ingress: { callers: everybody } })).toThrow('callers');
  });
});
