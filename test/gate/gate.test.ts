import { App, Duration, Size as ByteSize, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import {
  Access, AdminSession, AdminUsers, Authorizer, Callers, CognitoIssuer, type GateOptions, GateProof, GateTable, HttpsOrigin,
  type IngressProps, JwtAlgorithm, KeySetSource, PrivateNetwork, Route, type SecureCoreProps, SecureRedis, Size,
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
          StopTimeout: 115,
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

  test('is told everything in one variable, which the service starts with, and its password by reference', () => {
    const template = built();
    expect(containersIn(template).Gate?.Environment?.map(({ Name }) => Name)).toEqual([CONFIGURATION_VARIABLE]);
    expect(containersIn(template).Gate?.Secrets).toEqual([{ Name: 'GATE_REDIS_PASSWORD', ValueFrom: { Ref: expect.stringMatching(/^CoreServiceGateRedisGatePassword/) as string } }]);
    const { configuration } = gateOf(template);
    expect(configuration).toEqual(writtenConfiguration(template));
    expect(configuration).toMatchObject({
      profile: 'remote',
      core: { port: 8000, healthCheckPath: '/health', publicHealth: false, identityHeader: 'x-auth-request-user' },
      policy: { routes: [{ method: 'POST', path: '/v1/evaluate', subtree: false, access: { kind: 'scope', scope: 'core/evaluate' } }], roles: {} },
      identity: { accept: [['token']] },
      limits: { maxBodyBytes: 10 * 1024 ** 2, idleTimeoutSeconds: 900, keepAliveSeconds: 960 },
      rate: { perSecond: 10, burst: 20, windowSeconds: 60 },
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
    asked.resourceCountIs('AWS::Events::Rule', 0);
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
    // The password of the other user, and of other gates, is nobody's.
    expect(statements.filter(({ Action }) => JSON.stringify(Action).includes('secretsmanager:'))).toHaveLength(1);
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
      callerRate: { perSecond: 200, burst: 400, window: Duration.seconds(10) },
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
    ['callerRate.perSecond', { callerRate: { perSecond: 0 } }, 'Name a whole number from 1 to 1000'],
    ['callerRate.burst', { callerRate: { perSecond: 50, burst: 20 } }, 'Name a whole number from perSecond, 50, to 10000'],
    ['callerRate.window', { callerRate: { perSecond: 1000, window: Duration.minutes(2) } }, '120000 requests of each caller would be remembered, and 60000 are the most'],
    ['callerRate.window', { callerRate: { window: Duration.seconds(0) } }, 'Name whole seconds from 1 to an hour'],
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
