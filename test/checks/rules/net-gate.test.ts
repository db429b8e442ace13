import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import { task } from '../../support/containers';
import { configured, GATE, gatedService, gateTask, METRICS_PORT, rawGateTask, rawService, targetGroupOf, withHole } from '../../support/gated';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

describeRule('NET-6.core-on-loopback', {
  compliant: { 'a port of the gate alone': (stack) => gateTask(stack) },
  violating: {
    'a port of the Core': { build: (stack) => gateTask(stack, configured(), { portMappings: [{ containerPort: 8000 }] }), message: /container Core has a port of its own beside the gate/ },
    'another network': { build: (stack) => gateTask(stack).addPropertyOverride('NetworkMode', 'bridge'), message: /shares no loopback between the gate and what it protects/ },
  },
  override: { build: (stack) => gateTask(stack).addPropertyOverride('ContainerDefinitions.1.PortMappings', [{ ContainerPort: 8000 }]), message: /port of its own/ },
  raw: { build: (stack) => rawGateTask(stack, GATE, {}, { PortMappings: [{ ContainerPort: 11_434 }] }), message: /port of its own/ },
  undecidable: (stack) => gateTask(stack).addPropertyOverride('ContainerDefinitions.1.PortMappings', deployTimeValue(stack)),
  notApplicable: { 'a task without a gate': (stack) => task(stack, { portMappings: [{ containerPort: 8000 }] }) },
});

const PAST = (what: string): RegExp => new RegExp(`${what} leads past the gate, to`);

describeRule('NET-6.gate-is-the-door', {
  compliant: {
    'a load balancer': (stack) => gatedService(stack),
    'a name for the task': (stack) => gatedService(stack, configured(), { serviceRegistries: [{ registryArn: 'arn' }] }),
    'a name for the gate': (stack) => gatedService(stack, configured(), { serviceRegistries: [{ registryArn: 'arn', containerName: 'Gate', containerPort: 8443 }] }),
    'Service Connect': (stack) => gatedService(stack, configured(), { serviceConnectConfiguration: { enabled: true, services: [{ portName: 'gate' }] } }),
  },
  violating: {
    'a second load balancer': {
      build: (stack) => gatedService(stack).addPropertyOverride('LoadBalancers.1', { ContainerName: 'Core', ContainerPort: 8000, TargetGroupArn: 'arn' }), message: PAST('a load balancer'),
    },
    'a name for the Core': {
      build: (stack) => gatedService(stack, configured(), { serviceRegistries: [{ registryArn: 'arn', containerName: 'Core', containerPort: 8000 }] }),
      message: PAST('a name'),
    },
    'Service Connect to the Core': {
      build: (stack) => gatedService(stack, configured(), { serviceConnectConfiguration: { enabled: true, services: [{ portName: 'core' }] } }),
      message: PAST('Service Connect'),
    },
    'VPC Lattice to the Core': {
      build: (stack) => gatedService(stack, configured(), { vpcLatticeConfigurations: [{ portName: 'core', roleArn: 'arn', targetGroupArn: 'arn' }] }),
      message: PAST('VPC Lattice'),
    },
  },
  override: { build: (stack) => gatedService(stack).addPropertyOverride('LoadBalancers.0.ContainerName', 'Core'), message: PAST('a load balancer') },
  raw: {
    build: (stack) => rawService(stack, gateTask(stack).ref, { ContainerName: 'Core', TargetGroupArn: targetGroupOf(stack) }),
    message: PAST('a load balancer'),
  },
  undecidable: (stack) => gatedService(stack).addPropertyOverride('LoadBalancers.0.ContainerName', deployTimeValue(stack)),
  notApplicable: { 'a service without a gate': (stack) => rawService(stack, task(stack).ref, { ContainerName: 'core' }) },
});

/** A service whose security group takes traffic at some ports. */
function opening(stack: Stack, fromPort: number, toPort = fromPort, configuration = configured()): CfnSecurityGroup {
  const group = new CfnSecurityGroup(stack, 'Group', { groupDescription: 'gate', securityGroupIngress: [{ ipProtocol: 'tcp', fromPort, toPort, sourceSecurityGroupId: 'sg-1' }] });
  gatedService(stack, configuration, { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: [group.attrGroupId] } } });
  return group;
}

describeRule('NET-6.only-gate-port', {
  compliant: {
    'the gate\'s port': (stack) => opening(stack, 8443),
    'the port of its metrics, about which MON-3 has a rule': (stack) => opening(stack, METRICS_PORT),
  },
  violating: {
    'the Core\'s port': { build: (stack) => opening(stack, 8000), message: /Group opens port 8000, past the gate/ },
    'the port of metrics that are shown to nobody': {
      build: (stack) => opening(stack, METRICS_PORT, METRICS_PORT, configured({ metrics: { namespace: 'SecureCore/Gate' } })), message: /opens port 9464, past the gate/,
    },
    'a range': { build: (stack) => opening(stack, 8000, 8443), message: /Group opens ports 8000 to 8443, past the gate/ },
    'a rule of its own': {
      build: (stack) => new CfnSecurityGroupIngress(stack, 'Rule', { groupId: opening(stack, 8443).attrGroupId, ipProtocol: '-1', sourceSecurityGroupId: 'sg-2' }), message: /opens ports 0 to 65535/,
    },
  },
  override: { build: (stack) => opening(stack, 8443).addPropertyOverride('SecurityGroupIngress.0.ToPort', 9000), message: /opens ports 8443 to 9000/ },
  raw: {
    build: (stack) => {
      const group = new CfnResource(stack, 'Group', {
        type: 'AWS::EC2::SecurityGroup', properties: { SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 8000, ToPort: 8000, SourceSecurityGroupId: 'sg-1' }] },
      });
      gatedService(stack, configured(), { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: [group.getAtt('GroupId').toString()] } } });
    },
    message: /opens port 8000/,
  },
  undecidable: {
    'ports known at deployment': (stack) => opening(stack, 8443).addPropertyOverride('SecurityGroupIngress.0.FromPort', deployTimeValue(stack)),
    'a port of the gate known at deployment': (stack) => opening(stack, 8443, 8443, withHole('8443', deployTimeValue(stack))),
  },
  notApplicable: { 'a service that carries no group': (stack) => gatedService(stack) },
});

/** A service without a gate, whose container maps some ports, and whose security group takes traffic at others. */
function plainOpening(stack: Stack, fromPort: number, toPort = fromPort, portMappings: object[] = [{ containerPort: 8000 }]): CfnSecurityGroup {
  const group = new CfnSecurityGroup(stack, 'Group', { groupDescription: 'core', securityGroupIngress: [{ ipProtocol: 'tcp', fromPort, toPort, sourceSecurityGroupId: 'sg-1' }] });
  plainService(stack, group, task(stack, { portMappings }).ref);
  return group;
}

const plainService = (stack: Stack, group: CfnResource, taskDefinition: string): CfnResource => new CfnResource(stack, 'Plain', {
  type: 'AWS::ECS::Service', properties: { TaskDefinition: taskDefinition, NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: [group.getAtt('GroupId').toString()] } } },
});

describeRule('NET-6.only-mapped-ports', {
  compliant: {
    'the port of the container': (stack) => plainOpening(stack, 8000),
    'one of two': (stack) => plainOpening(stack, 9000, 9000, [{ containerPort: 8000 }, { containerPort: 9000 }]),
    'a part of a range': (stack) => plainOpening(stack, 8001, 8005, [{ containerPortRange: '8000-8010' }]),
  },
  violating: {
    'another port': { build: (stack) => plainOpening(stack, 9000), message: /Group opens port 9000, where no container says that it listens/ },
    'a range around it': { build: (stack) => plainOpening(stack, 8000, 8001), message: /opens ports 8000 to 8001/ },
    'every port by a rule of its own': {
      build: (stack) => new CfnSecurityGroupIngress(stack, 'Rule', { groupId: plainOpening(stack, 8000).attrGroupId, ipProtocol: '-1', sourceSecurityGroupId: 'sg-2' }), message: /opens ports 0 to 65535/,
    },
    'what lies between two': { build: (stack) => plainOpening(stack, 8000, 9000, [{ containerPort: 8000 }, { containerPort: 9000 }]), message: /opens ports 8000 to 9000/ },
  },
  override: { build: (stack) => plainOpening(stack, 8000).addPropertyOverride('SecurityGroupIngress.0.ToPort', 9000), message: /opens ports 8000 to 9000/ },
  raw: {
    build: (stack) => {
      const ingress = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, SourceSecurityGroupId: 'sg-1' }];
      const group = new CfnResource(stack, 'Group', { type: 'AWS::EC2::SecurityGroup', properties: { SecurityGroupIngress: ingress } });
      plainService(stack, group, task(stack, { portMappings: [{ containerPort: 8000 }] }).ref);
    },
    message: /opens port 22/,
  },
  undecidable: {
    'ports known at deployment': (stack) => plainOpening(stack, 8000).addPropertyOverride('SecurityGroupIngress.0.FromPort', deployTimeValue(stack)),
    'a port of the container known at deployment': (stack) => plainOpening(stack, 8000, 8000, [{ containerPortRange: deployTimeValue(stack) }]),
  },
  notApplicable: {
    'a service with a gate, for which its port is the only one': (stack) => opening(stack, 8443),
    'containers that map no port': (stack) => plainOpening(stack, 8000, 8000, []),
    'a task of another template': (stack) => plainService(stack, new CfnSecurityGroup(stack, 'Group', { groupDescription: 'core' }), 'core:1'),
  },
});

const taking = (stack: Stack, port: number, source: object = { cidrIp: '10.0.0.0/16' }): CfnSecurityGroup =>
  new CfnSecurityGroup(stack, 'Group', { groupDescription: 'model', securityGroupIngress: [{ ipProtocol: 'tcp', fromPort: port, toPort: port, ...source }] });

const NOBODY_ASKED = /what listens there asks nobody who he is/;

describeRule('NET-6.internal-ports', {
  compliant: {
    'the gate\'s port': (stack) => taking(stack, 8443),
    'Ollama for a group': (stack) => taking(stack, 11_434, { sourceSecurityGroupId: 'sg-1' }),
    'nothing': (stack) => new CfnSecurityGroup(stack, 'Group', { groupDescription: 'none' }),
  },
  violating: {
    ...Object.fromEntries([3001, 8084, 11_434].map((port) => [`port ${port}`, { build: (stack: Stack) => taking(stack, port), message: new RegExp(`opens port ${port} to 10\\.0\\.0\\.0/16`) }])),
    'a prefix list': { build: (stack) => taking(stack, 8084, { sourcePrefixListId: 'pl-1' }), message: NOBODY_ASKED },
    'a rule of its own': { build: (stack) => new CfnSecurityGroupIngress(stack, 'Rule', { groupId: 'sg-1', ipProtocol: '-1', cidrIpv6: 'fd00::/8' }), message: NOBODY_ASKED },
  },
  override: { build: (stack) => taking(stack, 8443).addPropertyOverride('SecurityGroupIngress.0.FromPort', 3000), message: /opens port 3001/ },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', {
      type: 'AWS::EC2::SecurityGroup', properties: { SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 8084, ToPort: 8084, CidrIp: '10.0.0.0/8' }] },
    }),
    message: NOBODY_ASKED,
  },
  undecidable: (stack) => taking(stack, 8443).addPropertyOverride('SecurityGroupIngress.0.FromPort', deployTimeValue(stack)),
});
