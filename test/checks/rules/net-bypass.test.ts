import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnInstance, type CfnSecurityGroup, Peer, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage, FargateService, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { deployTimeValue, loadBalancer } from '../../support/load-balancing';
import { raw, securityGroup, service } from '../../support/network';
import { remoteCore } from '../../support/remote-core';
import { describeRule } from '../../support/rule-cases';

/** A load balancer whose group a service takes traffic from, and an instance with a group of its own. */
function withInstance(stack: Stack): { readonly callers: CfnSecurityGroup; readonly instance: CfnInstance } {
  const { callers } = service(stack);
  return { callers, instance: new CfnInstance(stack, 'Instance', { securityGroupIds: [securityGroup(stack).attrGroupId] }) };
}

describeRule('NET-2.load-balancer-group', {
  compliant: {
    'a group that nothing else carries': (stack) => service(stack),
    'an instance beside it with a group of its own': (stack) => withInstance(stack),
    'a SecureCore': (stack) => remoteCore(stack),
    'a group that others carry and nobody trusts': (stack) => {
      const group = securityGroup(stack);
      loadBalancer(stack, { securityGroups: [group.attrGroupId] });
      new CfnInstance(stack, 'Instance', { securityGroupIds: [group.attrGroupId] });
    },
  },
  violating: {
    'an instance that carries it': {
      build: (stack) => new CfnInstance(stack, 'Instance', { securityGroupIds: [service(stack).callers.attrGroupId] }),
      message: /^Instance carries Callers too/, severity: 'error',
    },
    'the service itself, which then trusts all its tasks': {
      build: (stack) => {
        const made = service(stack);
        made.service.addPropertyOverride('NetworkConfiguration.AwsvpcConfiguration.SecurityGroups.1', stack.resolve(made.callers.attrGroupId));
      },
      message: /carries Callers too/,
    },
    'a function that carries it': {
      build: (stack) => raw(stack, 'AWS::Lambda::Function', { VpcConfig: { SecurityGroupIds: [service(stack).callers.attrGroupId] } }),
      message: /carries Callers too/,
    },
    'a scheduled task that carries it': {
      build: (stack) => {
        const groups = [service(stack).callers.attrGroupId];
        raw(stack, 'AWS::Events::Rule', { Targets: [{ EcsParameters: { NetworkConfiguration: { AwsVpcConfiguration: { SecurityGroups: groups } } } }] });
      },
      message: /carries Callers too/,
    },
  },
  override: {
    build: (stack) => {
      const { callers, instance } = withInstance(stack);
      instance.addPropertyOverride('SecurityGroupIds', [stack.resolve(callers.attrGroupId)]);
    },
    message: /^Instance carries Callers too/,
  },
  raw: {
    build: (stack) => {
      const groupSet = [service(stack).callers.attrGroupId];
      new CfnResource(stack, 'Raw', { type: 'AWS::EC2::NetworkInterface', properties: { GroupSet: groupSet } });
    },
    message: /^Raw carries Callers too/,
  },
  undecidable: (stack) => loadBalancer(stack, { securityGroups: [deployTimeValue(stack)] }),
  notApplicable: { 'a network load balancer': (stack) => loadBalancer(stack, { type: 'network', securityGroups: [securityGroup(stack).attrGroupId] }) },
});

/** A service that no load balancer stands in front of. */
function unfronted(stack: Stack): { readonly own: SecurityGroup; readonly service: FargateService } {
  const vpc = new Vpc(stack, 'Vpc');
  const task = new FargateTaskDefinition(stack, 'Task');
  task.addContainer('Worker', { image: ContainerImage.fromRegistry('worker') });
  const own = new SecurityGroup(stack, 'Own', { vpc });
  return { own, service: new FargateService(stack, 'Service', { cluster: new Cluster(stack, 'Cluster', { vpc }), taskDefinition: task, securityGroups: [own] }) };
}

describeRule('NET-2.direct-service', {
  compliant: {
    'a worker that nobody calls': (stack) => unfronted(stack),
    'a worker that another workload calls': (stack) => {
      const { own } = unfronted(stack);
      own.addIngressRule(new SecurityGroup(stack, 'Caller', { vpc: new Vpc(stack, 'Other') }), Port.tcp(8443));
    },
  },
  violating: {
    'a network': {
      build: (stack) => unfronted(stack).own.addIngressRule(Peer.ipv4('10.0.0.0/8'), Port.tcp(8000)),
      message: /takes traffic from 10\.0\.0\.0\/8, and no load balancer/, severity: 'error',
    },
    'a prefix list': { build: (stack) => unfronted(stack).own.addIngressRule(Peer.prefixList('pl-1'), Port.tcp(8000)), message: /takes traffic from pl-1/ },
  },
  override: {
    build: (stack) => {
      const { defaultChild } = unfronted(stack).own.node;
      if (CfnResource.isCfnResource(defaultChild)) defaultChild.addPropertyOverride('SecurityGroupIngress', [{ IpProtocol: 'tcp', FromPort: 8000, ToPort: 8000, CidrIp: '10.0.0.0/8' }]);
    },
    message: /takes traffic from 10\.0\.0\.0\/8/,
  },
  raw: {
    build: (stack) => {
      const groups = [securityGroup(stack, [{ ipProtocol: 'tcp', fromPort: 8000, toPort: 8000, cidrIp: '10.0.0.0/8' }]).attrGroupId];
      raw(stack, 'AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: groups } } });
    },
    message: /takes traffic from 10\.0\.0\.0\/8/,
  },
  undecidable: (stack) => raw(stack, 'AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: [deployTimeValue(stack)] } } }),
  notApplicable: {
    'a service behind a load balancer': (stack) => service(stack),
    'a group by its id': (stack) => raw(stack, 'AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: ['sg-1'] } } }),
  },
});
