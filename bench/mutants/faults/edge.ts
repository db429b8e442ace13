import { isJsonMap, type Json, type JsonMap } from '../../../src/checks/template/template';
import { at } from '../json';
import { become, each, type Fault, items, setting } from './fault';

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';

const speaks = (protocol: string) => (properties: JsonMap): boolean => properties.Protocol === protocol;
const isHttps = speaks('HTTPS');
const isRedirect = (properties: JsonMap): boolean => at(properties, ['DefaultActions', 0, 'Type']) === 'redirect';
const isJwt = (action: Json): boolean => isJsonMap(action) && action.Type === 'jwt-validation';
const hasJwt = (properties: JsonMap): boolean => isJwt(at(properties, ['Actions', 0]) ?? null);
const SOMEWHERE = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/core/0123456789abcdef';
const FORWARD = { Type: 'forward', TargetGroupArn: SOMEWHERE };

/** Policies that admit TLS 1.2 or older, as the load balancer's documentation lists them. */
const OLD_POLICIES = [
  '2016-08', 'TLS-1-0-2015-04', 'TLS-1-1-2017-01', 'TLS-1-2-2017-01', 'TLS-1-2-Ext-2018-06', 'FS-2018-06', 'FS-1-1-2019-08', 'FS-1-2-2019-08', 'FS-1-2-Res-2019-08', 'FS-1-2-Res-2020-10',
  'TLS13-1-0-2021-06', 'TLS13-1-1-2021-06', 'TLS13-1-2-2021-06', 'TLS13-1-2-Ext1-2021-06', 'TLS13-1-2-Ext2-2021-06', 'TLS13-1-2-Res-2021-06',
  'TLS13-1-0-FIPS-2023-04', 'TLS13-1-1-FIPS-2023-04', 'TLS13-1-2-FIPS-2023-04', 'TLS13-1-2-Ext0-FIPS-2023-04',
].map((name) => `ELBSecurityPolicy-${name}`);

const TLS: readonly Fault[] = [
  ...each(OLD_POLICIES, (policy) => ({ name: policy, control: 'TLS-2', type: LISTENER, when: isHttps, path: ['SslPolicy'], change: become(policy) })),
  { name: 'certificate from IAM', control: 'TLS-3', type: LISTENER, when: isHttps, path: ['Certificates', 0, 'CertificateArn'], change: become('arn:aws:iam::111122223333:server-certificate/core') },
  { name: 'plain listener forwards', control: 'TLS-1', type: LISTENER, when: isRedirect, path: ['DefaultActions'], change: become([FORWARD]) },
  {
    name: 'plain listener answers', control: 'TLS-4', type: LISTENER, when: isRedirect,
    path: ['DefaultActions'], change: become([{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }]),
  },
  { name: 'redirect to plain HTTP', control: 'TLS-4', type: LISTENER, when: isRedirect, path: ['DefaultActions', 0, 'RedirectConfig', 'Protocol'], change: become('HTTP') },
  { name: 'redirect to another host', control: 'TLS-4', type: LISTENER, when: isRedirect, path: ['DefaultActions', 0, 'RedirectConfig', 'Host'], change: become('core.example.org') },
  { name: 'redirect to port 8080', control: 'TLS-4', type: LISTENER, when: isRedirect, path: ['DefaultActions', 0, 'RedirectConfig', 'Port'], change: become('8080') },
  {
    name: 'plain listener beside', control: 'TLS-1', type: LISTENER, when: isHttps,
    beside: (_, { LoadBalancerArn }) => ({ Type: LISTENER, Properties: { LoadBalancerArn: LoadBalancerArn ?? null, Protocol: 'HTTP', Port: 8080, DefaultActions: [FORWARD] } }),
  },
  ...each([
    ['routing.http.desync_mitigation_mode', 'monitor'], ['routing.http.xff_header_processing.mode', 'preserve'],
    ['routing.http.xff_header_processing.mode', 'remove'], ['waf.fail_open.enabled', 'true'],
  ] as const, ([key, value]) => ({ name: `${key}=${value}`, control: 'TLS-7', type: BALANCER, when: ({ Type }) => Type !== 'network', path: ['LoadBalancerAttributes'], change: setting(key, value) })),
];

const withoutJwt = (actions: Json | undefined): Json => items(actions).filter((action) => !isJwt(action));

const withClaims = (...claims: readonly (readonly [string, string])[]): Json => claims.map(([Name, value]) => ({ Format: 'single-string', Name, Values: [value] }));

const CLAIMS = ['Actions', 0, 'JwtValidationConfig', 'AdditionalClaims'];

const openRule = (path: string, control: 'IDN-1' | 'IDN-10', auth: (rule: JsonMap) => readonly Json[]): Fault => ({
  name: `rule for ${path}`, control, type: RULE, when: hasJwt,
  beside: (_, rule) => ({
    Type: RULE,
    Properties: { ListenerArn: rule.ListenerArn ?? null, Priority: 5, Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: [path] } }], Actions: auth(rule) },
  }),
});

const IDENTITY: readonly Fault[] = [
  {
    name: 'default action forwards', control: 'IDN-1', type: LISTENER, when: (listener) => isHttps(listener) && listener.MutualAuthentication === undefined,
    path: ['DefaultActions'], change: become([FORWARD]),
  },
  { name: 'no token asked for', control: 'IDN-1', type: RULE, when: hasJwt, path: ['Actions'], change: withoutJwt },
  { name: 'forward before the token', control: 'IDN-1', type: RULE, when: hasJwt, path: ['Actions', 1, 'Order'], change: become(0) },
  openRule('/public/*', 'IDN-1', (rule) => items(withoutJwt(rule.Actions))),
  openRule('/admin/*', 'IDN-10', (rule) => items(rule.Actions)),
  ...each(['off', 'passthrough'], (mode) => ({
    name: `client certificates ${mode}`, control: 'IDN-1', type: LISTENER, when: ({ MutualAuthentication }) => MutualAuthentication !== undefined,
    path: ['MutualAuthentication', 'Mode'], change: become(mode),
  })),
  ...each(['http://login.acme.com/jwks.json', 'https://login.acme.com@keys.example.org/jwks.json'], (url) => ({
    name: `keys from ${url.replaceAll('/', ' ')}`, control: 'IDN-2', type: RULE, when: hasJwt, path: ['Actions', 0, 'JwtValidationConfig', 'JwksEndpoint'], change: become(url),
  })),
  { name: 'issuer without TLS', control: 'IDN-2', type: RULE, when: hasJwt, path: ['Actions', 0, 'JwtValidationConfig', 'Issuer'], change: become('http://login.acme.com/') },
  { name: 'client without token use', control: 'IDN-3', type: RULE, when: hasJwt, path: CLAIMS, change: become(withClaims(['client_id', 'platform'])) },
  { name: 'identity token as access token', control: 'IDN-3', type: RULE, when: hasJwt, path: CLAIMS, change: become(withClaims(['client_id', 'platform'], ['token_use', 'id'])) },
  { name: 'scope alone', control: 'IDN-3', type: RULE, when: hasJwt, path: CLAIMS, change: become(withClaims(['scope', 'core/invoke'])) },
  { name: 'empty audience', control: 'IDN-3', type: RULE, when: hasJwt, path: CLAIMS, change: become(withClaims(['aud', ''])) },
];

const HSTS = 'routing.http.response.strict_transport_security.header_value';
const HEADERS: readonly Fault[] = [
  ...each(['max-age=0', 'max-age=300', 'includeSubDomains'], (value) => ({
    name: `HSTS ${value}`, control: 'HDR-5', type: LISTENER, when: isHttps, path: ['ListenerAttributes'], change: setting(HSTS, value),
  })),
  { name: 'any origin', control: 'HDR-2', type: LISTENER, when: isHttps, path: ['ListenerAttributes'], change: setting('routing.http.response.access_control_allow_origin.header_value', '*') },
  {
    name: 'origin without TLS', control: 'HDR-1', type: LISTENER, when: isHttps,
    path: ['ListenerAttributes'], change: setting('routing.http.response.access_control_allow_origin.header_value', 'http://app.acme.com'),
  },
];

export const EDGE_FAULTS = [...TLS, ...IDENTITY, ...HEADERS];
