import { bootstrap } from '../../../../src/drill/edge/envoy/bootstrap';
import type { ClientCertificates, ListenerModel, RuleModel, TlsPolicy, WebAclModel } from '../../../../src/drill/edge/model';
import { edge, FORWARD, HYGIENE, jwt, listener, MODERN, OLD, rule, tls, wafRule, webAcl } from './models';

const CERTIFICATE = { certificatePem: 'CERT', privateKeyPem: 'KEY' };
const AROUND = {
  pki: {
    server: CERTIFICATE, serverCaPem: 'SERVER CA', clientCaPem: 'CLIENT CA', clientCrlPem: 'CRL',
    clients: { good: () => CERTIFICATE, selfSigned: () => CERTIFICATE, expired: () => CERTIFICATE, revoked: () => CERTIFICATE, wrongAuthority: () => CERTIFICATE },
  },
  core: { port: 4001 },
  issuer: { port: 4002, jwksPath: (endpoint: string) => `/sets/${endpoint.length}` },
  live: { folder: '/live', addresses: () => [] },
};

/** What of the configuration these tests look at. */
interface Config {
  readonly static_resources: {
    readonly listeners: readonly [{
      readonly address: { readonly socket_address: unknown };
      readonly filter_chains: readonly [{ readonly transport_socket?: { readonly typed_config: Socket }; readonly filters: readonly [unknown, { readonly typed_config: Manager }] }];
    }];
    readonly clusters: readonly unknown[];
  };
}

interface Socket {
  readonly common_tls_context: { readonly tls_params: Readonly<Record<string, unknown>>; readonly validation_context?: Readonly<Record<string, unknown>> };
  readonly require_client_certificate: boolean;
}

interface Manager {
  readonly codec_type: string;
  readonly http_filters: readonly { readonly name: string; readonly typed_config: Readonly<Record<string, unknown>> }[];
  readonly route_config: { readonly virtual_hosts: readonly [{ readonly routes: readonly Readonly<Record<string, unknown>>[] }] };
}

function configOf(model: ListenerModel): Config {
  return JSON.parse(JSON.stringify(bootstrap(edge(model), AROUND))) as Config;
}

function managerOf(model: ListenerModel): Manager {
  return configOf(model).static_resources.listeners[0].filter_chains[0].filters[1].typed_config;
}

function socketOf(policy: TlsPolicy, clients?: ClientCertificates): Socket {
  const socket = configOf(listener('L', { tls: tls({ policy, clients }) })).static_resources.listeners[0].filter_chains[0].transport_socket;
  if (socket === undefined) throw new Error('no TLS');
  return socket.typed_config;
}

function filterNames(model: ListenerModel): string[] {
  return managerOf(model).http_filters.map(({ name }) => name);
}

describe('listeners', () => {
  test('stand on a free port of the loopback device and nowhere else', () => {
    expect(configOf(listener('L')).static_resources.listeners[0].address.socket_address).toEqual({ address: '127.0.0.1', port_value: 0 });
  });

  test('speak HTTP/2 only with TLS', () => {
    expect([managerOf(listener('L')).codec_type, managerOf(listener('L', { tls: tls() })).codec_type]).toEqual(['HTTP1', 'AUTO']);
  });

  test('reach the Core and the issuer, and nobody else', () => {
    expect(JSON.stringify(configOf(listener('L')).static_resources.clusters).match(/"port_value":\d+/g)).toEqual(['"port_value":4001', '"port_value":4002']);
  });
});

describe('TLS', () => {
  test('has the versions and suites of the policy but for what BoringSSL lacks', () => {
    expect(socketOf(OLD).common_tls_context.tls_params).toEqual({
      tls_minimum_protocol_version: 'TLSv1_0',
      tls_maximum_protocol_version: 'TLSv1_2',
      cipher_suites: ['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-SHA', 'AES128-SHA'],
    });
  });

  test('has no suites to choose where only 1.3 is spoken, and the policy\'s groups under BoringSSL\'s names', () => {
    expect(socketOf(MODERN).common_tls_context.tls_params).toEqual({
      tls_minimum_protocol_version: 'TLSv1_3', tls_maximum_protocol_version: 'TLSv1_3', ecdh_curves: ['X25519MLKEM768', 'X25519', 'P-256'],
    });
  });

  test('cannot be imitated where no suite is left', () => {
    expect(() => socketOf({ ...OLD, ciphers: ['AES128-SHA256', 'AES256-SHA256'] }))
      .toThrow('Stack/L: the policy ELBSecurityPolicy-2016-08 cannot be imitated by the edge; Envoy speaks none of its cipher suites (AES128-SHA256, AES256-SHA256).');
  });

  test.each<[string, ClientCertificates, Readonly<Record<string, unknown>>, boolean]>([
    ['verify', { mode: 'verify', ignoreExpiry: false, trustStore: 'S', revocation: true },
      { trusted_ca: { inline_string: 'CLIENT CA' }, crl: { inline_string: 'CRL' }, allow_expired_certificate: false }, true],
    ['verify loosely', { mode: 'verify', ignoreExpiry: true, trustStore: 'S', revocation: false }, { trusted_ca: { inline_string: 'CLIENT CA' }, allow_expired_certificate: true }, true],
    ['passthrough', { mode: 'passthrough' }, { trusted_ca: { inline_string: 'CLIENT CA' }, trust_chain_verification: 'ACCEPT_UNTRUSTED' }, false],
  ])('%s asks for client certificates', (_, clients, validation, required) => {
    const socket = socketOf(MODERN, clients);
    expect([socket.common_tls_context.validation_context, socket.require_client_certificate]).toEqual([validation, required]);
  });

  test('asks for no client certificate by itself', () => {
    expect(socketOf(MODERN).common_tls_context).not.toHaveProperty('validation_context');
  });
});

describe('web ACLs', () => {
  const office = { kind: 'ip-set', cidrs: ['192.0.2.0/24'] } as const;
  const flood = { kind: 'rate', limit: 100, windowSeconds: 60, key: { kind: 'address' } } as const;
  const block = { kind: 'block', status: 403 } as const;
  const filtersOf = (acl: WebAclModel): string[] => filterNames(listener('L', { webAcl: acl, rules: [rule([jwt(), FORWARD])] }));

  test('stand before everything else, by priority, and count leaves no filter', () => {
    expect(filtersOf(webAcl([wafRule(9, flood, block), wafRule(1, office, block), wafRule(5, office, { kind: 'count' })], block)))
      .toEqual(['waf.0.rule-1', 'waf.2.rule-9', 'waf.2.rule-9.block', 'waf.default', 'waf.forget', 'envoy.filters.http.jwt_authn', 'jwt.issued-at', 'jwt.token_0', 'envoy.filters.http.router']);
  });

  test('leave out what can never be', () => {
    expect(filtersOf(webAcl([wafRule(0, { kind: 'ip-set', cidrs: [] }, block)]))).not.toContain('waf.0.rule-0');
    const everybody = { kind: 'not', statement: { kind: 'ip-set', cidrs: [] } } as const;
    expect(filtersOf(webAcl([wafRule(0, everybody, { kind: 'allow' }), wafRule(1, office, block)], block)).filter((name) => name.startsWith('waf'))).toEqual([]);
  });

  test('limit by tokens of a window', () => {
    const [limiter] = managerOf(listener('L', { webAcl: webAcl([wafRule(0, flood, { kind: 'block', status: 429 })]) })).http_filters;
    expect(limiter?.typed_config).toMatchObject({
      filter_enforced: { default_value: { numerator: 0 } },
      request_headers_to_add_when_not_enforced: [{ header: { key: 'x-drill-waf-limited-0', value: 'yes' } }],
      descriptors: [{ entries: [{ key: 'remote_address' }], token_bucket: { max_tokens: 100, tokens_per_fill: 100, fill_interval: '60s' } }],
    });
  });

  test.each<[string, WebAclModel, string]>([
    ['a rate within another statement', webAcl([wafRule(0, { kind: 'not', statement: flood }, block)]), 'a rate-based statement within another one (rule rule-0)'],
    ['a rate that allows', webAcl([wafRule(0, flood, { kind: 'allow' })]), 'a rate-based rule that allows (rule rule-0)'],
    ['a default action that counts', webAcl([], { kind: 'count' }), 'a default action that counts'],
  ])('say that they cannot be imitated: %s', (_, acl, what) => {
    expect(() => filtersOf(acl)).toThrow(`Stack/WebAcl: ${what} cannot be imitated by the edge;`);
  });
});

describe('rules', () => {
  const routesOf = (...rules: readonly RuleModel[]) => managerOf(listener('L', { rules })).route_config.virtual_hosts[0].routes;

  test('are tried in their order, behind TRACE', () => {
    expect(routesOf(rule([FORWARD], [{ kind: 'path', values: ['/a'] }], 3), rule([FORWARD])).map(({ name }) => name)).toEqual(['trace', 'rule 3', 'rule default']);
  });

  test('take no character of a pattern for a regular expression', () => {
    const [, route] = routesOf(rule([FORWARD], [{ kind: 'path', values: ['/a.b+(c)*'] }], 1));
    expect(route?.match).toMatchObject({ headers: [{ name: ':path', string_match: { safe_regex: { regex: String.raw`(?:/a\.b\+\(c\)[^?]*)(?:\?.*)?` } } }] });
  });

  test('ask for one token filter an action, and share it where the action is the same', () => {
    const other = jwt({ claims: [{ name: 'scope', format: 'single-string', values: ['x'] }] });
    const model = listener('L', { rules: [rule([jwt(), FORWARD], [], 1), rule([other, FORWARD], [], 2), rule([jwt(), FORWARD])] });
    expect(filterNames(model).filter((name) => name.startsWith('jwt.token'))).toEqual(['jwt.token_0', 'jwt.token_1']);
  });

  test('fetch keys from the local issuer alone', () => {
    const [authn] = managerOf(listener('L', { rules: [rule([jwt({ jwksEndpoint: 'https://a' }), FORWARD])] })).http_filters;
    expect(authn?.typed_config).toMatchObject({ providers: { token_0: { remote_jwks: { http_uri: { uri: 'http://127.0.0.1:4002/sets/9', cluster: 'issuer' } } } } });
  });

  test('do not check tokens behind a login that answers everybody', () => {
    const [, route] = routesOf(rule([{ kind: 'login', strangers: 'deny', place: 'https://idp' }, jwt(), FORWARD]));
    expect(route).toMatchObject({ direct_response: { status: 401 } });
    expect(route).not.toHaveProperty('typed_per_filter_config');
  });

  test.each([
    ['protocol', 'x#{protocol}'], ['host', 'www.#{host}'], ['port', '1#{port}'], ['path', '/#{host}/#{path}'], ['path', '/#{path}/#{path}'], ['query', '#{query}&a=1'],
  ] as const)('say that they cannot redirect to the %s %s', (part, value) => {
    const redirect = { kind: 'redirect', status: 301, protocol: 'HTTPS', host: '#{host}', port: '443', path: '/#{path}', query: '#{query}', [part]: value } as const;
    expect(() => routesOf(rule([redirect]))).toThrow(`Stack/Ruledefault: a redirect to the ${part} ${value} cannot be imitated by the edge;`);
  });

  test.each([
    ['answers nothing', rule([jwt()]), 'a rule without an action that answers'],
    ['verifies two tokens', rule([jwt(), jwt({ issuer: 'https://b' }), FORWARD]), 'a rule that verifies more than one token'],
  ])('say that one cannot be imitated that %s', (_, wrong, what) => {
    expect(() => routesOf(wrong)).toThrow(what);
  });
});

test('nothing of the caller\'s headers is touched where nothing is to be', () => {
  expect(managerOf(listener('L', { hygiene: { ...HYGIENE, dropInvalidHeaders: false } }))).toMatchObject({ early_header_mutation_extensions: [] });
});
