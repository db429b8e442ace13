import { type Stack } from 'aws-cdk-lib';
import { CfnSubnet, type CfnVPC } from 'aws-cdk-lib/aws-ec2';
import { CfnService } from 'aws-cdk-lib/aws-ecs';
import { CfnFirewallDomainList, CfnFirewallRuleGroup, CfnFirewallRuleGroupAssociation } from 'aws-cdk-lib/aws-route53resolver';
import { deployTimeValue } from '../../support/load-balancing';
import { raw, subnet } from '../../support/network';
import { describeRule } from '../../support/rule-cases';

const list = (stack: Stack, id: string, ...domains: string[]): string => new CfnFirewallDomainList(stack, id, { domains }).attrId;

/** Rules for names that are needed, and for every other one, in this order. */
function rules(stack: Stack, ...actions: readonly (readonly ['needed' | 'all', string])[]): CfnFirewallRuleGroup {
  const lists = { needed: list(stack, 'Needed', 'api.openai.com'), all: list(stack, 'All', '*') };
  return new CfnFirewallRuleGroup(stack, 'Names', { firewallRules: actions.map(([about, action], priority) => ({ action, priority: priority + 1, firewallDomainListId: lists[about] })) });
}

const OPEN = /data leaves in the names that are asked for/;

describeRule('NET-5.dns-firewall', {
  compliant: {
    'a list, and nothing else': (stack) => rules(stack, ['needed', 'ALLOW'], ['all', 'BLOCK']),
    'nothing at all': (stack) => rules(stack, ['all', 'BLOCK']),
    'names that are known to be bad': (stack) => rules(stack, ['needed', 'BLOCK']),
  },
  violating: {
    'no rule': { build: (stack) => rules(stack), message: /every name there is gets an answer/ },
    'a list and everything else': { build: (stack) => rules(stack, ['needed', 'ALLOW']), message: OPEN, severity: 'error' },
    'everything, before it is blocked': { build: (stack) => rules(stack, ['all', 'ALLOW'], ['all', 'BLOCK']), message: OPEN },
    'everything else, only told': { build: (stack) => rules(stack, ['needed', 'ALLOW'], ['all', 'ALERT']), message: OPEN },
  },
  override: { build: (stack) => rules(stack, ['needed', 'ALLOW'], ['all', 'BLOCK']).addPropertyOverride('FirewallRules.1.Action', 'ALERT'), message: OPEN },
  raw: { build: (stack) => raw(stack, 'AWS::Route53Resolver::FirewallRuleGroup', { FirewallRules: [{ Action: 'ALLOW', Priority: 1, FirewallDomainListId: 'rslvr-fdl-1' }] }), message: OPEN },
  undecidable: (stack) => rules(stack, ['needed', 'ALLOW'], ['all', deployTimeValue(stack)]),
});

function guard(stack: Stack, vpcId: string, firewallRuleGroupId = rules(stack, ['needed', 'ALLOW'], ['all', 'BLOCK']).attrId): unknown {
  return new CfnFirewallRuleGroupAssociation(stack, 'Guard', { firewallRuleGroupId, priority: 101, vpcId });
}

/** The network of a service. */
function network(stack: Stack): CfnVPC {
  const made = subnet(stack);
  new CfnService(stack, 'Service', { taskDefinition: 'core:1', networkConfiguration: { awsvpcConfiguration: { subnets: [made.subnet.ref] } } });
  return made.subnet.node.scope?.node.findChild('Vpc') as CfnVPC;
}

const UNFILTERED = /answers its tasks for every name there is/;

describeRule('NET-5.filtered-names', {
  compliant: { 'a DNS Firewall': (stack) => guard(stack, network(stack).ref) },
  violating: {
    'none': { build: (stack) => network(stack), message: UNFILTERED, severity: 'warning' },
    'one of another network': {
      build: (stack) => {
        network(stack);
        guard(stack, 'vpc-other');
      },
      message: UNFILTERED,
    },
  },
  override: {
    build: (stack) => {
      guard(stack, network(stack).ref);
      (stack.node.findChild('Guard') as CfnFirewallRuleGroupAssociation).addPropertyOverride('VpcId', 'vpc-other');
    },
    message: UNFILTERED,
  },
  raw: {
    build: (stack) => {
      const made = subnet(stack);
      raw(stack, 'AWS::Events::Rule', { Targets: [{ EcsParameters: { NetworkConfiguration: { AwsVpcConfiguration: { Subnets: [made.subnet.ref] } } } }] });
    },
    message: UNFILTERED,
  },
  undecidable: {
    'a network that only a deployment knows': (stack) => {
      network(stack);
      guard(stack, deployTimeValue(stack));
    },
    'rules of somebody else': (stack) => guard(stack, network(stack).ref, 'rslvr-frg-1'),
  },
  notApplicable: {
    'a network without tasks': (stack) => subnet(stack),
    'a subnet of a network that is in none of the templates': (stack) => {
      const own = new CfnSubnet(stack, 'Own', { vpcId: 'vpc-1', cidrBlock: '10.1.0.0/24' });
      new CfnService(stack, 'Service', { taskDefinition: 'core:1', networkConfiguration: { awsvpcConfiguration: { subnets: [own.ref] } } });
    },
  },
});
