import { CfnParameter, Lazy, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
import { Callers, Exposure, TlsFloor } from '../../src';
import { CheckedApp } from '../support/checked-app';
import { ingressTemplate, LOAD_BALANCER_GROUP, secureIngress, TARGET, TestNetwork } from '../support/ingress';

const GROUP = 'AWS::EC2::SecurityGroup';
const RULE = 'AWS::EC2::SecurityGroupIngress';
const CONSUMER = new ArnPrincipal('arn:aws:iam::444455556666:root');

describe('Callers', () => {
  test('are security groups, prefix lists and networks, and several kinds of them', () => {
    const stack = new Stack();
    const platform = SecurityGroup.fromSecurityGroupId(stack, 'Platform', 'sg-0123456789abcdef0');
    const template = ingressTemplate({ callers: Callers.securityGroups(platform).and(Callers.prefixLists('pl-0123456789abcdef0')).and(Callers.cidrs('10.20.0.0/16')) }, stack);
    template.hasResourceProperties(RULE, { SourceSecurityGroupId: 'sg-0123456789abcdef0', FromPort: 443, ToPort: 443 });
    template.hasResourceProperties(RULE, { SourcePrefixListId: 'pl-0123456789abcdef0', FromPort: 443, ToPort: 443 });
    template.hasResourceProperties(GROUP, { ...LOAD_BALANCER_GROUP, SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.20.0.0/16' })] });
  });

  test('are nobody but those who are let in by name', () => {
    const template = ingressTemplate({ callers: Callers.granted() });
    template.hasResourceProperties(GROUP, { ...LOAD_BALANCER_GROUP, SecurityGroupIngress: Match.absent() });
    template.resourceCountIs(RULE, 0);
  });

  const noNetworks = ['0.0.0.0/0', '::/0', '0.0.0.0/1', '128.0.0.0/1', '52.0.0.0/8', '2000::/3', '::/1'];
  const noBlocks = ['10.0.0.0', '10.0.0.0/33', '999.1.1.1/16', '10.0.0/16', ' 10.0.0.0/16', 'fd00::/129', '10.0.0.0/08', 'everybody'];
  test.each([...noNetworks, ...noBlocks])('are not %s', (block) => {
    expect(() => secureIngress(new Stack(), { callers: Callers.cidrs(block), dualStack: true }))
      .toThrow(`Default/Ingress: Callers.cidrs is "${block}". Name the block of the callers' own network`);
  });

  test.each([
    ['10.20.0.1/16', '10.20.0.0/16'], ['10.255.255.255/9', '10.128.0.0/9'], ['192.0.2.129/25', '192.0.2.128/25'], ['10.0.0.3/31', '10.0.0.2/31'],
    ['2001:db8::1/48', '2001:db8::/48'], ['fd00:1:2:3:4:5:6:7/33', 'fd00:1::/33'], ['::ffff:10.20.0.1/112', '::ffff:a14:0/112'],
  ])('are not %s, which EC2 would turn into %s', (block, network) => {
    expect(() => secureIngress(new Stack(), { callers: Callers.cidrs(block), dualStack: true }))
      .toThrow(`Default/Ingress: Callers.cidrs is "${block}". Bits are set behind the prefix: write ${network} for that network, or the full prefix for one address.`);
  });

  test.each(['10.20.0.1/32', '10.0.0.2/31', '10.0.0.0/8', '2001:DB8::/32', 'fd00::1/128', '2001:db8:0:0:0:0:0:0/48'])('may be %s', (block) => {
    expect(() => secureIngress(new Stack(), { callers: Callers.cidrs(block), dualStack: true })).not.toThrow();
  });

  test('with IPv6 addresses need a load balancer that has some', () => {
    expect(() => secureIngress(new Stack(), { callers: Callers.cidrs('2001:db8::/48') })).toThrow('Callers.cidrs is "2001:db8::/48". The load balancer has IPv4 addresses only');
    const template = ingressTemplate({ callers: Callers.cidrs('2001:db8::/48', '10.20.0.0/16'), dualStack: true });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { IpAddressType: 'dualstack' });
    template.hasResourceProperties(GROUP, { ...LOAD_BALANCER_GROUP, SecurityGroupIngress: [Match.objectLike({ CidrIpv6: '2001:db8::/48', FromPort: 443 }),
      Match.objectLike({ CidrIp: '10.20.0.0/16' })] });
  });

  test('take a block that is a token for what it is', () => {
    const stack = new Stack();
    const block = new CfnParameter(stack, 'Block').valueAsString;
    ingressTemplate({ callers: Callers.cidrs(block) }, stack).hasResourceProperties(GROUP, { SecurityGroupIngress: [Match.objectLike({ CidrIp: { Ref: 'Block' } })] });
  });

  test.each(['', '0.0.0.0/0', 'pl-xyz'])('refuse %p as a prefix list', (id) => {
    expect(() => secureIngress(new Stack(), { callers: Callers.prefixLists(id) })).toThrow(`Callers.prefixLists is "${id}". Name the id of a prefix list`);
  });

  test('refuse a list that is empty, or that only a deployment knows', () => {
    expect(() => secureIngress(new Stack(), { callers: Callers.securityGroups() })).toThrow('Callers.securityGroups is []. Name at least one caller');
    expect(() => secureIngress(new Stack(), { callers: Callers.cidrs(...Lazy.list({ produce: () => ['10.0.0.0/16'] })) })).toThrow('Callers.cidrs is a token. The entries must be known one by one');
  });
});

describe('Callers.internet', () => {
  const everybody = Callers.internet({ reason: 'Customers call it from their own networks.' });

  test('opens the port to everybody, over IPv6 too where there is any', () => {
    ingressTemplate({ callers: everybody, internetFacing: true }).hasResourceProperties(GROUP, {
      ...LOAD_BALANCER_GROUP, SecurityGroupIngress: [{ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443, IpProtocol: 'tcp', Description: 'Callers' }],
    });
    ingressTemplate({ callers: everybody, internetFacing: true, dualStack: true }).hasResourceProperties(GROUP, {
      ...LOAD_BALANCER_GROUP, SecurityGroupIngress: [Match.objectLike({ CidrIp: '0.0.0.0/0' }), Match.objectLike({ CidrIpv6: '::/0', FromPort: 443, ToPort: 443 })],
    });
  });

  test('says everything that is missing from the ring', () => {
    expect(() => secureIngress(new Stack(), { callers: everybody, tlsFloor: TlsFloor.TLS_1_2_RESTRICTED }))
      .toThrow('callers is "Callers.internet". The open internet needs the full ring; missing: a load balancer with public addresses (Ingress.internetFacing); a floor of TLS 1.3 (tlsFloor).');
    expect(() => secureIngress(new Stack(), { callers: everybody, internetFacing: true, tlsFloor: TlsFloor.TLS_1_2_RESTRICTED })).toThrow('missing: a floor of TLS 1.3 (tlsFloor).');
  });

  test.each(['', '  '])('refuses %p as a reason', (reason) => {
    expect(() => secureIngress(new Stack(), { callers: Callers.internet({ reason }), internetFacing: true })).toThrow('Callers.internet.reason is');
  });

  test('is found by the pack and carries the reason, at what it opens and nowhere else', () => {
    const app = new CheckedApp();
    const stack = new Stack(app, 'Public');
    secureIngress(stack, { callers: everybody, internetFacing: true }).forwardTo(TARGET, { port: 8000, healthCheckPath: '/health' });
    expect(app.run().suppressed.filter((line) => /NET-[27]/.test(line)).sort()).toEqual([
      'NET-2.bounded-sources at Public/Ingress/SecurityGroup/Resource: Customers call it from their own networks.',
      'NET-7.internal at Public/Ingress/LoadBalancer/Resource: Customers call it from their own networks.',
    ]);
  });

  test('opens nothing while exposure is off', () => {
    const template = ingressTemplate({ callers: everybody, internetFacing: true, exposure: Exposure.OFF });
    template.hasResourceProperties(GROUP, { ...LOAD_BALANCER_GROUP, SecurityGroupIngress: Match.absent() });
  });
});

describe('Callers.privateLink', () => {
  const consumers = Callers.privateLink({ allowedPrincipals: [CONSUMER] });

  test('is an endpoint service that each consumer has to be accepted by', () => {
    const template = ingressTemplate({ callers: consumers });
    template.hasResourceProperties('AWS::EC2::VPCEndpointService', { AcceptanceRequired: true, NetworkLoadBalancerArns: [Match.anyValue()] });
    template.hasResourceProperties('AWS::EC2::VPCEndpointServicePermissions', { AllowedPrincipals: ['arn:aws:iam::444455556666:root'] });
    ingressTemplate({ callers: Callers.privateLink({ allowedPrincipals: [CONSUMER], acceptanceRequired: false }) })
      .hasResourceProperties('AWS::EC2::VPCEndpointService', { AcceptanceRequired: false });
  });

  test('passes bytes on to port 443, TLS included', () => {
    const template = ingressTemplate({ callers: consumers });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'network', Scheme: 'internal', EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'off' });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 443, Protocol: 'TCP', Certificates: Match.absent() });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      TargetType: 'alb', Protocol: 'TCP', Port: 443, HealthCheckProtocol: 'HTTP', HealthCheckPort: '80', HealthCheckPath: '/', Matcher: { HttpCode: '301' },
    });
  });

  test('spreads connections over zones as the load balancer behind it does, and leaves the attributes of its target alone, which AWS lets nobody set', () => {
    const template = ingressTemplate({ callers: consumers });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Type: 'network', LoadBalancerAttributes: Match.arrayWith([{ Key: 'load_balancing.cross_zone.enabled', Value: 'true' }]),
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { TargetType: 'alb', TargetGroupAttributes: Match.absent() });
  });

  test('lets endpoints in and nobody else: neither into it, nor past it', () => {
    const template = ingressTemplate({ callers: consumers });
    const front = { GroupDescription: 'Endpoint service in front of the load balancer' };
    template.hasResourceProperties(GROUP, { ...front, SecurityGroupIngress: Match.absent() });
    template.hasResourceProperties(GROUP, { ...LOAD_BALANCER_GROUP, SecurityGroupIngress: Match.absent() });
    const [frontId] = Object.keys(template.findResources(GROUP, { Properties: front }));
    const rules = Object.values(template.findResources(RULE)).map(({ Properties }) => Properties as { FromPort: number; ToPort: number; SourceSecurityGroupId: unknown });
    expect(rules.map(({ FromPort, ToPort }) => [FromPort, ToPort])).toEqual([[443, 443], [80, 80]]);
    for (const { SourceSecurityGroupId } of rules) expect(SourceSecurityGroupId).toEqual({ 'Fn::GetAtt': [frontId, 'GroupId'] });
  });

  test('answers health checks by a pure redirect', () => {
    ingressTemplate({ callers: consumers }).hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 80, DefaultActions: [Match.objectLike({ Type: 'redirect' })] });
    ingressTemplate({ callers: consumers, redirectHttp: true }).resourcePropertiesCountIs('AWS::ElasticLoadBalancingV2::Listener', { Port: 80, Protocol: 'HTTP' }, 1);
  });

  test('names the service that consumers make endpoints to', () => {
    expect(secureIngress(new Stack(), { callers: consumers }).endpointService?.vpcEndpointServiceName).toEqual(expect.any(String));
    expect(secureIngress(new Stack()).endpointService).toBeUndefined();
  });

  test('keeps the service and its name while exposure is off, and passes nothing on', () => {
    const template = ingressTemplate({ callers: consumers, exposure: Exposure.OFF });
    template.resourceCountIs('AWS::EC2::VPCEndpointService', 1);
    template.resourceCountIs(RULE, 0);
  });

  test('refuses consumers who are nobody or everybody', () => {
    expect(() => secureIngress(new Stack(), { callers: Callers.privateLink({ allowedPrincipals: [] }) })).toThrow('Callers.privateLink.allowedPrincipals is []. Name the accounts');
    expect(() => secureIngress(new Stack(), { callers: Callers.privateLink({ allowedPrincipals: [new ArnPrincipal('*')] }) })).toThrow('a wildcard lets every AWS account in');
    for (const arn of ['', '444455556666', 'arn:aws:s3:::bucket']) {
      expect(() => secureIngress(new Stack(), { callers: Callers.privateLink({ allowedPrincipals: [new ArnPrincipal(arn)] }) })).toThrow('Name an account, user or role by its ARN');
    }
  });

  test('refuses to be named twice', () => {
    expect(() => secureIngress(new Stack(), { callers: consumers.and(consumers) })).toThrow('Default/Ingress: callers is "Callers.privateLink twice". Name it once');
  });

  test('adds to other callers', () => {
    const stack = new Stack();
    const template = ingressTemplate({ callers: consumers.and(Callers.cidrs('10.20.0.0/16')), network: new TestNetwork(stack, 'Network') }, stack);
    template.hasResourceProperties(GROUP, { ...LOAD_BALANCER_GROUP, SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.20.0.0/16', FromPort: 443 })] });
  });
});
