import { CfnResource, Fn, type Stack } from 'aws-cdk-lib';
import { CfnSecurityGroupIngress, Peer, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { type ApplicationListener, ApplicationLoadBalancer, CfnListener, type CfnLoadBalancer, CfnListenerRule, ListenerAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CERTIFICATE_ARN } from '../../support/certificates';
import { deployTimeValue, loadBalancer } from '../../support/load-balancing';
import { type Ingress, raw, securityGroup } from '../../support/network';
import { describeRule } from '../../support/rule-cases';

const tcp = (fromPort: number, toPort = fromPort): Ingress => ({ ipProtocol: 'tcp', fromPort, toPort, cidrIp: '10.0.0.0/16' });

/** A load balancer whose security group opens these. */
function opening(stack: Stack, ...rules: Ingress[]): CfnLoadBalancer {
  return loadBalancer(stack, { securityGroups: [securityGroup(stack, rules).ref] });
}

/** A plain HTTP listener whose default action is of this type. */
function plainListener(stack: Stack, balancer: CfnLoadBalancer, type: string): CfnListener {
  return new CfnListener(stack, 'Plain', { loadBalancerArn: balancer.ref, protocol: 'HTTP', port: 80, defaultActions: [{ type }] });
}

/** The load balancer construct with an HTTPS listener. */
function balancerConstruct(stack: Stack): ApplicationListener {
  return new ApplicationLoadBalancer(stack, 'Balancer', { vpc: new Vpc(stack, 'Vpc') })
    .addListener('Https', { port: 443, open: false, certificates: [{ certificateArn: CERTIFICATE_ARN }], defaultAction: ListenerAction.fixedResponse(404) });
}

/** The load balancer's group with one more rule, written as a hand-written template has it. */
function openingRaw(stack: Stack, rule: object): void {
  opening(stack);
  const group = stack.node.findChild('Group');
  if (CfnResource.isCfnResource(group)) group.addPropertyOverride('SecurityGroupIngress', [rule]);
}

/** Listeners of port 8443 of a load balancer that opens it, each with what it does with client certificates. */
function doors(stack: Stack, ...modes: string[]): void {
  const balancer = opening(stack, tcp(443), tcp(8443));
  modes.forEach((mode, index) => new CfnListener(stack, `Door${index}`, {
    loadBalancerArn: balancer.ref, protocol: 'HTTPS', port: 8443, mutualAuthentication: { mode }, defaultActions: [{ type: 'fixed-response' }],
  }));
}

describeRule('NET-3.only-443', {
  compliant: {
    'another port whose listener verifies client certificates': (stack) => doors(stack, 'verify'),
    'port 443': (stack) => opening(stack, tcp(443)),
    'port 443, as text': (stack) => openingRaw(stack, { IpProtocol: '6', FromPort: '443', ToPort: '443' }),
    ...Object.fromEntries(['icmp', 'ICMP', '1', 'icmpv6', '58'].map((ipProtocol) => [
      `${ipProtocol}, which has no ports`, (stack: Stack) => opening(stack, tcp(443), { ipProtocol, fromPort: -1, toPort: -1, cidrIp: '10.0.0.0/16' }),
    ])),
    'port 443 in a rule whose group a parameter names': (stack) => {
      opening(stack, tcp(443));
      new CfnSecurityGroupIngress(stack, 'Ingress', { groupId: deployTimeValue(stack), ...tcp(443) });
    },
    'another port in a rule for another group, by its id': (stack) => {
      opening(stack, tcp(443));
      new CfnSecurityGroupIngress(stack, 'Ingress', { groupId: 'sg-1', ...tcp(22) });
    },
    'no port': (stack) => opening(stack),
    'port 80 where it does nothing but redirect': (stack) => plainListener(stack, opening(stack, tcp(443), tcp(80)), 'redirect'),
    'the load balancer construct': (stack) => balancerConstruct(stack).connections.allowFrom(Peer.ipv4('10.0.0.0/16'), Port.tcp(443)),
    'the load balancer construct with its redirect': (stack) => new ApplicationLoadBalancer(stack, 'Balancer', { vpc: new Vpc(stack, 'Vpc') }).addRedirect({ open: true }),
    'a rule of its own': (stack) => {
      const group = securityGroup(stack);
      loadBalancer(stack, { securityGroups: [group.attrGroupId] });
      new CfnSecurityGroupIngress(stack, 'Ingress', { groupId: group.attrGroupId, ...tcp(443) });
    },
  },
  violating: {
    'port 80': { build: (stack) => opening(stack, tcp(80)), message: /^Group opens port 80$/, severity: 'error' },
    'port 80 where it forwards': { build: (stack) => plainListener(stack, opening(stack, tcp(80)), 'forward'), message: /opens port 80/ },
    'another port whose listener asks nobody for a certificate': { build: (stack) => doors(stack, 'off'), message: /opens port 8443/ },
    'another port whose listener passes certificates on': { build: (stack) => doors(stack, 'passthrough'), message: /opens port 8443/ },
    'another port with one listener that verifies and one that does not': { build: (stack) => doors(stack, 'verify', 'off'), message: /opens port 8443/ },
    'a range that begins at port 80, beside a redirect': { build: (stack) => plainListener(stack, opening(stack, tcp(80, 8080)), 'redirect'), message: /opens ports 80 to 8080/ },
    'port 80 where a rule of its listener forwards': {
      build: (stack) => {
        const listener = plainListener(stack, opening(stack, tcp(80)), 'redirect');
        new CfnListenerRule(stack, 'Rule', { listenerArn: listener.ref, priority: 1, conditions: [], actions: [{ type: 'forward' }] });
      },
      message: /opens port 80/,
    },
    'another port': { build: (stack) => opening(stack, tcp(443), tcp(8443)), message: /opens port 8443/ },
    'a range of ports': { build: (stack) => opening(stack, tcp(443, 444)), message: /opens ports 443 to 444/ },
    'a range that ends at the right port': { build: (stack) => opening(stack, tcp(1, 443)), message: /opens ports 1 to 443/ },
    'all ports': { build: (stack) => opening(stack, tcp(0, 65_535)), message: /opens ports 0 to 65535/ },
    'every protocol': { build: (stack) => opening(stack, { ipProtocol: '-1', cidrIp: '10.0.0.0/16' }), message: /opens ports 0 to 65535/ },
    'every protocol, whatever port is named': { build: (stack) => opening(stack, { ...tcp(443), ipProtocol: '-1' }), message: /opens ports 0 to 65535/ },
    'every protocol, as a number': { build: (stack) => openingRaw(stack, { IpProtocol: -1, FromPort: 443, ToPort: 443 }), message: /opens ports 0 to 65535/ },
    'a protocol without ports': { build: (stack) => opening(stack, { ...tcp(443), ipProtocol: '50' }), message: /opens ports 0 to 65535/ },
    'no ports named': { build: (stack) => openingRaw(stack, { IpProtocol: 'tcp' }), message: /opens ports 0 to 65535/ },
    'ports by the number for all': { build: (stack) => opening(stack, tcp(-1)), message: /opens ports 0 to 65535/ },
    'another port in a rule of its own': {
      build: (stack) => {
        const group = securityGroup(stack, [tcp(443)]);
        loadBalancer(stack, { securityGroups: [group.ref] });
        new CfnSecurityGroupIngress(stack, 'Ingress', { groupId: group.attrGroupId, ...tcp(22) });
      },
      message: /opens port 22/,
    },
    'another port in a second group': {
      build: (stack) => loadBalancer(stack, { securityGroups: [securityGroup(stack, [tcp(443)]).ref, securityGroup(stack, [tcp(22)], 'Second').ref] }),
      message: /^Second opens port 22/,
    },
    'a load balancer without a group': { build: (stack) => loadBalancer(stack), message: /names no security group/ },
    'a load balancer with an empty list of groups': { build: (stack) => loadBalancer(stack, { securityGroups: [] }), message: /names no security group/ },
    'the load balancer construct with one more port': { build: (stack) => balancerConstruct(stack).connections.allowFrom(Peer.ipv4('10.0.0.0/16'), Port.tcp(9443)), message: /opens port 9443/ },
    'another port beside one that is not known': {
      build: (stack) => opening(stack, tcp(22)).addPropertyOverride('SecurityGroups.1', stack.resolve(deployTimeValue(stack))),
      message: /opens port 22/,
    },
  },
  override: {
    build: (stack) => {
      const group = new SecurityGroup(stack, 'Group', { vpc: new Vpc(stack, 'Vpc') });
      loadBalancer(stack, { securityGroups: [group.securityGroupId] });
      group.addIngressRule(Peer.ipv4('10.0.0.0/16'), Port.tcp(443));
      if (CfnResource.isCfnResource(group.node.defaultChild)) group.node.defaultChild.addPropertyOverride('SecurityGroupIngress.0.ToPort', 8443);
    },
    message: /opens ports 443 to 8443/,
  },
  raw: {
    build: (stack) => raw(stack, 'AWS::ElasticLoadBalancingV2::LoadBalancer', { SecurityGroups: [securityGroup(stack, [tcp(80)]).ref] }),
    message: /opens port 80/,
  },
  undecidable: {
    'another port in a rule whose group a parameter names': (stack) => {
      opening(stack, tcp(443));
      new CfnSecurityGroupIngress(stack, 'Ingress', { groupId: deployTimeValue(stack), ...tcp(22) });
    },
    'a group that a parameter names': (stack) => loadBalancer(stack, { securityGroups: [deployTimeValue(stack)] }),
    'a group by its id': (stack) => loadBalancer(stack, { securityGroups: ['sg-1'] }),
    'groups that another stack exports': (stack) => loadBalancer(stack, { securityGroups: Fn.split(',', Fn.importValue('Groups')) }),
    'a port that a parameter gives': (stack) => openingRaw(stack, { IpProtocol: 'tcp', FromPort: 443, ToPort: stack.resolve(deployTimeValue(stack)) as unknown }),
    'a protocol that a parameter gives': (stack) => openingRaw(stack, { IpProtocol: stack.resolve(deployTimeValue(stack)) as unknown, FromPort: 443, ToPort: 443 }),
    'port 80 where a parameter says what its listener does': (stack) => plainListener(stack, opening(stack, tcp(80)), deployTimeValue(stack)),
  },
  notApplicable: { 'a network load balancer': (stack) => loadBalancer(stack, { type: 'network' }) },
});
