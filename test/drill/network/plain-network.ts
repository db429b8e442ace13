import { App, Duration, Fn, Stack } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import * as firewall from 'aws-cdk-lib/aws-networkfirewall';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as resolver from 'aws-cdk-lib/aws-route53resolver';
import type { Template } from '../../../src/checks/template/template';
import type { TemplateGraph } from '../../../src/checks/template/template-graph';
import { ground } from '../../../src/drill/emulator/ground';
import { onlyGraph } from '../../../src/drill/emulator/only-graph';

/** A Core, a database and a cache in a VPC without any construct of ours; the Core goes out through a firewall that reads names. */
export function plainNetwork(alter: (parts: { readonly stack: Stack; readonly vpc: ec2.Vpc; readonly service: ecs.FargateService }) => void = () => undefined): Template {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Plain');
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    ipAddresses: ec2.IpAddresses.cidr('172.16.0.0/16'),
    maxAzs: 2,
    natGateways: 1,
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24 },
      { name: 'Firewall', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 24 },
      { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
    ],
  });
  const isolated = { subnetGroupName: 'Private' };
  const service = core(stack, vpc, isolated);
  stores(stack, vpc, service);
  wayOut(stack, vpc);
  names(stack, vpc);
  alter({ stack, vpc, service });
  return { name: stack.stackName, body: Assertions.fromStack(stack).toJSON() };
}

function core(stack: Stack, vpc: ec2.Vpc, vpcSubnets: ec2.SubnetSelection): ecs.FargateService {
  const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task');
  taskDefinition.addContainer('Core', { image: ecs.ContainerImage.fromRegistry('core'), portMappings: [{ containerPort: 8000 }] });
  const securityGroups = [new ec2.SecurityGroup(stack, 'CoreGroup', { vpc, allowAllOutbound: false })];
  securityGroups[0]?.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443));
  const service = new ecs.FargateService(stack, 'Core', { cluster: new ecs.Cluster(stack, 'Cluster', { vpc }), taskDefinition, securityGroups, vpcSubnets });
  const loadBalancer = new elbv2.ApplicationLoadBalancer(stack, 'LoadBalancer', { vpc, internetFacing: false, vpcSubnets });
  const listener = loadBalancer.addListener('Https', { port: 443, open: false, certificates: [elbv2.ListenerCertificate.fromArn('arn:aws:acm:eu-central-1:111122223333:certificate/a')] });
  listener.addTargets('Core', { port: 8000, protocol: elbv2.ApplicationProtocol.HTTP, targets: [service], deregistrationDelay: Duration.seconds(5) });
  const platform = new ec2.SecurityGroup(stack, 'PlatformGroup', { vpc });
  listener.connections.allowDefaultPortFrom(platform);
  return service;
}

function stores(stack: Stack, vpc: ec2.Vpc, service: ecs.FargateService): void {
  const engine = rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 });
  const database = new rds.DatabaseInstance(stack, 'Database', { engine, vpc, vpcSubnets: { subnetGroupName: 'Private' } });
  database.connections.allowDefaultPortFrom(service);
  const group = new ec2.SecurityGroup(stack, 'CacheGroup', { vpc });
  group.addIngressRule(ec2.Peer.securityGroupId(service.connections.securityGroups[0]?.securityGroupId ?? ''), ec2.Port.tcp(6379));
  const { subnetIds } = vpc.selectSubnets({ subnetGroupName: 'Private' });
  const subnets = new CfnSubnetGroup(stack, 'CacheSubnets', { description: 'Cache', subnetIds });
  new CfnReplicationGroup(stack, 'Cache', { replicationGroupDescription: 'Cache', cacheSubnetGroupName: subnets.ref, securityGroupIds: [group.securityGroupId], engine: 'valkey' });
}

function wayOut(stack: Stack, vpc: ec2.Vpc): void {
  const rules = new firewall.CfnRuleGroup(stack, 'Domains', {
    ruleGroupName: 'domains', type: 'STATEFUL', capacity: 10,
    ruleGroup: { rulesSource: { rulesSourceList: { generatedRulesType: 'ALLOWLIST', targetTypes: ['TLS_SNI', 'HTTP_HOST'], targets: ['.provider.example'] } } },
  });
  const policy = new firewall.CfnFirewallPolicy(stack, 'Policy', {
    firewallPolicyName: 'policy',
    firewallPolicy: {
      statelessDefaultActions: ['aws:forward_to_sfe'],
      statelessFragmentDefaultActions: ['aws:forward_to_sfe'],
      statefulEngineOptions: { ruleOrder: 'STRICT_ORDER' },
      statefulDefaultActions: ['aws:drop_established'],
      statefulRuleGroupReferences: [{ resourceArn: rules.attrRuleGroupArn, priority: 1 }],
    },
  });
  const subnetMappings = vpc.selectSubnets({ subnetGroupName: 'Firewall' }).subnetIds.map((subnetId) => ({ subnetId }));
  const made = new firewall.CfnFirewall(stack, 'Firewall', { firewallName: 'firewall', firewallPolicyArn: policy.attrFirewallPolicyArn, subnetMappings, vpcId: vpc.vpcId });
  vpc.selectSubnets({ subnetGroupName: 'Private' }).subnets.forEach(({ routeTable: { routeTableId } }, index) => {
    const vpcEndpointId = Fn.select(1, Fn.split(':', Fn.select(index, made.attrEndpointIds)));
    new ec2.CfnRoute(stack, `Out${index}`, { routeTableId, destinationCidrBlock: '0.0.0.0/0', vpcEndpointId });
  });
}

function names(stack: Stack, vpc: ec2.Vpc): void {
  const list = (id: string, domain: string): string => new resolver.CfnFirewallDomainList(stack, id, { domains: [domain] }).attrId;
  const rules = new resolver.CfnFirewallRuleGroup(stack, 'Names', {
    firewallRules: [
      { action: 'BLOCK', blockResponse: 'NXDOMAIN', firewallDomainListId: list('Others', '*'), priority: 20 },
      { action: 'ALLOW', firewallDomainListId: list('Provider', '*.provider.example'), priority: 10 },
    ],
  });
  new resolver.CfnFirewallRuleGroupAssociation(stack, 'NamesOfVpc', { firewallRuleGroupId: rules.attrId, priority: 101, vpcId: vpc.vpcId });
}

export function graphOf(templates: readonly Template[]): TemplateGraph {
  return onlyGraph(templates.map((template) => ground(template, { account: '111122223333', region: 'eu-central-1', parameters: new Map() })));
}
