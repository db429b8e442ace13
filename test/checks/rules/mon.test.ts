import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import { configurationCases } from '../../support/configured-cases';
import { task } from '../../support/containers';
import { configured, GATE, gatedService, gateTask, METRICS_PORT, rawGateTask, rawService, targetGroupOf, withHole } from '../../support/gated';
import { deployTimeValue, loadBalancer } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const NOWHERE = /where no alarm finds them/;
const named = (namespace: string): { metrics: typeof GATE.metrics } => ({ metrics: { ...GATE.metrics, namespace } });

describeRule('MON-3.gate-metrics', {
  ...configurationCases({
    violating: {
      'no namespace': [named(' '), NOWHERE, 'warning'],
      'a namespace of AWS': [named('AWS/ECS'), NOWHERE],
      'an older configuration': [{ metrics: undefined }, /go to no namespace/],
    },
    open: '"namespace"',
  }),
  compliant: {
    'a namespace': (stack) => gateTask(stack),
    'a namespace that a deployment completes': (stack) => gateTask(stack, withHole('SecureCore/Gate', `SecureCore/${deployTimeValue(stack)}`)),
  },
  undecidable: { 'a configuration known at deployment': (stack) => gateTask(stack, deployTimeValue(stack)) },
});

const SCRAPER = { sourceSecurityGroupId: 'sg-monitoring' };
const INTERNET = { cidrIp: '0.0.0.0/0' };

/** A service whose group lets somebody in at the port of the metrics. */
function scraped(stack: Stack, source: object, [fromPort, toPort] = [METRICS_PORT, METRICS_PORT], configuration = configured()): CfnSecurityGroup {
  const group = new CfnSecurityGroup(stack, 'Group', { groupDescription: 'gate', securityGroupIngress: [{ ipProtocol: 'tcp', fromPort, toPort, ...source }] });
  gatedService(stack, configuration, { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: [group.attrGroupId] } } });
  return group;
}

/** A service that registers a port of its gate besides, or another one instead. */
const registering = (stack: Stack, ContainerPort: number | string, configuration: object = GATE): CfnResource =>
  rawService(stack, rawGateTask(stack, configuration).ref, { ContainerName: 'Gate', ContainerPort, TargetGroupArn: targetGroupOf(stack) });

describeRule('MON-3.private-metrics', {
  compliant: {
    'a group that gathers metrics': (stack) => scraped(stack, SCRAPER),
    'nobody': (stack) => scraped(stack, INTERNET, [8443, 8443]),
    'a gate that shows nothing': (stack) => gatedService(stack, configured({ metrics: { namespace: 'SecureCore/Gate' } })),
  },
  violating: {
    'the internet': { build: (stack) => scraped(stack, INTERNET), message: /Group opens port 9464, where a gate shows what it measures, to 0\.0\.0\.0\/0/, severity: 'warning' },
    'a network': { build: (stack) => scraped(stack, { cidrIp: '10.0.0.0/8' }), message: /to 10\.0\.0\.0\/8/ },
    'a prefix list': { build: (stack) => scraped(stack, { sourcePrefixListId: 'pl-1' }), message: /to pl-1/ },
    'an unnamed source': { build: (stack) => scraped(stack, {}), message: /to an unnamed source/ },
    'a range around it': { build: (stack) => scraped(stack, INTERNET, [9000, 9999]), message: /opens port 9464/ },
    'every protocol by a rule of its own': {
      build: (stack) => new CfnSecurityGroupIngress(stack, 'Rule', { groupId: scraped(stack, SCRAPER).attrGroupId, ipProtocol: '-1', cidrIp: '10.0.0.0/8' }), message: /opens port 9464/,
    },
    'the load balancer': {
      build: (stack) => {
        const door = new CfnSecurityGroup(stack, 'Door', { groupDescription: 'door' });
        loadBalancer(stack, { securityGroups: [door.attrGroupId] });
        scraped(stack, { sourceSecurityGroupId: door.attrGroupId });
      },
      message: /to the load balancer/,
    },
    'a target group': { build: (stack) => registering(stack, METRICS_PORT), message: /a load balancer leads to port 9464/ },
    'VPC Lattice': {
      build: (stack) => {
        gateTask(stack, configured(), {}, { portMappings: [{ containerPort: METRICS_PORT, name: 'metrics' }] });
        gatedService(stack, configured(), { vpcLatticeConfigurations: [{ portName: 'metrics', roleArn: 'arn', targetGroupArn: 'arn' }] });
      },
      message: /VPC Lattice leads to port 9464/,
    },
    'a Prometheus behind a load balancer': {
      build: (stack) => rawService(stack, task(stack).ref, { ContainerName: 'core', ContainerPort: 9090, TargetGroupArn: targetGroupOf(stack) }), message: /leads to port 9090/,
    },
  },
  override: { build: (stack) => gatedService(stack).addPropertyOverride('LoadBalancers.0.ContainerPort', METRICS_PORT), message: /leads to port 9464/ },
  raw: { build: (stack) => registering(stack, String(METRICS_PORT)), message: /leads to port 9464/ },
  undecidable: {
    'a port known at deployment': (stack) => scraped(stack, SCRAPER, [8443, 8443], withHole('9464', deployTimeValue(stack))),
    'ports of the group known at deployment': (stack) => scraped(stack, SCRAPER).addPropertyOverride('SecurityGroupIngress.0.FromPort', deployTimeValue(stack)),
  },
  notApplicable: { 'a service that nothing leads to': (stack) => new CfnResource(stack, 'Worker', { type: 'AWS::ECS::Service', properties: { TaskDefinition: task(stack).ref } }) },
});
