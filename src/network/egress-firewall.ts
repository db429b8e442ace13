import { Fn, Names, RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as firewall from 'aws-cdk-lib/aws-networkfirewall';
import { Construct } from 'constructs';
import { MOST_DOMAINS } from './egress';
import { NetworkLog, type NetworkLogProps } from './network-log';

/** Subnets, and the domains that what stands in them may reach. */
export interface FirewalledTier {
  readonly name: string;
  readonly subnets: readonly ec2.ISubnet[];
  readonly domains: readonly string[];
}

export interface EgressFirewallProps {
  readonly log: NetworkLogProps;
  readonly vpc: ec2.IVpc;
  /** One a zone that has a NAT gateway; they hold nothing but the firewall, and their default route is the gateway. */
  readonly firewallSubnets: readonly ec2.ISubnet[];
  readonly natSubnets: readonly ec2.ISubnet[];
  readonly tiers: readonly FirewalledTier[];
}

const TCP = 6;
const HTTPS = { fromPort: 443, toPort: 443 };
const ANYWHERE = [{ addressDefinition: '0.0.0.0/0' }];
/** Two rules, one protocol, one port each (Network Firewall guide, "Setting rule group capacity"); larger than needed so that it never has to be replaced. */
const STATELESS_CAPACITY = 100;

/**
 * A firewall on the only route out of some tiers: HTTPS to declared domains passes, everything else is dropped and reported (NET-5).
 *
 * Names are read from the TLS handshake, which is not decrypted; see `Egress` on what that leaves open.
 */
export class EgressFirewall extends Construct {
  public constructor(scope: Construct, id: string, props: EgressFirewallProps) {
    super(scope, id);
    const policy = this.addPolicy(props.tiers);
    // One firewall a zone, since CloudFormation lists the endpoints of a firewall with several zones in no particular order.
    const endpoints = props.firewallSubnets.map((subnet, index) => this.addFirewall(`Zone${index + 1}`, subnet, policy, props));
    for (const tier of props.tiers) {
      for (const [index, subnet] of tier.subnets.entries()) {
        const vpcEndpointId = endpoints[index % endpoints.length];
        new ec2.CfnRoute(this, `${tier.name}Out${index + 1}`, { routeTableId: subnet.routeTable.routeTableId, destinationCidrBlock: '0.0.0.0/0', vpcEndpointId });
        // Answers take the way back through the same firewall, which would drop what it has not seen begin. Such a route names a whole
        // subnet (VPC guide, "Route table concepts"): no other may be narrower than the VPC's own.
        for (const [nat, natSubnet] of props.natSubnets.entries()) {
          new ec2.CfnRoute(this, `${tier.name}Back${index + 1}Nat${nat + 1}`, {
            routeTableId: natSubnet.routeTable.routeTableId,
            destinationCidrBlock: subnet.ipv4CidrBlock,
            vpcEndpointId,
          });
        }
      }
    }
  }

  private addFirewall(id: string, subnet: ec2.ISubnet, policy: firewall.CfnFirewallPolicy, props: EgressFirewallProps): string {
    const keep = props.log.removalPolicy === RemovalPolicy.RETAIN;
    const zone = new Construct(this, id);
    const made = new firewall.CfnFirewall(zone, 'Firewall', {
      firewallName: nameOf(zone),
      firewallPolicyArn: policy.attrFirewallPolicyArn,
      vpcId: props.vpc.vpcId,
      subnetMappings: [{ subnetId: subnet.subnetId }],
      deleteProtection: keep,
      subnetChangeProtection: keep,
    });
    const { group } = new NetworkLog(zone, 'Log', props.log);
    new firewall.CfnLoggingConfiguration(zone, 'Logging', {
      firewallArn: made.attrFirewallArn,
      loggingConfiguration: {
        logDestinationConfigs: ['ALERT', 'FLOW'].map((logType) => ({ logType, logDestinationType: 'CloudWatchLogs', logDestination: { logGroup: group.logGroupName } })),
      },
    });
    return Fn.select(1, Fn.split(':', Fn.select(0, made.attrEndpointIds)));
  }

  private addPolicy(tiers: readonly FirewalledTier[]): firewall.CfnFirewallPolicy {
    return new firewall.CfnFirewallPolicy(this, 'Policy', {
      firewallPolicyName: nameOf(this),
      firewallPolicy: {
        // Nothing but TCP to port 443 and back gets as far as the rules on names: a datagram needs no handshake to carry data out.
        statelessDefaultActions: ['aws:drop'],
        statelessFragmentDefaultActions: ['aws:drop'],
        statelessRuleGroupReferences: [{ priority: 1, resourceArn: this.addPorts().attrRuleGroupArn }],
        statefulEngineOptions: { ruleOrder: 'STRICT_ORDER', streamExceptionPolicy: 'DROP' },
        // The variant for the application layer is said to wait for the whole handshake, which with post-quantum keys takes more than one packet.
        statefulDefaultActions: ['aws:drop_established_app_layer', 'aws:alert_established_app_layer'],
        statefulRuleGroupReferences: tiers.map((tier, index) => ({ priority: index + 1, resourceArn: this.addDomains(tier).attrRuleGroupArn })),
      },
    });
  }

  private addPorts(): firewall.CfnRuleGroup {
    const https = { protocols: [TCP], sources: ANYWHERE, destinations: ANYWHERE };
    const directions = [{ ...https, destinationPorts: [HTTPS] }, { ...https, sourcePorts: [HTTPS] }];
    return new firewall.CfnRuleGroup(this, 'Ports', {
      ruleGroupName: `${nameOf(this)}-ports`,
      type: 'STATELESS',
      capacity: STATELESS_CAPACITY,
      ruleGroup: {
        rulesSource: {
          statelessRulesAndCustomActions: {
            statelessRules: directions.map((matchAttributes, index) => ({ priority: index + 1, ruleDefinition: { actions: ['aws:forward_to_sfe'], matchAttributes } })),
          },
        },
      },
    });
  }

  private addDomains({ name, subnets, domains }: FirewalledTier): firewall.CfnRuleGroup {
    return new firewall.CfnRuleGroup(this, `${name}Domains`, {
      ruleGroupName: `${nameOf(this)}-${name}`,
      type: 'STATEFUL',
      capacity: MOST_DOMAINS,
      ruleGroup: {
        // A domain list speaks of HOME_NET, so this is whose list it is.
        ruleVariables: { ipSets: { HOME_NET: { definition: subnets.map((subnet) => subnet.ipv4CidrBlock) } } },
        statefulRuleOptions: { ruleOrder: 'STRICT_ORDER' },
        rulesSource: { rulesSourceList: { generatedRulesType: 'ALLOWLIST', targetTypes: ['TLS_SNI'], targets: [...domains] } },
      },
    });
  }
}

/** The names of firewalls are given by whoever makes them, and are unique in an account and region. */
function nameOf(scope: Construct): string {
  return Names.uniqueResourceName(scope, { maxLength: 100, separator: '-', allowedSpecialCharacters: '-' });
}
