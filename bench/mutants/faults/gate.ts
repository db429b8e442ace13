import type { ControlId } from '../../../src/controls';
import { isJsonMap, type Json } from '../../../src/checks/template/template';
import { CONFIGURATION_VARIABLE } from '../../../src/gate/contract';
import { become, each, type Fault, items } from './fault';

const TASK = 'AWS::ECS::TaskDefinition';
const SERVICE = 'AWS::ECS::Service';
const USER = 'AWS::ElastiCache::User';

/** The text pieces of a value, which a join may hold together. */
function inText(value: Json | undefined, change: (text: string) => string): Json {
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

const STORE: readonly Fault[] = [
  { name: 'a user who may do everything', control: 'DAT-4', type: USER, path: ['AccessString'], change: become('on ~* +@all') },
  {
    name: 'a user without a password', control: 'DAT-4', type: USER, path: [],
    change: (user) => ({ ...(isJsonMap(user) ? user : {}), AccessString: 'on ~gate:* -@all +get', AuthenticationMode: { Type: 'no-password-required' } }),
  },
  { name: 'the service\'s own default user', control: 'DAT-4', type: 'AWS::ElastiCache::UserGroup', path: ['UserIds'], change: (users) => [...items(users).slice(1), 'default'] },
];

/** What weakens a gate, and what leads past it. */
export const GATE_FAULTS = [...IDENTITY, ...STRANGERS, ...POLICY, ...BROWSERS, ...PAST, ...STORE];
