import { CfnParameter, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { CfnEIP, CfnPrefixList, CfnSecurityGroupIngress, Peer, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage, FargateService, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancer, CfnListenerRule } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CERTIFICATE_ARN } from '../../support/certificates';
import { PINNED_IMAGE } from '../../support/containers';
import { gateTask, METRICS_PORT } from '../../support/gated';
import { deployTimeValue, httpsListener, loadBalancer, targetGroup } from '../../support/load-balancing';
import { type Ingress, raw, securityGroup, service, type ServiceParts } from '../../support/network';
import { describeRule } from '../../support/rule-cases';

const https = (source: Partial<Ingress>): Ingress => ({ ipProtocol: 'tcp', fromPort: 443, toPort: 443, ...source });

function prefixList(stack: Stack, cidr: string): string {
  return new CfnPrefixList(stack, 'Prefixes', { addressFamily: 'IPv4', maxEntries: 1, prefixListName: 'callers', entries: [{ cidr }] }).attrPrefixListId;
}

describeRule('NET-2.bounded-sources', {
  compliant: {
    'a group that lets nobody in': (stack) => securityGroup(stack),
    'a network of one\'s own': (stack) => securityGroup(stack, [https({ cidrIp: '10.0.0.0/8' }), https({ cidrIp: '192.168.0.0/16' })]),
    'the other private networks, and half of another block': (stack) => securityGroup(stack, [https({ cidrIp: '172.16.0.0/12' }), https({ cidrIp: '100.64.0.0/10' }), https({ cidrIp: '52.0.0.0/9' })]),
    'one address': (stack) => securityGroup(stack, [https({ cidrIp: '198.51.100.7/32' }), https({ cidrIpv6: '2001:db8::1/128' })]),
    'all private IPv6 addresses': (stack) => securityGroup(stack, [https({ cidrIpv6: 'fc00::/7' }), https({ cidrIpv6: 'FD12:3456::/32' })]),
    'another security group': (stack) => securityGroup(stack, [https({ sourceSecurityGroupId: deployTimeValue(stack) })]),
    'a prefix list': (stack) => securityGroup(stack, [https({ sourcePrefixListId: 'pl-0123' })]),
    'a prefix list of the template': (stack) => securityGroup(stack, [https({ sourcePrefixListId: prefixList(stack, '198.51.100.0/24') })]),
    'the VPC itself': (stack) => {
      const vpc = new Vpc(stack, 'Vpc');
      new SecurityGroup(stack, 'Group', { vpc }).addIngressRule(Peer.ipv4(vpc.vpcCidrBlock), Port.tcp(443));
    },
    'an address that only a deployment knows': (stack) => securityGroup(stack, [https({ cidrIp: `${new CfnEIP(stack, 'Address').ref}/32` })]),
    'a rule of its own': (stack) => new CfnSecurityGroupIngress(stack, 'Ingress', { groupId: 'sg-1', ...https({ cidrIp: '10.1.0.0/16' }) }),
    'a block that a parameter presets': (stack) => securityGroup(stack, [https({ cidrIp: new CfnParameter(stack, 'Block', { default: '10.0.0.0/16' }).valueAsString })]),
  },
  violating: {
    ...Object.fromEntries(['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '64.0.0.0/2', '10.0.0.0/7', '52.0.0.0/8', '172.0.0.0/8', '100.0.0.0/8', '0.0.0.0/00', ' 0.0.0.0/0 '].map((cidrIp) => [
      `"${cidrIp}"`, { build: (stack: Stack) => securityGroup(stack, [https({ cidrIp })]), message: /^lets in .*, which is \(most of\) the internet/, severity: 'error' as const },
    ])),
    ...Object.fromEntries(['::/0', '::/1', '8000::/1', '2000::/3', '0:0:0:0:0:0:0:0/0', 'fd00::/0', 'fc00::/6', 'fc::/1'].map((cidrIpv6) => [
      cidrIpv6, { build: (stack: Stack) => securityGroup(stack, [https({ cidrIpv6 })]), message: /most of/ },
    ])),
    'the internet after a network of one\'s own': { build: (stack) => securityGroup(stack, [https({ cidrIp: '10.0.0.0/8' }), https({ cidrIp: '0.0.0.0/0' })]), message: /most of/ },
    'the internet beside a block that is not known': { build: (stack) => securityGroup(stack, [https({ cidrIp: deployTimeValue(stack) }), https({ cidrIp: '0.0.0.0/0' })]), message: /most of/ },
    'a rule of its own': { build: (stack) => new CfnSecurityGroupIngress(stack, 'Ingress', { groupId: 'sg-1', ...https({ cidrIp: '0.0.0.0/0' }) }), message: /most of/ },
    'a rule of its own for IPv6': { build: (stack) => new CfnSecurityGroupIngress(stack, 'Ingress', { groupId: 'sg-1', ...https({ cidrIpv6: '::/0' }) }), message: /most of/ },
    'a parameter that presets the internet': {
      build: (stack) => securityGroup(stack, [https({ cidrIp: new CfnParameter(stack, 'Block', { default: '0.0.0.0/0' }).valueAsString })]),
      message: /most of/,
    },
    'a prefix list that holds the internet': {
      build: (stack) => securityGroup(stack, [https({ sourcePrefixListId: prefixList(stack, '0.0.0.0/0') })]),
      message: /^prefix list Prefixes lets in 0\.0\.0\.0\/0/,
    },
    'the security group construct': { build: (stack) => new SecurityGroup(stack, 'Group', { vpc: new Vpc(stack, 'Vpc') }).addIngressRule(Peer.anyIpv4(), Port.tcp(443)), message: /most of/ },
    'a listener construct that opens itself': {
      build: (stack) => new ApplicationLoadBalancer(stack, 'Balancer', { vpc: new Vpc(stack, 'Vpc') }).addRedirect(),
      message: /most of/,
    },
  },
  override: {
    build: (stack) => {
      const { defaultChild } = new SecurityGroup(stack, 'Group', { vpc: new Vpc(stack, 'Vpc') }).node;
      if (CfnResource.isCfnResource(defaultChild)) defaultChild.addPropertyOverride('SecurityGroupIngress', [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }]);
    },
    message: /most of/,
  },
  raw: { build: (stack) => raw(stack, 'AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-1', IpProtocol: '-1', CidrIpv6: '::/0' }), message: /most of/ },
  undecidable: {
    'a block that a parameter names': (stack) => securityGroup(stack, [https({ cidrIp: deployTimeValue(stack) })]),
    'a prefix length that a parameter gives': (stack) => securityGroup(stack, [https({ cidrIp: `10.0.0.0/${deployTimeValue(stack)}` })]),
    'a short prefix of an address that is not known': (stack) => securityGroup(stack, [https({ cidrIp: `${deployTimeValue(stack)}/0` })]),
    'a block that another stack exports': (stack) => new CfnSecurityGroupIngress(stack, 'Ingress', { groupId: 'sg-1', ...https({ cidrIpv6: Fn.importValue('Block') }) }),
    'a text that is no block': (stack) => securityGroup(stack, [https({ cidrIp: '0.0.0.0' })]),
    'rules that another stack exports': (stack) => securityGroup(stack).addPropertyOverride('SecurityGroupIngress', stack.resolve(Fn.importValue('Rules'))),
    'a prefix list with an entry that a parameter names': (stack) => securityGroup(stack, [https({ sourcePrefixListId: prefixList(stack, deployTimeValue(stack)) })]),
  },
});

const LOAD_BALANCERS = 'LoadBalancers.0.TargetGroupArn';

/** A service and a load balancer as their constructs make them. */
function fargate(stack: Stack): FargateService {
  const vpc = new Vpc(stack, 'Vpc');
  const taskDefinition = new FargateTaskDefinition(stack, 'Task');
  taskDefinition.addContainer('core', { image: ContainerImage.fromRegistry(PINNED_IMAGE), portMappings: [{ containerPort: 8443 }] });
  const made = new FargateService(stack, 'Service', { cluster: new Cluster(stack, 'Cluster', { vpc }), taskDefinition });
  new ApplicationLoadBalancer(stack, 'Balancer', { vpc })
    .addListener('Https', { port: 443, open: false, certificates: [{ certificateArn: CERTIFICATE_ARN }] })
    .addTargets('Core', { port: 8443, targets: [made] });
  return made;
}

const alsoFrom = (stack: Stack, source: Partial<Ingress>): ServiceParts => service(stack, [{ ipProtocol: '-1', ...source }]);

/** A rule of its own for the service's group. */
function standalone(stack: Stack, source: Partial<Ingress>): void {
  new CfnSecurityGroupIngress(stack, 'Ingress', { groupId: service(stack).own.attrGroupId, ipProtocol: '-1', ...source });
}

describeRule('NET-2.service-behind-load-balancer', {
  compliant: {
    'the load balancer\'s group alone': (stack) => service(stack),
    'a group that lets nobody in': (stack) => service(stack).own.addPropertyOverride('SecurityGroupIngress', []),
    'the load balancer\'s group by its id': (stack) => {
      const { own } = service(stack);
      const balancer = stack.node.findChild('LoadBalancer');
      if (CfnResource.isCfnResource(balancer)) balancer.addPropertyOverride('SecurityGroups', ['sg-1']);
      own.addPropertyOverride('SecurityGroupIngress', [{ IpProtocol: 'tcp', FromPort: 1, ToPort: 2, SourceSecurityGroupId: 'sg-1' }]);
    },
    'the service construct': (stack) => fargate(stack),
    'whoever gathers the metrics of a gate, about which MON-3 has a rule': (stack) => {
      service(stack, [{ ipProtocol: 'tcp', fromPort: METRICS_PORT, toPort: METRICS_PORT, sourceSecurityGroupId: 'sg-monitoring' }]).service.taskDefinition = gateTask(stack).ref;
    },
    'another group in a rule for another group, by its id': (stack) => {
      service(stack);
      new CfnSecurityGroupIngress(stack, 'Ingress', { groupId: 'sg-9', ipProtocol: '-1', cidrIp: '0.0.0.0/0' });
    },
    'the load balancer\'s group in a rule whose group a parameter names': (stack) => {
      const { callers } = service(stack);
      new CfnSecurityGroupIngress(stack, 'Ingress', { groupId: deployTimeValue(stack), ipProtocol: '-1', sourceSecurityGroupId: callers.ref });
    },
    'a load balancer of another stack': (stack) => {
      const front = new Stack(stack.node.root, 'Front');
      const callers = securityGroup(front, [], 'Callers');
      const target = targetGroup(front);
      httpsListener(front, { loadBalancerArn: loadBalancer(front, { securityGroups: [callers.attrGroupId] }).ref, defaultActions: [{ type: 'forward', targetGroupArn: target.ref }] });
      const own = securityGroup(stack, [{ ipProtocol: 'tcp', fromPort: 8443, toPort: 8443, sourceSecurityGroupId: callers.attrGroupId }]);
      raw(stack, 'AWS::ECS::Service', { LoadBalancers: [{ TargetGroupArn: target.ref }], NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: [own.attrGroupId] } } });
    },
  },
  violating: {
    'a network': { build: (stack) => alsoFrom(stack, { cidrIp: '10.0.0.0/16' }), message: /^Own takes traffic that does not come through the load balancer: from 10\.0\.0\.0\/16/, severity: 'error' },
    'an IPv6 network': { build: (stack) => alsoFrom(stack, { cidrIpv6: 'fd00::/16' }), message: /from fd00::\/16/ },
    'a prefix list': { build: (stack) => alsoFrom(stack, { sourcePrefixListId: 'pl-1' }), message: /from pl-1/ },
    'a group by name': { build: (stack) => alsoFrom(stack, { sourceSecurityGroupName: 'office' }), message: /from office/ },
    'a rule without a source': { build: (stack) => alsoFrom(stack, {}), message: /from an unnamed source/ },
    'another security group': {
      build: (stack) => alsoFrom(stack, { sourceSecurityGroupId: securityGroup(stack).ref }),
      message: /^Own takes traffic from \$\{Group\}, which is not the load balancer's security group/,
    },
    'another security group by its id': { build: (stack) => alsoFrom(stack, { sourceSecurityGroupId: 'sg-1' }), message: /from sg-1, which is not/ },
    'a network beside the load balancer\'s group': { build: (stack) => service(stack).own.addPropertyOverride('SecurityGroupIngress.0.CidrIp', '10.0.0.0/16'), message: /from 10\.0\.0\.0\/16/ },
    'a network in a rule of its own': { build: (stack) => standalone(stack, { cidrIp: '10.0.0.0/16' }), message: /from 10\.0\.0\.0\/16/ },
    'another group in a rule of its own': { build: (stack) => standalone(stack, { sourceSecurityGroupId: 'sg-1' }), message: /from sg-1/ },
    'a second security group that is open': {
      build: (stack) => {
        const made = service(stack);
        const second = securityGroup(stack, [{ ipProtocol: '-1', cidrIp: '10.0.0.0/16' }]);
        made.service.addPropertyOverride('NetworkConfiguration.AwsvpcConfiguration.SecurityGroups.1', stack.resolve(second.ref));
      },
      message: /^Group takes traffic/,
    },
    'a service without a security group': { build: (stack) => service(stack, [], { securityGroups: undefined }), message: /names no security group/ },
    'a service with an empty list of them': { build: (stack) => service(stack, [], { securityGroups: [] }), message: /names no security group/ },
    'a network where the load balancer is not known': {
      build: (stack) => alsoFrom(stack, { cidrIp: '10.0.0.0/16' }).service.addPropertyOverride(LOAD_BALANCERS, stack.resolve(deployTimeValue(stack))),
      message: /from 10\.0\.0\.0\/16/,
    },
    'the service construct with one more caller': { build: (stack) => fargate(stack).connections.allowFrom(Peer.ipv4('10.0.0.0/16'), Port.tcp(8443)), message: /from 10\.0\.0\.0\/16/ },
  },
  override: { build: (stack) => service(stack).own.addPropertyOverride('SecurityGroupIngress.1', { IpProtocol: '-1', CidrIp: '0.0.0.0/0' }), message: /from 0\.0\.0\.0\/0/ },
  raw: {
    build: (stack) => raw(stack, 'AWS::ECS::Service', {
      LoadBalancers: [{ TargetGroupArn: targetGroup(stack).ref }],
      NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: [securityGroup(stack, [{ ipProtocol: 'tcp', fromPort: 8443, toPort: 8443, cidrIp: '10.0.0.0/16' }]).ref] } },
    }),
    message: /from 10\.0\.0\.0\/16/,
  },
  undecidable: {
    'a security group that a parameter names': (stack) => service(stack, [], { securityGroups: [deployTimeValue(stack)] }),
    'a security group by its id': (stack) => service(stack, [], { securityGroups: ['sg-1'] }),
    'a source that another stack exports': (stack) => alsoFrom(stack, { sourceSecurityGroupId: Fn.importValue('Callers') }),
    'a target group that a parameter names': (stack) => service(stack).service.addPropertyOverride(LOAD_BALANCERS, stack.resolve(deployTimeValue(stack))),
    'a target group by its ARN': (stack) => service(stack).service.addPropertyOverride(LOAD_BALANCERS, 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/core/0'),
    'a network in a rule whose group a parameter names': (stack) => {
      service(stack);
      new CfnSecurityGroupIngress(stack, 'Ingress', { groupId: deployTimeValue(stack), ipProtocol: '-1', cidrIp: '10.0.0.0/16' });
    },
    'a classic load balancer': (stack) => service(stack).service.addPropertyOverride('LoadBalancers.0', { TargetGroupArn: undefined, LoadBalancerName: 'classic' }),
    'a second load balancer that is in none of the templates': (stack) => {
      service(stack, [{ ipProtocol: '-1', sourceSecurityGroupId: 'sg-1' }]);
      new CfnListenerRule(stack, 'Rule', { listenerArn: deployTimeValue(stack), priority: 1, conditions: [], actions: [{ type: 'forward', targetGroupArn: Fn.ref('TargetGroup') }] });
    },
    'rules that a macro fills in': (stack) => service(stack).own.addPropertyOverride('SecurityGroupIngress', { 'Fn::Transform': { Name: 'RulesOf' } }),
  },
  notApplicable: { 'a service without a load balancer': (stack) => raw(stack, 'AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: ['sg-1'] } } }) },
});
