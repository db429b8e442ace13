import { defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { SUBNET, TASK_NETWORKS, eachTaskNetwork } from './net-subnets';
import { looseIn, oncePerGraph } from './pointers';
import { isTopLevel } from './suricata';

const VPC = 'AWS::EC2::VPC';
const DOMAIN_LIST = 'AWS::Route53Resolver::FirewallDomainList';
const FIREWALL_RULES = 'AWS::Route53Resolver::FirewallRuleGroup';
const ASSOCIATION = 'AWS::Route53Resolver::FirewallRuleGroupAssociation';

/** What a list with this name in it stands for: every name there is (Route 53 guide, "Managing your own domain lists"). */
const EVERY_NAME = ['*', '*.'];

/** Whether a rule is about every name; a list that is not at hand was made for some purpose, so it is not all of them. */
function isAboutAll(rule: Property): boolean {
  return domainsOf(rule).some((name) => EVERY_NAME.includes(name));
}

/** The names of a rule's list, as far as it is at hand. */
function domainsOf(rule: Property): readonly string[] {
  const list = rule.get('FirewallDomainListId').reference()?.resource;
  return list?.type === DOMAIN_LIST ? list.prop('Domains').items().map((name) => name.partialText().text) : [];
}

const priority = (rule: Property): number => rule.get('Priority').number() ?? 0;

const isBlock = (rule: Property): boolean => rule.get('Action').text() === 'BLOCK';

/** Top-level domains that stand for networks of one's own (RFC 6762, RFC 8375, ICANN's reservation of .internal). */
const OWN = /\.(internal|local|lan|corp|home|private|test|arpa)\.?$/i;

function allowsChosen(rule: Property): readonly Outcome[] {
  const open = domainsOf(rule).find((name) => name.startsWith('*') && isTopLevel(name) && !name.includes('${') && !OWN.test(name));
  return open === undefined ? PASS : fail(rule, `allows ${open}, a whole top-level domain, where anybody may register a name`, 'warning');
}

/** A group that allows nothing blocks names that are known to be bad, which is another purpose. */
const dnsFirewall = defineRule('NET-5', 'dns-firewall', {
  appliesTo: [FIREWALL_RULES],
  remediation: 'After the rules that allow, block a domain list of "*".',
  check(group) {
    const rules = group.prop('FirewallRules');
    const aboutAll = rules.items().filter(isAboutAll).sort((a, b) => priority(a) - priority(b));
    // A rule for one type of record blocks that one alone.
    const [first] = aboutAll.filter((rule) => !isBlock(rule) || !rule.get('Qtype').exists);
    const broad = each(rules.items().filter((rule) => rule.get('Action').text() === 'ALLOW' && !isAboutAll(rule)), allowsChosen);
    if (first) return [...broad, ...expect(isBlock(first), first.get('Action'), 'answers for every name there is: data leaves in the names that are asked for')];
    if (rules.items().length === 0) return fail(rules, 'has no rule, so every name there is gets an answer');
    const allows = rules.items().some((rule) => rule.get('Action').text() === 'ALLOW');
    return expect(!allows, rules, 'allows some names and blocks no others: data leaves in the names that are asked for');
  },
});

/** The networks that tasks stand in. */
const networksOfTasks = oncePerGraph((graph) => {
  const subnets = [...TASK_NETWORKS.keys()].flatMap((type) => graph.ofType(type)).flatMap((starter) => subnetsOf(starter));
  return new Set(subnets.flatMap((subnet) => subnet.prop('VpcId').reference()?.resource ?? []));
});

/** Those that are at hand; what cannot be followed is told by the rules about the subnets. */
function subnetsOf(starter: Resource): readonly Resource[] {
  const found: Resource[] = [];
  eachTaskNetwork(starter, (network) => each(network.get('Subnets').items(), (place) => {
    const subnet = place.reference()?.resource;
    if (subnet?.type === SUBNET) found.push(subnet);
    return PASS;
  }));
  return found;
}

const looseAssociations = oncePerGraph((graph) => looseIn(graph, ASSOCIATION, 'VpcId'));

function hasFirewall(vpc: Resource, graph: TemplateGraph): readonly Outcome[] {
  const groups = graph.pointingAt(vpc, ASSOCIATION, 'VpcId').map((association) => association.prop('FirewallRuleGroupId'));
  const blocking = groups.map((place) => {
    const { value } = place;
    if (!(value instanceof Reference) || value.resource.type !== FIREWALL_RULES) return undefined;
    return value.resource.prop('FirewallRules').items().some((rule) => isAboutAll(rule) && isBlock(rule) && !rule.get('Qtype').exists);
  });
  if (blocking.includes(true)) return PASS;
  if (blocking.includes(undefined)) return undecidable(vpc.whole, 'has a DNS Firewall rule group that is in none of the templates, so whether it blocks the names that nobody named is not known');
  const [loose] = looseAssociations(graph);
  if (loose) return undecidable(vpc.whole, `has no DNS Firewall, unless ${loose.logicalId}, whose VpcId is known only when deployed, is about it`);
  return fail(vpc.whole, 'answers its tasks for every name there is: data leaves in the names that are asked for, without any route', 'warning');
}

const resolver = defineRule('NET-5', 'filtered-names', {
  appliesTo: [VPC],
  remediation: 'Associate a Route 53 Resolver DNS Firewall rule group that allows the names which are needed and blocks "*".',
  check(vpc, graph) {
    // Without the resolver there is nobody to ask.
    if (!networksOfTasks(graph).has(vpc) || vpc.prop('EnableDnsSupport').flag() === false) return NOT_APPLICABLE;
    return hasFirewall(vpc, graph);
  },
});

export const NET_NAMES_RULES = [dnsFirewall, resolver];
