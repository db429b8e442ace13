import { App, CfnParameter, Duration, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ApplicationProtocol, TargetType } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Exposure, Size, TlsFloor } from '../../src';
import { SSL_POLICIES } from '../../src/ingress/tls-floor';
import { ingressTemplate, LOAD_BALANCER_GROUP, rulesOf, secureIngress, TARGET, TestNetwork } from '../support/ingress';

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';

function attribute(key: string, value: string): object {
  return { LoadBalancerAttributes: Match.arrayWith([{ Key: key, Value: value }]) };
}

describe('SecureIngress', () => {
  test('has one listener: HTTPS on 443 with TLS 1.3, answering 404 to what no rule takes', () => {
    const template = ingressTemplate();
    template.resourceCountIs(LISTENER, 1);
    template.hasResourceProperties(LISTENER, {
      Port: 443,
      Protocol: 'HTTPS',
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06',
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: Match.objectLike({ StatusCode: '404' }) }],
      MutualAuthentication: Match.absent(),
    });
  });

  test.each(Object.values(TlsFloor))('speaks the policy that %s stands for', (tlsFloor) => {
    ingressTemplate({ tlsFloor }).hasResourceProperties(LISTENER, { SslPolicy: SSL_POLICIES[tlsFloor] });
  });

  test('puts security headers on every answer and takes the server header off', () => {
    ingressTemplate().hasResourceProperties(LISTENER, {
      ListenerAttributes: [
        { Key: 'routing.http.response.strict_transport_security.header_value', Value: 'max-age=31536000; includeSubDomains' },
        { Key: 'routing.http.response.x_content_type_options.header_value', Value: 'nosniff' },
        { Key: 'routing.http.response.x_frame_options.header_value', Value: 'DENY' },
        { Key: 'routing.http.response.server.enabled', Value: 'false' },
      ],
    });
  });

  test.each([
    ['routing.http.drop_invalid_header_fields.enabled', 'true'],
    ['routing.http.desync_mitigation_mode', 'strictest'],
    ['routing.http.xff_header_processing.mode', 'append'],
    ['waf.fail_open.enabled', 'false'],
    ['idle_timeout.timeout_seconds', '900'],
    ['deletion_protection.enabled', 'true'],
  ])('is internal, with %s %s', (key, value) => {
    ingressTemplate().hasResourceProperties(LOAD_BALANCER, { Scheme: 'internal', ...attribute(key, value) });
  });

  test.each([[Size.DEV, 'false'], [Size.STANDARD, 'false'], [Size.PRODUCTION, 'true']])('in size %s has deletion protection %s', (size, value) => {
    ingressTemplate({ size }).hasResourceProperties(LOAD_BALANCER, attribute('deletion_protection.enabled', value));
  });

  test('lets deletion protection be said outright', () => {
    ingressTemplate({ deletionProtection: false }).hasResourceProperties(LOAD_BALANCER, attribute('deletion_protection.enabled', 'false'));
  });

  test('lets streams be silent for as long as they are declared to, and drains them as long', () => {
    const template = ingressTemplate({ streamIdleTimeout: Duration.minutes(30) });
    template.hasResourceProperties(LOAD_BALANCER, attribute('idle_timeout.timeout_seconds', '1800'));
    template.hasResourceProperties(TARGET_GROUP, { TargetGroupAttributes: Match.arrayWith([{ Key: 'deregistration_delay.timeout_seconds', Value: '1800' }]) });
    ingressTemplate({ streamIdleTimeout: Duration.seconds(4000) })
      .hasResourceProperties(TARGET_GROUP, { TargetGroupAttributes: Match.arrayWith([{ Key: 'deregistration_delay.timeout_seconds', Value: '3600' }]) });
  });

  test.each([Duration.seconds(0), Duration.seconds(4001), Duration.millis(1500), Duration.seconds(Token.asNumber({ Ref: 'Silence' }))])('refuses streams that are silent for %s',
    (streamIdleTimeout) => {
      expect(() => secureIngress(new Stack(), { streamIdleTimeout })).toThrow(/^Default\/Ingress: streamIdleTimeout is ".*"\. Name 1 to 4000 whole seconds\.$/);
    });

  test('asks the target how it is, over the protocol that it speaks', () => {
    ingressTemplate().hasResourceProperties(TARGET_GROUP, {
      Protocol: 'HTTP', Port: 8000, TargetType: 'ip', HealthCheckPath: '/health', HealthCheckProtocol: 'HTTP', Matcher: { HttpCode: '200' },
    });
    const stack = new Stack();
    secureIngress(stack).forwardTo(TARGET, { port: 8443, healthCheckPath: '/health', protocol: ApplicationProtocol.HTTPS });
    Template.fromStack(stack).hasResourceProperties(TARGET_GROUP, { Protocol: 'HTTPS', Port: 8443, HealthCheckProtocol: 'HTTPS' });
  });

  test('does not let callers ask how the target is', () => {
    for (const rule of Object.values(rulesOf(ingressTemplate()))) expect(JSON.stringify(rule)).not.toContain('/health');
  });

  test('lets its callers in on 443 and nobody else', () => {
    ingressTemplate().hasResourceProperties('AWS::EC2::SecurityGroup', {
      ...LOAD_BALANCER_GROUP,
      SecurityGroupIngress: [{ CidrIp: '10.20.0.0/16', FromPort: 443, ToPort: 443, IpProtocol: 'tcp', Description: 'Callers' }],
      SecurityGroupEgress: [{ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443, IpProtocol: 'tcp', Description: 'Issuers and identity providers' }],
    });
  });

  test('tells the network which hosts it asks by itself', () => {
    const stack = new Stack();
    const network = new TestNetwork(stack, 'Network');
    secureIngress(stack, { network });
    expect(network.names).toEqual(['core.acme.internal', 'login.acme.com']);
  });

  test('declares its own name to the network, so that callers there can find it, unless another stack makes the name', () => {
    const app = new App();
    const names = (stack: Stack, network: TestNetwork): string[] => {
      secureIngress(stack, { network, domainName: new CfnParameter(stack, 'Name').valueAsString });
      return network.names;
    };
    const one = new Stack(app, 'One');
    expect(names(one, new TestNetwork(one, 'Network'))).toEqual([expect.stringContaining('Token'), 'login.acme.com']);
    expect(names(new Stack(app, 'Two'), new TestNetwork(new Stack(app, 'Shared'), 'Network'))).toEqual(['login.acme.com']);
  });

  test('has another target group for a load balancer with public addresses, since one cannot belong to the old and the new while they are exchanged', () => {
    const groups = (internetFacing: boolean): string[] => Object.keys(ingressTemplate({ internetFacing }).findResources(TARGET_GROUP));
    expect(groups(true)).toHaveLength(1);
    expect(groups(true)).not.toEqual(groups(false));
  });

  test('refuses to be dual-stack in subnets without IPv6 blocks, as those of a PrivateNetwork', () => {
    const stack = new Stack();
    expect(() => secureIngress(stack, { dualStack: true, network: new TestNetwork(stack, 'Network') }))
      .toThrow('Default/Ingress: dualStack is true. Subnet Default/Network/Vpc/IngressSubnet1 has no IPv6 block: leave dualStack out');
  });

  test('refuses an authorizer whose keys it cannot fetch', () => {
    const stack = new Stack();
    expect(() => secureIngress(stack, { network: new TestNetwork(stack, 'Network', false) }))
      .toThrow('Default/Ingress: network.ingressReachesInternet is false. The load balancer asks the authorizer\'s or the admin session\'s provider on the internet: '
        + 'build the PrivateNetwork with ingressReachesInternet: true, or, for PrivateNetwork.fromVpc, state ingressReachesInternet: true once its routes lead out.');
  });

  test.each(['https://core.acme.internal', 'core', '*.acme.internal', 'core.acme.internal/x', ''])('refuses %p as a domain name', (domainName) => {
    expect(() => secureIngress(new Stack(), { domainName })).toThrow(`Default/Ingress: domainName is "${domainName}". Name a host such as core.acme.internal`);
  });

  test('takes a domain name that is a token for what it is', () => {
    const stack = new Stack();
    expect(() => secureIngress(stack, { domainName: new CfnParameter(stack, 'Name').valueAsString })).not.toThrow();
  });

  test('refuses a network of another region', () => {
    const app = new App();
    const network = new TestNetwork(new Stack(app, 'Away', { env: { account: '111122223333', region: 'us-east-1' } }), 'Network');
    const stack = new Stack(app, 'Regional', { env: { account: '111122223333', region: 'eu-central-1' } });
    expect(() => secureIngress(stack, { network })).toThrow('network is "of us-east-1"');
  });

  test.each([{ port: -1, healthCheckPath: '/health' }, { port: 8000, healthCheckPath: 'x' }])('refuses to forward to %j', (props) => {
    expect(() => secureIngress(new Stack()).forwardTo(TARGET, props)).toThrow(/^Default\/Ingress: (port is -1|healthCheckPath is "x")\. Name a/);
  });

  test('refuses a second target', () => {
    const ingress = secureIngress(new Stack());
    ingress.forwardTo(TARGET, { port: 8000, healthCheckPath: '/health' });
    expect(() => ingress.forwardTo(TARGET, { port: 8000, healthCheckPath: '/health' })).toThrow('forwardTo was called twice');
  });

  test('lets one more workload in with grantInvoke, on 443', () => {
    const stack = new Stack();
    const network = new TestNetwork(stack, 'Network');
    const platform = new SecurityGroup(stack, 'Platform', { vpc: network.vpc, allowAllOutbound: false });
    secureIngress(stack, { network }).grantInvoke(platform);
    const SourceSecurityGroupId: unknown = stack.resolve(platform.securityGroupId);
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', { SourceSecurityGroupId, FromPort: 443, ToPort: 443 });
  });
});

describe('Port 80', () => {
  test('is closed', () => {
    const template = ingressTemplate();
    template.resourcePropertiesCountIs(LISTENER, { Port: 80 }, 0);
    template.resourcePropertiesCountIs('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.arrayWith([Match.objectLike({ FromPort: 80 })]) }, 0);
  });

  test('only redirects for good, where it is asked for, and callers reach it', () => {
    const stack = new Stack();
    const network = new TestNetwork(stack, 'Network');
    const ingress = secureIngress(stack, { network, redirectHttp: true });
    ingress.grantInvoke(new SecurityGroup(stack, 'Platform', { vpc: network.vpc, allowAllOutbound: false }));
    const template = Template.fromStack(stack);
    template.hasResourceProperties(LISTENER, {
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }],
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      ...LOAD_BALANCER_GROUP,
      SecurityGroupIngress: [Match.objectLike({ FromPort: 443, ToPort: 443 }), Match.objectLike({ CidrIp: '10.20.0.0/16', FromPort: 80, ToPort: 80 })],
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 80, ToPort: 80 });
  });

  test('has no rule that forwards', () => {
    const template = ingressTemplate({ redirectHttp: true });
    const [plain] = Object.keys(template.findResources(LISTENER, { Properties: { Port: 80 } }));
    expect(plain).toBeDefined();
    template.resourcePropertiesCountIs('AWS::ElasticLoadBalancingV2::ListenerRule', { ListenerArn: { Ref: plain } }, 0);
  });
});

describe('Exposure', () => {
  function parts(exposure: Exposure): { readonly template: Template; readonly stack: Stack } {
    const stack = new Stack();
    const network = new TestNetwork(stack, 'Network');
    const ingress = secureIngress(stack, { network, exposure, redirectHttp: true });
    ingress.grantInvoke(new SecurityGroup(stack, 'Platform', { vpc: network.vpc, allowAllOutbound: false }));
    ingress.forwardTo(TARGET, { port: 8000, healthCheckPath: '/health' });
    return { template: Template.fromStack(stack), stack };
  }

  test('off leaves no way to the target and nobody who may connect', () => {
    const { template } = parts(Exposure.OFF);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::ListenerRule', 0);
    template.resourceCountIs(TARGET_GROUP, 0);
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { ...LOAD_BALANCER_GROUP, SecurityGroupIngress: Match.absent() });
    expect(JSON.stringify(template.findResources(LISTENER))).not.toContain('"forward"');
  });

  test('off leaves the listener, the web ACL and its association deployed', () => {
    const { template } = parts(Exposure.OFF);
    template.hasResourceProperties(LISTENER, { Port: 443, Protocol: 'HTTPS' });
    template.resourceCountIs('AWS::WAFv2::WebACL', 1);
    template.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
  });

  test('still refuses a second target, and a target that cannot be one', () => {
    expect(() => secureIngress(new Stack(), { exposure: Exposure.OFF }).forwardTo(TARGET, { port: -1, healthCheckPath: '/health' })).toThrow('port is -1');
  });

  test.each([[Exposure.ON, 'on'], [Exposure.OFF, 'off']])('%s stands on the load balancer as %s', (exposure, Value) => {
    parts(exposure).template.hasResourceProperties(LOAD_BALANCER, { Tags: Match.arrayWith([{ Key: 'cdk-secure-core:exposure', Value }]) });
  });

  test('changes no id of what stays', () => {
    const [on, off] = [Exposure.ON, Exposure.OFF].map((exposure) => Object.keys(parts(exposure).template.toJSON().Resources as object));
    expect(on).toEqual(expect.arrayContaining(off ?? []));
  });
});

describe('An internet-facing ingress', () => {
  test('stands in public subnets and has a public address', () => {
    const template = ingressTemplate({ internetFacing: true });
    template.hasResourceProperties(LOAD_BALANCER, {
      Scheme: 'internet-facing',
      Subnets: [{ Ref: Match.stringLikeRegexp('PublicSubnet1') }, { Ref: Match.stringLikeRegexp('PublicSubnet2') }],
    });
  });

  test('needs a network that has public subnets', () => {
    const stack = new Stack();
    expect(() => secureIngress(stack, { internetFacing: true, network: new TestNetwork(stack, 'Network') }))
      .toThrow('Default/Ingress: network.publicSubnets is nothing. A load balancer with public addresses stands in public subnets');
  });

  test('needs no NAT gateway to ask an issuer', () => {
    const stack = new Stack();
    expect(() => secureIngress(stack, { internetFacing: true, network: new TestNetwork(stack, 'Network', false, true) })).not.toThrow();
  });
});

describe('Scaling', () => {
  test('refuses to follow the requests of a target that there is none of yet', () => {
    const stack = new Stack();
    const tasks = { scaleOnRequestCount: jest.fn() };
    const ingress = secureIngress(stack);
    expect(() => { ingress.scaleOnRequests(tasks as never, 600); }).toThrow('Default/Ingress: scaleOnRequests was called before forwardTo.');
    ingress.forwardTo(TARGET, { port: 8000, healthCheckPath: '/health' });
    ingress.scaleOnRequests(tasks as never, 600);
    expect(tasks.scaleOnRequestCount).toHaveBeenCalledWith('Requests', expect.objectContaining({ requestsPerTarget: 600 }));
  });

  test('stands still while exposure is off', () => {
    const tasks = { scaleOnRequestCount: jest.fn() };
    secureIngress(new Stack(), { exposure: Exposure.OFF }).scaleOnRequests(tasks as never, 600);
    expect(tasks.scaleOnRequestCount).not.toHaveBeenCalled();
  });
});

test('The target opens its port to the load balancer alone', () => {
  const stack = new Stack();
  const network = new TestNetwork(stack, 'Network');
  const group = new SecurityGroup(stack, 'Core', { vpc: network.vpc, allowAllOutbound: false });
  secureIngress(stack, { network }).forwardTo({
    attachToApplicationTargetGroup: (targetGroup) => {
      targetGroup.registerConnectable(group, Port.tcp(8000));
      return { targetType: TargetType.IP };
    },
  }, { port: 8000, healthCheckPath: '/health' });
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    GroupId: stack.resolve(group.securityGroupId) as unknown, SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^IngressSecurityGroup'), 'GroupId'] }, FromPort: 8000, ToPort: 8000,
  });
});
