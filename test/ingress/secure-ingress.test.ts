import { App, CfnParameter, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { TargetType } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Authorizer, Callers, PrivateNetwork, SecureIngress, TlsFloor } from '../../src';
import { TLS_1_2_RESTRICTED_POLICIES, TLS_1_3_POLICIES } from '../../src/checks/rules/tls';
import { SSL_POLICIES } from '../../src/ingress/tls-floor';
import { certificate, JWT, remoteCore } from '../support/remote-core';

function template(build: (stack: Stack) => unknown = (stack) => remoteCore(stack)): Template {
  const stack = new Stack();
  build(stack);
  return Template.fromStack(stack);
}

describe('SecureIngress', () => {
  test('has one listener: HTTPS on 443 with TLS 1.3, answering 404 to what no rule takes', () => {
    const ingress = template();
    ingress.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
    ingress.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 443,
      Protocol: 'HTTPS',
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06',
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: Match.objectLike({ StatusCode: '404' }) }],
    });
  });

  test('forwards only its host name, and only behind the authorizer', () => {
    const ingress = template();
    ingress.resourceCountIs('AWS::ElasticLoadBalancingV2::ListenerRule', 1);
    ingress.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['core.acme.internal'] } }],
      Actions: [Match.objectLike({ Type: 'jwt-validation', Order: 1 }), Match.objectLike({ Type: 'forward', Order: 2 })],
    });
  });

  test('is internal and cleans requests', () => {
    template().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Scheme: 'internal',
      LoadBalancerAttributes: Match.arrayWith([
        { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
        { Key: 'routing.http.desync_mitigation_mode', Value: 'strictest' },
        { Key: 'routing.http.xff_header_processing.mode', Value: 'append' },
      ]),
    });
  });

  test('puts security headers on the answers that it makes itself', () => {
    template().hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      ListenerAttributes: [
        { Key: 'routing.http.response.strict_transport_security.header_value', Value: 'max-age=31536000; includeSubDomains' },
        { Key: 'routing.http.response.x_content_type_options.header_value', Value: 'nosniff' },
        { Key: 'routing.http.response.x_frame_options.header_value', Value: 'DENY' },
      ],
    });
  });

  test('lets its callers in on 443 and nobody else', () => {
    template().hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Load balancer in front of the Core',
      SecurityGroupIngress: [{ CidrIp: '10.20.0.0/16', FromPort: 443, ToPort: 443, IpProtocol: 'tcp', Description: 'Callers' }],
    });
  });

  test('takes callers by security group and by prefix list', () => {
    const stack = new Stack();
    const platform = SecurityGroup.fromSecurityGroupId(stack, 'Platform', 'sg-0123456789abcdef0');
    remoteCore(stack, { ingress: { callers: Callers.securityGroups(platform) } }, 'A');
    const ingress = Template.fromStack(stack);
    ingress.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { SourceSecurityGroupId: 'sg-0123456789abcdef0', FromPort: 443, ToPort: 443 });
    template((other) => remoteCore(other, { ingress: { callers: Callers.prefixLists('pl-0123456789abcdef0') } }))
      .hasResourceProperties('AWS::EC2::SecurityGroupIngress', { SourcePrefixListId: 'pl-0123456789abcdef0', FromPort: 443, ToPort: 443 });
  });

  const noNetworks = ['0.0.0.0/0', '::/0', '0.0.0.0/1', '128.0.0.0/1', '52.0.0.0/8', '2001:db8::/48'];
  const noBlocks = ['10.0.0.0', '10.0.0.0/33', '999.1.1.1/16', '10.0.0/16', ' 10.0.0.0/16', 'everybody'];
  test.each([...noNetworks, ...noBlocks])('refuses %s as a caller', (block) => {
    expect(() => remoteCore(new Stack(), { ingress: { callers: Callers.cidrs(block) } }))
      .toThrow(`Default/Core/Ingress: Callers.cidrs is "${block}". Name the IPv4 block of the callers' own network`);
  });

  test('refuses an empty list of callers', () => {
    expect(() => remoteCore(new Stack(), { ingress: { callers: Callers.securityGroups() } })).toThrow('Callers.securityGroups is []. Name at least one caller');
  });

  test('takes a block that is a token for what it is', () => {
    const stack = new Stack();
    const block = new CfnParameter(stack, 'Block').valueAsString;
    remoteCore(stack, { ingress: { callers: Callers.cidrs(block) } });
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: [Match.objectLike({ CidrIp: { Ref: 'Block' } })] });
  });

  test.each(['https://core.acme.internal', 'core', '*.acme.internal', 'core.acme.internal/x', ''])('refuses %p as a domain name', (domainName) => {
    expect(() => remoteCore(new Stack(), { ingress: { domainName } })).toThrow(`Default/Core/Ingress: domainName is "${domainName}". Name a host such as core.acme.internal`);
  });

  test('takes a domain name that is a token for what it is', () => {
    const stack = new Stack();
    expect(() => remoteCore(stack, { ingress: { domainName: new CfnParameter(stack, 'Name').valueAsString } })).not.toThrow();
  });

  test('refuses a JWT authorizer where the load balancer cannot fetch its keys', () => {
    const stack = new Stack();
    expect(() => remoteCore(stack, { network: new PrivateNetwork(stack, 'Network') }))
      .toThrow('Default/Core/Ingress: network.ingressReachesInternet is false. The load balancer fetches');
  });

  test('takes callers of several kinds, and none but those who are let in by name', () => {
    const stack = new Stack();
    remoteCore(stack, { ingress: { callers: Callers.cidrs('10.20.0.0/16').and(Callers.prefixLists('pl-0123456789abcdef0')) } });
    const both = Template.fromStack(stack);
    both.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { SourcePrefixListId: 'pl-0123456789abcdef0' });
    both.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.20.0.0/16' })] });
    template((other) => remoteCore(other, { ingress: { callers: Callers.granted() } }))
      .hasResourceProperties('AWS::EC2::SecurityGroup', { GroupDescription: 'Load balancer in front of the Core', SecurityGroupIngress: Match.absent() });
  });

  test.each(['', '0.0.0.0/0', 'pl-xyz'])('refuses %p as a prefix list', (id) => {
    expect(() => remoteCore(new Stack(), { ingress: { callers: Callers.prefixLists(id) } })).toThrow(`Callers.prefixLists is "${id}". Name the id of a prefix list`);
  });

  test('refuses a list of callers that only a deployment knows', () => {
    expect(() => remoteCore(new Stack(), { ingress: { callers: Callers.cidrs(...Lazy.list({ produce: () => ['10.0.0.0/16'] })) } }))
      .toThrow('Callers.cidrs is a token. The entries must be known one by one');
  });

  test('refuses a certificate of another region', () => {
    const stack = new Stack(new App(), 'Regional', { env: { account: '111122223333', region: 'us-east-1' } });
    expect(() => remoteCore(stack, { ingress: { certificate: certificate(stack, 'eu-central-1') } })).toThrow('Regional/Core/Ingress: certificate is "of eu-central-1". This stack is in us-east-1');
  });

  test('refuses what is no certificate', () => {
    const stack = new Stack();
    expect(() => remoteCore(stack, { ingress: { certificate: Certificate.fromCertificateArn(stack, 'Wrong', 'hello') } }))
      .toThrow('Default/Core/Ingress: certificate is "hello". Name a certificate of AWS Certificate Manager');
  });

  test('refuses a network of another region', () => {
    const app = new App();
    const network = new PrivateNetwork(new Stack(app, 'Away', { env: { account: '111122223333', region: 'us-east-1' } }), 'Network', { ingressReachesInternet: true });
    const stack = new Stack(app, 'Regional', { env: { account: '111122223333', region: 'eu-central-1' } });
    expect(() => remoteCore(stack, { network })).toThrow('network is "of us-east-1"');
  });

  test.each([{ port: -1, healthCheckPath: '/health' }, { port: 8000, healthCheckPath: 'x' }])('refuses to forward to %j', (props) => {
    const stack = new Stack();
    const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
    const ingress = new SecureIngress(stack, 'Ingress', {
      network, domainName: 'core.acme.internal', certificate: certificate(stack), callers: Callers.granted(), authorizer: Authorizer.jwt(JWT),
    });
    expect(() => ingress.forwardTo({ attachToApplicationTargetGroup: () => ({ targetType: TargetType.IP }) }, props)).toThrow(/^Default\/Ingress: (port is -1|healthCheckPath is "x")\. Name a/);
  });

  test('refuses a second target', () => {
    const stack = new Stack();
    const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
    const ingress = new SecureIngress(stack, 'Ingress', {
      network, domainName: 'core.acme.internal', certificate: certificate(stack), callers: Callers.cidrs('10.0.0.0/8'), authorizer: Authorizer.jwt(JWT),
    });
    const target = { attachToApplicationTargetGroup: () => ({ targetType: TargetType.IP }) };
    ingress.forwardTo(target, { port: 8000, healthCheckPath: '/health' });
    expect(() => ingress.forwardTo(target, { port: 8000, healthCheckPath: '/health' })).toThrow('forwardTo was called twice');
  });

  test('lets one more workload in with grantInvoke, on 443', () => {
    const stack = new Stack();
    const core = remoteCore(stack);
    const platform = new SecurityGroup(stack, 'Platform', { vpc: core.network.vpc, allowAllOutbound: false });
    core.grantInvoke(platform);
    const ingress = Template.fromStack(stack);
    ingress.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { SourceSecurityGroupId: stack.resolve(platform.securityGroupId) as unknown, FromPort: 443, ToPort: 443 });
  });
});

describe('TlsFloor', () => {
  test.each(Object.values(TlsFloor))('%s is a policy that the pack knows', (floor) => {
    expect([...TLS_1_3_POLICIES, ...TLS_1_2_RESTRICTED_POLICIES]).toContain(SSL_POLICIES[floor]);
    template((stack) => remoteCore(stack, { ingress: { tlsFloor: floor } })).hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { SslPolicy: SSL_POLICIES[floor] });
  });
});

describe('WebAcl', () => {
  test('blocks an address that floods, in front of the load balancer', () => {
    const ingress = template();
    ingress.hasResourceProperties('AWS::WAFv2::WebACL', {
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
      Rules: [Match.objectLike({
        Action: { Block: { CustomResponse: { ResponseCode: 429 } } },
        Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 6000, EvaluationWindowSec: 60 } },
      })],
    });
    ingress.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
  });

  test('keeps no samples of requests, which would hold the tokens of callers', () => {
    template().hasResourceProperties('AWS::WAFv2::WebACL', { VisibilityConfig: Match.objectLike({ SampledRequestsEnabled: false }) });
  });

  test.each([9, 0, -1, 10.5, 60_001])('refuses rateLimit %p', (rateLimit) => {
    expect(() => remoteCore(new Stack(), { ingress: { webAcl: { rateLimit } } })).toThrow(`Default/Core/Ingress/WebAcl: rateLimit is ${rateLimit}. Name a whole number`);
  });

  test('gives the metrics of two Cores different names', () => {
    const app = new App();
    const stacks = ['One', 'Two'].map((id) => new Stack(app, id));
    stacks.forEach((stack) => remoteCore(stack));
    const names = stacks.map((stack) => {
      const [acl] = Object.values(Template.fromStack(stack).findResources('AWS::WAFv2::WebACL'));
      return (acl?.Properties as { VisibilityConfig: { MetricName: string } }).VisibilityConfig.MetricName;
    });
    expect(new Set(names).size).toBe(2);
  });

  const unknown = Token.asNumber({ Ref: 'Window' });
  test.each([Duration.seconds(unknown), Duration.minutes(unknown), Duration.millis(500)])('refuses a window that is a token, or a part of a second', (rateWindow) => {
    expect(() => remoteCore(new Stack(), { ingress: { webAcl: { rateWindow } } })).toThrow(/^Default\/Core\/Ingress\/WebAcl: rateWindow is "(a token|0\.5 s)"\. WAF counts over/);
  });

  test('refuses a window that WAF does not offer', () => {
    expect(() => remoteCore(new Stack(), { ingress: { webAcl: { rateWindow: Duration.seconds(90) } } })).toThrow('rateWindow is "90 s". WAF counts over 60, 120, 300, 600 seconds');
  });
});
