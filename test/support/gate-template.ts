import type { Json, JsonMap, Template } from '../../src/checks/template/template';
import { AUDIT_KEY_VARIABLE, CONFIGURATION_VARIABLE, CORE_KEY_VARIABLE, GATE_CONTAINER, type GateConfiguration, REDIS_PASSWORD_VARIABLE, type TokenConfiguration } from '../../src/gate/contract';
import { GATE_REDIS_COMMANDS } from '../../src/gate/redis-commands';
import { RATE_LIMIT } from './plain-edge';

const ISSUER = 'https://login.acme.test';
export const ORIGIN = 'https://app.acme.test';

const TOKENS: TokenConfiguration = {
  issuer: ISSUER,
  claims: [{ name: 'aud', values: ['core'] }],
  algorithms: ['RS256'],
  clockSkewSeconds: 60,
  subjectClaim: 'sub',
  scopesClaim: 'scope',
  rolesClaim: 'roles',
  keys: { source: 'mirror', uri: `${ISSUER}/.well-known/jwks.json`, ttlSeconds: 60, timeoutSeconds: 3, maxAttempts: 2, backoffSeconds: 0.2, maxBackoffSeconds: 1 },
};

/** Tokens with scopes and roles, or an API key, by exact routes. */
export const GATE_CONFIGURATION: GateConfiguration = {
  version: 1,
  profile: 'remote',
  port: 8443,
  core: { port: 8000, healthCheckPath: '/health', publicHealth: true, identityHeader: 'x-auth-request-user', scopesHeader: 'x-auth-scopes', removedHeaders: ['x-tenant'], keyHeader: 'x-core-key' },
  policy: {
    routes: [
      { method: 'GET', path: '/v1/models', subtree: false, access: { kind: 'authenticated' }, tier: 'light', streams: false },
      { method: 'POST', path: '/v1/evaluate', subtree: false, access: { kind: 'scope', scope: 'evaluate' }, tier: 'heavy', streams: false },
      { method: 'POST', path: '/v1/train', subtree: false, access: { kind: 'all', of: [{ kind: 'scope', scope: 'evaluate' }, { kind: 'scope', scope: 'train' }] }, tier: 'light', streams: true },
      { method: 'GET', path: '/v1/runs', subtree: true, access: { kind: 'any', of: [{ kind: 'scope', scope: 'runs:read' }, { kind: 'scope', scope: 'runs:all' }] }, tier: 'light', streams: false },
    ],
    roles: { operator: ['evaluate'] },
  },
  identity: { accept: [['token']], tokens: [TOKENS] },
  limits: { maxBodyBytes: 1_048_576, headersTimeoutSeconds: 5, requestTimeoutSeconds: 20, idleTimeoutSeconds: 60, keepAliveSeconds: 75, maxConnections: 512, drainSeconds: 1 },
  cors: { origins: [ORIGIN, 'https://admin.acme.test:8443'], credentials: true, headers: ['authorization', 'content-type'], maxAgeSeconds: 600 },
  table: { name: 'gate', region: 'eu-central-1' },
  rate: {
    redis: { host: 'master.redis.test', port: 6379, user: 'gate', keyPrefix: 'gate', isCluster: false },
    onRedisLost: { kind: 'refuse' },
    plan: { general: { requests: 1200, windowSeconds: 60, burst: 40 }, heavy: { requests: 60, windowSeconds: 60, burst: 10 }, streams: 5 },
    overrides: [],
  },
  metrics: { namespace: 'SecureCore/Gated' },
};

/** Tokens or API keys. */
export const TOKENS_OR_KEYS: GateConfiguration = {
  ...GATE_CONFIGURATION,
  identity: { accept: [['token'], ['key']], tokens: [{ ...TOKENS, clockSkewSeconds: 30 }], key: { header: 'x-api-key', prefix: 'ctx_', inAuthorization: false } },
};

/** Tokens whose keys the gate fetches from their issuer itself. */
export const FETCHING: GateConfiguration = {
  ...GATE_CONFIGURATION,
  identity: { accept: [['token']], tokens: [{ ...TOKENS, keys: { ...TOKENS.keys, source: 'https' } }] },
};

/** API keys alone, which the load balancer cannot verify. */
export const KEYS_ONLY: GateConfiguration = {
  ...GATE_CONFIGURATION,
  identity: { accept: [['key']], tokens: [], key: { header: 'x-api-key', prefix: 'ctx_', inAuthorization: true } },
};

const ARN = 'arn:aws:acm:eu-central-1:111122223333:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6';

const condition = (Field: string, config: string, ...Values: Json[]): JsonMap => ({ Field, [config]: { Values } });
const HOST = condition('host-header', 'HostHeaderConfig', 'core.acme.test');
const FORWARD: JsonMap = { Type: 'forward', Order: 2, TargetGroupArn: { Ref: 'Targets' } };

const rule = (Priority: number, Conditions: Json[], ...Actions: Json[]): JsonMap => ({
  Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
  Properties: { ListenerArn: { Ref: 'Listener' }, Priority, Conditions: [HOST, ...Conditions], Actions },
});

const attributes = (all: Readonly<Record<string, string>>): Json[] => Object.entries(all).map(([Key, Value]) => ({ Key, Value }));

const RESPONSE = 'routing.http.response';

/** A load balancer before a task with a gate and a Core, without any construct of ours. */
export function gateTemplate(configuration: GateConfiguration = GATE_CONFIGURATION, name = 'Gated'): Template {
  const jwts = configuration.identity.tokens.map((token): JsonMap => ({
    Type: 'jwt-validation',
    Order: 1,
    JwtValidationConfig: { Issuer: token.issuer, JwksEndpoint: token.keys.uri,
      AdditionalClaims: token.claims.map((claim) => ({ Name: claim.name, Format: 'single-string', Values: [...claim.values] })) },
  }));
  const Resources: JsonMap = {
    LoadBalancer: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: { Scheme: 'internal', Type: 'application', Subnets: ['subnet-1', 'subnet-2'], LoadBalancerAttributes: attributes({ 'routing.http.drop_invalid_header_fields.enabled': 'true' }) },
    },
    Listener: {
      Type: 'AWS::ElasticLoadBalancingV2::Listener',
      Properties: {
        LoadBalancerArn: { Ref: 'LoadBalancer' },
        Port: 443,
        Protocol: 'HTTPS',
        SslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06',
        Certificates: [{ CertificateArn: ARN }],
        DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
        ListenerAttributes: attributes({
          [`${RESPONSE}.strict_transport_security.header_value`]: 'max-age=63072000; includeSubDomains',
          [`${RESPONSE}.x_content_type_options.header_value`]: 'nosniff',
          [`${RESPONSE}.x_frame_options.header_value`]: 'DENY',
          [`${RESPONSE}.server.enabled`]: 'false',
        }),
      },
    },
    Preflights: rule(10, [condition('http-request-method', 'HttpRequestMethodConfig', 'OPTIONS')], FORWARD),
    Health: rule(20, [condition('http-request-method', 'HttpRequestMethodConfig', 'GET'), condition('path-pattern', 'PathPatternConfig', '/health')], FORWARD),
    Routes: rule(30, [condition('path-pattern', 'PathPatternConfig', '/v1/*')], ...jwts, FORWARD),
    Targets: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: { Protocol: 'HTTPS', Port: 8443, TargetType: 'ip', VpcId: 'vpc-1', HealthCheckPath: '/.gate/health' } },
    WebAcl: {
      Type: 'AWS::WAFv2::WebACL',
      Properties: {
        Scope: 'REGIONAL',
        DefaultAction: { Allow: {} },
        VisibilityConfig: { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: 'acl' },
        Rules: [{
          Name: 'rate',
          Priority: 1,
          Action: { Block: { CustomResponse: { ResponseCode: 429, ResponseHeaders: [{ Name: 'Retry-After', Value: '120' }] } } },
          VisibilityConfig: { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: 'rate' },
          Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: RATE_LIMIT, EvaluationWindowSec: 120 } },
        }],
      },
    },
    Association: { Type: 'AWS::WAFv2::WebACLAssociation', Properties: { ResourceArn: { Ref: 'LoadBalancer' }, WebACLArn: { 'Fn::GetAtt': ['WebAcl', 'Arn'] } } },
    Task: {
      Type: 'AWS::ECS::TaskDefinition',
      Properties: {
        NetworkMode: 'awsvpc',
        ContainerDefinitions: [
          {
            Name: GATE_CONTAINER,
            Image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/gate:abc',
            PortMappings: [{ ContainerPort: configuration.port }],
            Environment: [{ Name: CONFIGURATION_VARIABLE, Value: JSON.stringify(configuration) }],
            Secrets: [
              { Name: AUDIT_KEY_VARIABLE, ValueFrom: { Ref: 'AuditKey' } },
              ...(configuration.rate ? [{ Name: REDIS_PASSWORD_VARIABLE, ValueFrom: { Ref: 'Password' } }] : []),
              ...(configuration.core.keyHeader === undefined ? [] : [{ Name: CORE_KEY_VARIABLE, ValueFrom: { Ref: 'CoreKey' } }]),
            ],
          },
          { Name: 'Core', Image: 'core' },
        ],
      },
    },
    Service: {
      Type: 'AWS::ECS::Service',
      Properties: { TaskDefinition: { Ref: 'Task' }, LoadBalancers: [{ ContainerName: GATE_CONTAINER, ContainerPort: configuration.port, TargetGroupArn: { Ref: 'Targets' } }] },
    },
    Password: { Type: 'AWS::SecretsManager::Secret', Properties: {} },
    AuditKey: { Type: 'AWS::SecretsManager::Secret', Properties: {} },
    CoreKey: { Type: 'AWS::SecretsManager::Secret', Properties: {} },
    User: {
      Type: 'AWS::ElastiCache::User',
      Properties: { Engine: 'valkey', UserId: 'gate', UserName: 'gate', AccessString: `on ~gate:* resetchannels -@all ${GATE_REDIS_COMMANDS.map((command) => `+${command}`).join(' ')}` },
    },
    Users: { Type: 'AWS::ElastiCache::UserGroup', Properties: { Engine: 'valkey', UserGroupId: 'users', UserIds: ['gate'] } },
    Redis: { Type: 'AWS::ElastiCache::ReplicationGroup', Properties: { ReplicationGroupDescription: 'counts', UserGroupIds: [{ Ref: 'Users' }] } },
  };
  return { name, body: { Resources } };
}
