import { Aws, Lazy, Names } from 'aws-cdk-lib';
import * as resolver from 'aws-cdk-lib/aws-route53resolver';
import { Construct } from 'constructs';
import { resolverNames } from './domain-name';

/** Names that AWS alone answers for: its services, and what a VPC calls its own interfaces. A query for them reaches no other server. */
const OWN_NAMES = [`*.${Aws.URL_SUFFIX}`, '*.api.aws', '*.compute.internal', '*.ec2.internal'];

/** A group may stand from 101 up to 9900 among those of a VPC (Route 53 Resolver API, AssociateFirewallRuleGroup). */
const FIRST_PRIORITY = 101;

/** Names that go into a list in one request, which is how CloudFormation is taken to fill it (Route 53 Resolver API, UpdateFirewallDomains). */
const MOST_NAMES = 1000;

export interface ResolverFirewallProps {
  readonly vpcId: string;
}

/**
 * Answers for allowed names only, so that a program without a route cannot carry data out in the names it asks for (NET-5).
 *
 * Where the firewall itself fails, no name is answered: failing open is a setting of the VPC that is off unless somebody turns it on.
 */
export class ResolverFirewall extends Construct {
  private readonly names = new Set<string>(OWN_NAMES);

  public constructor(scope: Construct, id: string, { vpcId }: ResolverFirewallProps) {
    super(scope, id);
    const allowed = new resolver.CfnFirewallDomainList(this, 'Allowed', { domains: Lazy.list({ produce: () => [...this.names].sort() }) });
    const everything = new resolver.CfnFirewallDomainList(this, 'Everything', { domains: ['*'] });
    const rules = new resolver.CfnFirewallRuleGroup(this, 'Rules', {
      firewallRules: [
        // The name that was asked for counts, not where its owner points it: providers stand behind names of content networks.
        { action: 'ALLOW', firewallDomainListId: allowed.attrId, priority: 1, firewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN' },
        { action: 'BLOCK', blockResponse: 'NXDOMAIN', firewallDomainListId: everything.attrId, priority: 2 },
      ],
    });
    new resolver.CfnFirewallRuleGroupAssociation(this, 'Association', {
      vpcId,
      firewallRuleGroupId: rules.attrId,
      priority: FIRST_PRIORITY,
      name: Names.uniqueResourceName(this, { maxLength: 60 }),
    });
    this.node.addValidation({ validate: () => this.excess() });
  }

  public allow(domains: readonly string[]): void {
    for (const name of domains.flatMap(resolverNames)) this.names.add(name);
  }

  private excess(): string[] {
    if (this.names.size <= MOST_NAMES) return [];
    return [`coreEgress, dataEgress and allowNames come to ${this.names.size} names, where a domain with everything below it is two. Name ${MOST_NAMES} at most, or the domain above many of them.`];
  }
}
