import { App, Stack } from 'aws-cdk-lib';
import { graphsOf } from '../../../../src/checks/template/template-graph';
import type { JsonMap } from '../../../../src/checks/template/template';
import { translate } from '../../../../src/drill/edge/translate';
import { remoteCore } from '../../../support/remote-core';
import { template } from '../../../support/templates';
import { door, elb, FORWARD, listener, rule } from './door';

const attribute = (Key: string, Value: string): JsonMap => ({ Key, Value });
const balancer = (...list: JsonMap[]): { Balancer: JsonMap } => ({ Balancer: { LoadBalancerAttributes: list } });
const listening = (...list: JsonMap[]): { Listener: JsonMap } => ({ Listener: { ListenerAttributes: list } });

test('a remote Core’s door is one TLS 1.3 listener that wants a token and forwards to the Core', () => {
  const app = new App({ context: { 'aws:cdk:enable-path-metadata': true } });
  remoteCore(new Stack(app, 'RemoteCore'));
  const { template: body } = app.synth().getStackByName('RemoteCore') as { template: JsonMap };
  const [graph] = graphsOf([{ name: 'RemoteCore', body }]);
  const { listeners, notEmulated } = translate(graph as NonNullable<typeof graph>);
  expect(listeners).toHaveLength(1);
  expect(listeners[0]).toMatchObject({
    place: { stack: 'RemoteCore', constructPath: 'RemoteCore/Core/Ingress/LoadBalancer/Https/Resource' },
    port: 443,
    tls: { policy: { name: 'ELBSecurityPolicy-TLS13-1-3-2021-06', minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3', ciphers: [] } },
    rules: [
      {
        conditions: [{ kind: 'host', values: ['core.acme.internal'] }, { kind: 'path', values: ['/admin', '/admin/*'] }],
        actions: [{ kind: 'fixed-response', status: 404 }],
      },
      {
        conditions: [{ kind: 'host', values: ['core.acme.internal'] }, { kind: 'path', values: ['/*'] }],
        actions: [
          {
            kind: 'jwt',
            issuer: 'https://login.acme.com/',
            jwksEndpoint: 'https://login.acme.com/.well-known/jwks.json',
            claims: [{ name: 'aud', format: 'single-string', values: ['core'] }],
          },
          { kind: 'forward', targets: [{ weight: 1, protocol: 'HTTPS' }] },
        ],
      },
      { priority: 'default', conditions: [], actions: [{ kind: 'fixed-response', status: 404, contentType: 'text/plain', body: 'Not found' }] },
    ],
    hygiene: { dropInvalidHeaders: true, desync: 'strictest', forwardedFor: 'append', preserveHost: false, idleTimeoutSeconds: 900 },
  });
  expect(listeners[0]?.webAcl?.rules[0]).toMatchObject({ name: 'Lockdown', action: { kind: 'block', status: 503 }, statement: { kind: 'or' } });
  expect(listeners[0]?.webAcl?.rules).toContainEqual(expect.objectContaining({
    action: expect.objectContaining({ kind: 'block', status: 429 }) as object, statement: expect.objectContaining({ kind: 'rate', key: { kind: 'address' } }) as object,
  }));
  const gaps = notEmulated.map(({ type, property }) => `${type} ${property.replace(/\d+/, 'n')}`);
  expect(new Set(gaps)).toEqual(new Set(['AWS::WAFv2::WebACL Rules.n.Statement.ManagedRuleGroupStatement', 'AWS::ElasticLoadBalancingV2::Listener Certificates']));
});

test('what a template leaves out is what AWS does without it', () => {
  expect(listener()).toEqual({
    place: { stack: 'Shop', logicalId: 'Listener' },
    loadBalancer: { stack: 'Shop', logicalId: 'Balancer' },
    port: 443,
    tls: { policy: expect.objectContaining({ name: 'ELBSecurityPolicy-2016-08', minVersion: 'TLSv1' }) as object },
    rules: [{ place: { stack: 'Shop', logicalId: 'Listener' }, priority: 'default', conditions: [], actions: [{ kind: 'fixed-response', status: 404, contentType: 'text/plain', body: '' }] }],
    responseHeaders: [],
    serverHeader: true,
    hygiene: { dropInvalidHeaders: false, desync: 'defensive', forwardedFor: 'append', forwardedPort: false, tlsHeaders: false, preserveHost: false, idleTimeoutSeconds: 60 },
  });
  expect(door().notEmulated).toEqual([]);
});

test('what the load balancer’s attributes say about requests is read', () => {
  const { hygiene } = listener(balancer(
    attribute('routing.http.drop_invalid_header_fields.enabled', 'true'), attribute('routing.http.desync_mitigation_mode', 'monitor'),
    attribute('routing.http.xff_header_processing.mode', 'remove'), attribute('routing.http.xff_client_port.enabled', 'true'),
    attribute('routing.http.x_amzn_tls_version_and_cipher_suite.enabled', 'true'), attribute('routing.http.preserve_host_header.enabled', 'true'),
    attribute('idle_timeout.timeout_seconds', '900'),
  ));
  expect(hygiene).toEqual({ dropInvalidHeaders: true, desync: 'monitor', forwardedFor: 'remove', forwardedPort: true, tlsHeaders: true, preserveHost: true, idleTimeoutSeconds: 900 });
});

test('attributes that no caller meets are let through, whatever they are', () => {
  const open = { 'Fn::GetAtt': ['Bucket', 'Arn'] };
  expect(door(balancer(attribute('access_logs.s3.enabled', 'true'), { Key: 'access_logs.s3.bucket', Value: open }, attribute('deletion_protection.enabled', 'true'))).notEmulated).toEqual([]);
});

test('what callers might meet and the drill cannot imitate is reported with its reason', () => {
  const LoadBalancerAttributes = [attribute('waf.fail_open.enabled', 'true'), attribute('routing.http2.enabled', 'false')];
  const { notEmulated } = door({ Balancer: { SecurityGroups: ['sg-1'], IpAddressType: 'dualstack', LoadBalancerAttributes } });
  expect(notEmulated.map(({ property }) => property).sort()).toEqual([
    'IpAddressType', 'LoadBalancerAttributes.routing.http2.enabled', 'LoadBalancerAttributes.waf.fail_open.enabled',
  ]);
  expect(notEmulated).toContainEqual({
    place: { stack: 'Shop', logicalId: 'Balancer' }, type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', property: 'IpAddressType', reason: 'the drill speaks IPv4 only',
  });
});

test('response headers keep their value and lose the attribute’s spelling', () => {
  const { responseHeaders, serverHeader } = listener(listening(
    attribute('routing.http.response.server.enabled', 'false'), attribute('routing.http.response.strict_transport_security.header_value', 'max-age=1'),
    attribute('routing.http.response.x_frame_options.header_value', 'DENY'), attribute('routing.http.response.content_security_policy.header_value', ''),
    attribute('routing.http.response.access_control_allow_origin.header_value', '*'),
  ));
  expect(serverHeader).toBe(false);
  expect(responseHeaders).toEqual([
    { name: 'strict-transport-security', value: 'max-age=1' }, { name: 'x-frame-options', value: 'DENY' }, { name: 'access-control-allow-origin', value: '*' },
  ]);
});

test('a response header with a value that AWS does not take ends the translation', () => {
  expect(() => door(listening(attribute('routing.http.response.x_content_type_options.header_value', 'sniff')))).toThrow(
    'Stack Shop: Listener.Properties.ListenerAttributes.0.Value is "sniff": the drill does not know what this value of the header x-content-type-options does; write one that AWS documents.');
});

test('headers for the target that the listener renames are told from the load balancer’s own', () => {
  expect(listener(listening(attribute('routing.http.request.x_amzn_mtls_clientcert_subject.header_name', 'X-Who'))).renamedHeaders).toEqual({ 'x-amzn-mtls-clientcert-subject': 'X-Who' });
});

test('rules are tried by priority, and the default last', () => {
  const sooner = elb('ListenerRule', { ListenerArn: { Ref: 'Listener' }, Priority: '3', Conditions: [{ Field: 'path-pattern', Values: ['/b'] }], Actions: [FORWARD] });
  expect(listener({}, { ...rule({ Priority: 20 }), Sooner: sooner }).rules.map(({ place, priority }) => [place.logicalId, priority])).toEqual([['Sooner', 3], ['Rule', 20], ['Listener', 'default']]);
});

test('two rules of one priority end the translation', () => {
  const twin = elb('ListenerRule', { ListenerArn: { Ref: 'Listener' }, Priority: 5, Conditions: [{ Field: 'path-pattern', Values: ['/b'] }], Actions: [FORWARD] });
  expect(() => door({}, { ...rule({}), Twin: twin })).toThrow('rules Rule and Twin both have priority 5');
});

test('a network load balancer is reported with its listeners and their rules, and judged no further', () => {
  const { listeners, notEmulated } = door({ Balancer: { Type: 'network', NobodyKnows: 1 }, Listener: { Protocol: 'TCP', NobodyKnows: 1 } }, {
    ...rule({}),
    Other: elb('LoadBalancer', {}),
    Plain: elb('Listener', { LoadBalancerArn: { Ref: 'Other' }, Protocol: 'HTTP', Port: 80, DefaultActions: [FORWARD] }),
  });
  expect(listeners.map(({ place }) => place.logicalId)).toEqual(['Plain']);
  expect(notEmulated.map(({ place, property }) => [place.logicalId, property])).toEqual([['Balancer', ''], ['Listener', ''], ['Rule', '']]);
});

test('templates without a listener to attack end the drill, which would be green otherwise', () => {
  expect(() => door({ Balancer: { Type: 'network' }, Listener: { Protocol: 'TCP' } })).toThrow('The templates have no listener of an application load balancer, so there is nothing to attack');
});

test('in a world where a listener does not exist there is none', () => {
  const body = { Condition: 'Never', ...elb('Listener', { LoadBalancerArn: { Ref: 'Balancer' }, Protocol: 'HTTP', Port: 80, DefaultActions: [FORWARD] }) };
  expect(door({}, { Plain: body }, { Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } } }).listeners).toHaveLength(1);
});

test('resources in several stacks are followed', () => {
  const DefaultActions = [{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_302' } }];
  const [graph] = graphsOf([
    template({ Balancer: elb('LoadBalancer', {}) }, { Outputs: { Arn: { Value: { Ref: 'Balancer' }, Export: { Name: 'balancer' } } } }, 'Front'),
    template({ Listener: elb('Listener', { LoadBalancerArn: { 'Fn::ImportValue': 'balancer' }, Protocol: 'HTTP', Port: 80, DefaultActions }) }, {}, 'Back'),
  ]);
  expect(translate(graph as NonNullable<typeof graph>).listeners).toMatchObject([{ place: { stack: 'Back' }, loadBalancer: { stack: 'Front' }, port: 80 }]);
});

test.each<[string, Parameters<typeof door>, string]>([
  ['a property nobody knows', [{ Balancer: { Sparkle: 'yes' } }], 'Balancer.Properties.Sparkle is "yes": the drill does not know what the property Sparkle does; take it out to drill the rest.'],
  ['a property nobody knows, deep down', [{ Listener: { DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404', Sparkle: { a: 1 } } }] } }],
    'Listener.Properties.DefaultActions.0.FixedResponseConfig.Sparkle is a map: the drill does not know what the property Sparkle does'],
  ['an attribute nobody knows', [balancer(attribute('routing.sparkle', 'true'))],
    'Balancer.Properties.LoadBalancerAttributes.0.Key is "routing.sparkle": the drill does not know what this attribute does'],
  ['an attribute named twice', [balancer(attribute('routing.http2.enabled', 'true'), attribute('routing.http2.enabled', 'false'))], 'it is named twice'],
  ['an attribute of another kind of listener', [listening(attribute('tcp.idle_timeout.seconds', '60'))], 'an application load balancer does not take it'],
  ['a value nobody knows', [balancer(attribute('routing.http.desync_mitigation_mode', 'maximal'))],
    'is "maximal": the drill does not know what this value does; it knows monitor, defensive, strictest'],
  ['a number out of bounds', [balancer(attribute('idle_timeout.timeout_seconds', '5000'))], 'AWS takes a whole number from 1 to 4000 here'],
  ['a listener of a load balancer elsewhere', [{ Listener: { LoadBalancerArn: 'arn:aws:elasticloadbalancing:x' } }], 'the load balancer is in none of the templates'],
  ['a rule of a listener elsewhere', [{}, rule({ ListenerArn: 'arn:aws:elasticloadbalancing:y' })],
    'Rule.Properties.ListenerArn is "arn:aws:elasticloadbalancing:y": the listener is in none of the templates'],
  ['a port that only a deployment knows', [{ Listener: { Port: { Ref: 'Port' } } }, {}, { Parameters: { Port: { Type: 'Number' } } }],
    'Listener.Properties.Port is "${Port}": the template leaves it open, since parameter Port has no default; the drill needs the value'],
  ['a listener without a protocol', [{ Listener: { Protocol: null } }], 'Listener.Properties.Protocol: it is missing, and AWS requires it.'],
  ['properties that a macro writes', [{ Balancer: { 'Fn::Transform': 'X' } }], 'the template leaves it open'],
])('%s ends the translation in one sentence', (_, args, sentence) => {
  expect(() => door(...args)).toThrow(sentence);
  expect(() => door(...args)).toThrow(/^Stack Shop: \S+( is .+?)?: [^\n]+\.$/);
});

test('what may be a secret stays out of the sentence', () => {
  expect(() => door({ Balancer: { MasterPassword: 'hunter2' } })).toThrow('Balancer.Properties.MasterPassword is (not shown): the drill');
});
