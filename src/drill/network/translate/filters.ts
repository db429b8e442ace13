import type { Resource } from '../../../checks/template/resource';
import { Spot } from '../../edge/translate/spot';
import type { DomainListModel, FirewallModel, NameRule } from '../model';
import { keyOf, type Reading } from './reading';
import { DNS_ASSOCIATION, DNS_NAMES, DNS_RULES, FIREWALL, FIREWALL_POLICY, FIREWALL_RULES, VPC } from './shapes';

const TCP = 6;
/** Default actions under which what no rule passes is dropped (Network Firewall guide, "Strict evaluation order"). */
const DROPPING: ReadonlySet<string> = new Set(['aws:drop_strict', 'aws:drop_established', 'aws:drop_established_app_layer']);

export function firewallsOf(reading: Reading, vpcCidr: string): FirewallModel[] {
  return reading.all(FIREWALL).map((firewall) => {
    reading.all(FIREWALL_POLICY);
    reading.all(FIREWALL_RULES);
    const pointer = Spot.of(firewall).get('FirewallPolicyArn');
    const policy = pointer.target(FIREWALL_POLICY) ?? pointer.refuse('the policy is in none of the templates; synthesize its stack in the same app and refer to the policy by object');
    const body = Spot.of(policy).get('FirewallPolicy');
    const drops = body.get('StatefulDefaultActions').items().some((action) => DROPPING.has(action.requiredText()));
    const isStrict = body.get('StatefulEngineOptions').get('RuleOrder').oneOf(['STRICT_ORDER', 'DEFAULT_ACTION_ORDER']) === 'STRICT_ORDER';
    const ports = inspectedPorts(body);
    return {
      host: keyOf(firewall),
      lists: body.get('StatefulRuleGroupReferences').items().map((entry) => listOf(entry.get('ResourceArn'), vpcCidr)),
      ...(ports === undefined ? {} : { ports }),
      // In the other order there is no default action: a list drops what asks for another name, and lets pass what asks for none.
      unlisted: isStrict ? drops ? 'dropped' : 'passed' : 'dropped-by-name',
    };
  });
}

/** What the stateless rules hand on to those that read names; undefined where that is everything. */
function inspectedPorts(policy: Spot): number[] | undefined {
  const defaults = ['StatelessDefaultActions', 'StatelessFragmentDefaultActions'].flatMap((key) => policy.get(key).items()).map((action) => action.requiredOneOf(['aws:forward_to_sfe', 'aws:drop']));
  const groups = policy.get('StatelessRuleGroupReferences').items().map((entry) => entry.get('ResourceArn'));
  if (groups.length === 0 && defaults.every((action) => action === 'aws:forward_to_sfe')) return undefined;
  if (defaults.some((action) => action !== 'aws:drop')) policy.get('StatelessDefaultActions').refuse('beside stateless rules the drill knows aws:drop only');
  return groups.flatMap((pointer) => {
    const group = pointer.target(FIREWALL_RULES) ?? pointer.refuse('the rule group is in none of the templates; synthesize its stack in the same app and refer to the rule group by object');
    return Spot.of(group).get('RuleGroup').get('RulesSource').get('StatelessRulesAndCustomActions').get('StatelessRules').items().flatMap(handedOn);
  });
}

/** The ports of a rule that hands on; the answers to it come from a port and go to none. */
function handedOn(rule: Spot): number[] {
  const definition = rule.get('RuleDefinition');
  for (const action of definition.get('Actions').items()) action.requiredOneOf(['aws:forward_to_sfe']);
  const match = definition.get('MatchAttributes');
  for (const protocol of match.get('Protocols').items()) if (protocol.whole(0, 255) !== TCP) protocol.refuse('the drill knows TCP only');
  return match.get('DestinationPorts').items().flatMap((range) => {
    const [from, to] = [range.get('FromPort').requiredWhole(0, 65_535), range.get('ToPort').requiredWhole(0, 65_535)];
    return from === to ? [from] : range.refuse('the drill knows single ports only');
  });
}

function listOf(pointer: Spot, vpcCidr: string): DomainListModel {
  const group = pointer.target(FIREWALL_RULES) ?? pointer.refuse('the rule group is in none of the templates; synthesize its stack in the same app and refer to the rule group by object');
  const body = Spot.of(group).get('RuleGroup');
  const source = body.get('RulesSource');
  if (source.entries().some(([key, entry]) => entry.exists && key !== 'RulesSourceList')) source.refuse('the drill knows lists of domains only (RulesSourceList)');
  const list = source.get('RulesSourceList');
  list.get('GeneratedRulesType').requiredOneOf(['ALLOWLIST']);
  const home = body.get('RuleVariables').get('IPSets').get('HOME_NET').get('Definition').items().map((cidr) => cidr.requiredText());
  return {
    kinds: list.get('TargetTypes').items().map((kind) => kind.requiredOneOf(['TLS_SNI', 'HTTP_HOST'])),
    names: list.get('Targets').items().map((name) => name.requiredText().toLowerCase()),
    // Where nobody says whose list it is, it is the VPC's (Network Firewall guide, "Stateful domain list rule groups").
    home: home.length > 0 ? home : [vpcCidr],
  };
}

/** What the resolver of a VPC is asked to refuse, in the order in which it looks. */
export function nameRulesOf(vpc: Resource, reading: Reading): NameRule[] {
  reading.all(DNS_RULES);
  reading.all(DNS_NAMES);
  return reading.all(DNS_ASSOCIATION).map((resource) => Spot.of(resource))
    .filter((association) => association.get('VpcId').target(VPC) === vpc)
    .sort(byPriority)
    .flatMap((association) => {
      const pointer = association.get('FirewallRuleGroupId');
      const group = pointer.target(DNS_RULES) ?? pointer.refuse('the rule group is in none of the templates; synthesize its stack in the same app and refer to the rule group by object');
      return Spot.of(group).get('FirewallRules').items().sort(byPriority).flatMap((rule) => nameRuleOf(rule, reading));
    });
}

function nameRuleOf(rule: Spot, reading: Reading): NameRule[] {
  const action = rule.get('Action').requiredOneOf(['ALLOW', 'BLOCK', 'ALERT']);
  const pointer = rule.get('FirewallDomainListId');
  const list = pointer.target(DNS_NAMES);
  if (!list) {
    reading.omit(rule.resource, 'the list of names is in none of the templates, so its rule is left out', pointer.path);
    return [];
  }
  // An alert looks no further, so it lets the name pass.
  return [{ action: action === 'BLOCK' ? 'block' : 'allow', names: Spot.of(list).get('Domains').items().map((name) => name.requiredText().toLowerCase().replace(/\.$/, '')) }];
}

function byPriority(a: Spot, b: Spot): number {
  return a.get('Priority').requiredWhole(0, 65_535) - b.get('Priority').requiredWhole(0, 65_535);
}
