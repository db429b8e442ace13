import type { ControlId } from '../../../src/controls';
import { isJsonMap, type Json, type JsonMap } from '../../../src/checks/template/template';
import { AUDIT_KEY_VARIABLE, CONFIGURATION_VARIABLE, GATE_CONTAINER } from '../../../src/gate/contract';
import { become, each, type Fault, items } from './fault';

const TASK = 'AWS::ECS::TaskDefinition';
const SERVICE = 'AWS::ECS::Service';
const USER = 'AWS::ElastiCache::User';

/** The text pieces of a value, which a join may hold together. */
export function inText(value: Json | undefined, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map((piece) => inText(piece, change));
  const join = isJsonMap(value) ? value['Fn::Join'] : undefined;
  return join === undefined ? value ?? null : { 'Fn::Join': inText(join, change) };
}

/** What a gate is told, with some of its JSON in other words; nothing where those words do not stand in it. */
const told = (name: string, control: ControlId, from: string | RegExp, to: string): Fault => ({
  name: `gate: ${name}`, control, type: TASK, path: ['ContainerDefinitions'],
  change: (containers) => items(containers).map((container) => (isJsonMap(container) && container.Environment !== undefined ? {
    ...container,
    Environment: items(container.Environment).map((entry) => (
      isJsonMap(entry) && entry.Name === CONFIGURATION_VARIABLE ? { ...entry, Value: inText(entry.Value, (text) => text.replace(from, to)) } : entry
    )),
  } : container)),
});

/** One more part of the configuration. */
const toldMore = (name: string, control: ControlId, part: object): Fault => told(name, control, '"table":{', `${JSON.stringify(part).slice(1, -1)},"table":{`);
const cors = (name: string, control: ControlId, origin: string, credentials = false): Fault =>
  toldMore(name, control, { cors: { origins: [origin], credentials, headers: [], maxAgeSeconds: 600 } });
/** One more part of how callers prove who they are. */
const proofMore = (name: string, control: ControlId, part: object): Fault => told(name, control, '"identity":{', `"identity":{${JSON.stringify(part).slice(1, -1)},`);
const access = (name: string, control: ControlId, condition: object): Fault => told(name, control, /"access":\{"kind":"scope","scope":"core\/(evaluate|chat)"\}/, `"access":${JSON.stringify(condition)}`);

const IDENTITY: readonly Fault[] = [
  told('HS256', 'IDN-2', '"algorithms":["RS256"]', '"algorithms":["RS256","HS256"]'),
  told('local profile', 'IDN-2', '"profile":"remote"', '"profile":"local"'),
  told('keys of something else than https', 'IDN-2', '"uri":"https://', '"uri":"file://'),
  told('keys by http', 'TLS-5', '"uri":"https://', '"uri":"http://'),
  told('shared secret', 'IDN-2', '"source":"mirror"', '"source":"secret"'),
  told('no audience', 'IDN-3', '{"name":"aud","values":["core"]},', ''),
  told('any use of a token', 'IDN-3', '{"name":"token_use","values":["access"]},', ''),
  told('another issuer', 'IDN-3', '"issuer":"https://', '"issuer":"https://other.'),
  told('no issuer', 'IDN-3', '"issuer":"https://login.acme.com/"', '"issuer":""'),
  ...each([61, 3600, -1], (seconds) => told(`clocks ${seconds} apart`, 'IDN-11', '"clockSkewSeconds":60', `"clockSkewSeconds":${seconds}`)),
  ...each(['email', 'name', ''], (claim) => told(`subject ${claim}`, 'IDN-11', /"subjectClaim":"\w+"/, `"subjectClaim":"${claim}"`)),
  ...each([['ttlSeconds', 86_400], ['ttlSeconds', 0], ['timeoutSeconds', 60], ['maxAttempts', 100], ['backoffSeconds', 0], ['maxBackoffSeconds', 0.1]] as const, ([key, value]) =>
    told(`${key} ${value}`, 'IDN-5', new RegExp(`"${key}":[\\d.]+`), `"${key}":${value}`)),
  ...each(['authorization', 'x-forwarded-for', 'x_auth_request_user', 'X-Auth-Request-User'], (header) =>
    told(`identity in ${header}`, 'IDN-7', '"identityHeader":"x-auth-request-user"', `"identityHeader":"${header}"`)),
  proofMore('certificates of nobody', 'IDN-7', { certificate: { subjectHeader: 'x-amzn-mtls-clientcert-subject', scopes: {} } }),
  proofMore('keys where tokens are', 'IDN-8', { key: { header: 'x-api-key', prefix: 'ctx_', inAuthorization: true } }),
  proofMore('keys without a prefix', 'IDN-8', { key: { header: 'x-api-key', prefix: '', inAuthorization: false } }),
  proofMore('keys in a cookie', 'IDN-8', { key: { header: 'cookie', prefix: 'ctx_', inAuthorization: false } }),
];

const POLICY: readonly Fault[] = [
  access('none of nothing', 'AZN-1', { kind: 'all', of: [] }),
  access('any of nothing', 'AZN-1', { kind: 'any', of: [] }),
  access('anonymous', 'AZN-1', { kind: 'anonymous' }),
  access('a scope without a name', 'AZN-1', { kind: 'scope', scope: '' }),
  access('a scope dropped', 'AZN-1', { kind: 'authenticated' }),
  told('no routes', 'AZN-1', /"routes":\[.*\],"roles"/, '"routes":[],"roles"'),
  told('every path below the root', 'AZN-1', '"routes":[', '"routes":[{"method":"ANY","path":"/","subtree":true,"access":{"kind":"role","role":"guest"}},'),
  told('role of everything', 'AZN-4', '"roles":{}', '"roles":{"admin":["*"]}'),
];

const BROWSERS: readonly Fault[] = [
  cors('any origin', 'HDR-1', '*'),
  cors('any origin with credentials', 'HDR-2', '*', true),
  cors('an origin without TLS', 'HDR-1', 'http://app.acme.com'),
  cors('an origin with a star', 'HDR-1', 'https://*.acme.com'),
  cors('a developer\'s machine', 'HDR-6', 'https://localhost:3000'),
];

const core = (name: string, control: ControlId, key: 'PortMappings' | 'Environment', entry: Json): Fault => ({
  name, control, type: TASK, path: ['ContainerDefinitions', 0], when: ({ ContainerDefinitions }) => items(ContainerDefinitions).length > 1,
  change: (container) => (isJsonMap(container) ? { ...container, [key]: [...items(container[key]), entry] } : null),
});

const STRANGERS: readonly Fault[] = [
  told('no proof', 'IDN-1', '"accept":[["token"]]', '"accept":[[]]'),
  told('health for strangers', 'IDN-1', '"publicHealth":false', '"publicHealth":true'),
];

/** Ways to the Core that do not lead through the gate, and words that the Core believes without it. */
const PAST: readonly Fault[] = [
  core('a port of the Core beside the gate', 'NET-6', 'PortMappings', { ContainerPort: 8000 }),
  {
    name: 'target group of the Core', control: 'NET-6', type: SERVICE, when: ({ LoadBalancers }) => JSON.stringify(LoadBalancers ?? null).includes('"Gate"'),
    path: ['LoadBalancers'], change: (entries) => items(entries).map((entry) => (isJsonMap(entry) ? { ...entry, ContainerName: 'Core', ContainerPort: 8000 } : entry)),
  },
  core('believes another header', 'IDN-7', 'Environment', { Name: 'TGEFD_MTLS_IDENTITY_HEADER', Value: 'x-client-dn' }),
  core('scopes from a header of callers', 'IDN-7', 'Environment', { Name: 'TGEFD_MTLS_SCOPES_HEADER', Value: 'x-granted' }),
  core('believes every proxy', 'HDR-7', 'Environment', { Name: 'FORWARDED_ALLOW_IPS', Value: '*' }),
  ...each([['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector:4317'], ['REDIS_URL', 'redis://cache.internal:6379'], ['OLLAMA_BASE_URL', 'http://ollama.internal:11434']] as const, ([Name, Value]) =>
    core(`${Name} in clear`, 'TLS-5', 'Environment', { Name, Value })),
];

const GENERAL = /"general":\{"requests":\d+,"windowSeconds":\d+,"burst":\d+\}/;
const HEAVY = /"heavy":\{"requests":\d+,"windowSeconds":\d+,"burst":\d+\}/;
const LOSS = /"onRedisLost":\{[^}]*\}/;
const budget = (name: 'general' | 'heavy', requests: number, windowSeconds: number, burst: number): string => JSON.stringify({ [name]: { requests, windowSeconds, burst } }).slice(1, -1);

/** Limits that limit nobody, or not by who he is (RTL-2 to RTL-6). */
const LIMITS: readonly Fault[] = [
  told('nothing is counted', 'RTL-2', '"rate":{', '"rates":{'),
  told('a burst of a million', 'RTL-2', GENERAL, budget('general', 600, 60, 1_000_000)),
  told('a million a second', 'RTL-2', GENERAL, budget('general', 1_000_000, 1, 10_000)),
  told('a day for a window', 'RTL-2', GENERAL, budget('general', 864_000, 86_400, 20)),
  told('no heavy budget', 'RTL-3', '"heavy":{', '"heavier":{'),
  told('more that is heavy than what is not', 'RTL-3', HEAVY, budget('heavy', 60_000, 60, 1000)),
  told('a heavy burst of a million', 'RTL-3', HEAVY, budget('heavy', 60, 60, 1_000_000)),
  told('a thousand streams', 'RTL-4', /"streams":\d+/, '"streams":1000'),
  told('a budget for each token', 'RTL-5', '"keys":{"source"', '"endUserClaim":"jti","keys":{"source"'),
  told('everybody passes without Redis', 'RTL-6', LOSS, '"onRedisLost":{"kind":"open"}'),
  told('nobody is told what happens without Redis', 'RTL-6', LOSS, '"onRedisLost":{}'),
  told('each gate grants all of a budget without Redis', 'RTL-6', LOSS, '"onRedisLost":{"kind":"count","gates":1}'),
];

/** A change to the container in which a gate runs. */
const ofGate = (name: string, control: ControlId, change: (container: JsonMap) => JsonMap): Fault => ({
  name: `gate: ${name}`, control, type: TASK, path: ['ContainerDefinitions'],
  change: (containers) => items(containers).map((container) => (isJsonMap(container) && container.Name === GATE_CONTAINER ? change(container) : container)),
});
const isAuditKey = (entry: Json): boolean => isJsonMap(entry) && entry.Name === AUDIT_KEY_VARIABLE;
const withoutAuditKey = (container: JsonMap): JsonMap => ({ ...container, Secrets: items(container.Secrets).filter((entry) => !isAuditKey(entry)) });
const loggingIn = (name: string, mode: Json): Fault => ofGate(name, 'AUD-1', (container) => {
  const log = isJsonMap(container.LogConfiguration) ? container.LogConfiguration : {};
  return { ...container, LogConfiguration: { ...log, Options: { ...(isJsonMap(log.Options) ? log.Options : {}), mode } } };
});

/** Records that get lost or name callers, and figures that everybody sees. */
const RECORDS: readonly Fault[] = [
  ofGate('audit key in the environment', 'AUD-1', (container) => ({
    ...withoutAuditKey(container), Environment: [...items(container.Environment), { Name: AUDIT_KEY_VARIABLE, Value: 'YXVkaXQtYXVkaXQtYXVkaXQ=' }],
  })),
  ofGate('no audit key', 'AUD-1', withoutAuditKey),
  loggingIn('records that are dropped', 'non-blocking'),
  told('metrics at the port of the load balancer', 'MON-3', '"metrics":{', '"metrics":{"port":8443,'),
  told('metrics without a namespace', 'MON-3', '"metrics":{"namespace":"', '"metrics":{"namespace":"","is":"'),
  {
    name: 'Prometheus behind a load balancer', control: 'MON-3', type: SERVICE, path: ['LoadBalancers'], when: ({ LoadBalancers }) => items(LoadBalancers).length > 0,
    change: (entries) => items(entries).map((entry) => (isJsonMap(entry) ? { ...entry, ContainerPort: 9090 } : entry)),
  },
];

const STORE: readonly Fault[] = [
  { name: 'a user who may do everything', control: 'DAT-4', type: USER, path: ['AccessString'], change: become('on ~* +@all') },
  {
    name: 'a user without a password', control: 'DAT-4', type: USER, path: [],
    change: (user) => ({ ...(isJsonMap(user) ? user : {}), AccessString: 'on ~gate:* -@all +get', AuthenticationMode: { Type: 'no-password-required' } }),
  },
  { name: 'the service\'s own default user', control: 'DAT-4', type: 'AWS::ElastiCache::UserGroup', path: ['UserIds'], change: (users) => [...items(users).slice(1), 'default'] },
];

/** What weakens a gate, and what leads past it. */
export const GATE_FAULTS = [...IDENTITY, ...STRANGERS, ...POLICY, ...BROWSERS, ...PAST, ...LIMITS, ...RECORDS, ...STORE];
