import { defineRule, each, expect, fail, NOT_APPLICABLE, PASS } from '../rule';
import type { Property } from '../template/property';
import { visibilitiesOf, WEB_ACL, WEB_ACL_ASSOCIATION } from './web-acls';

const counted = defineRule('MON-2', 'web-acl-metrics', {
  appliesTo: [WEB_ACL],
  remediation: 'Set VisibilityConfig.CloudWatchMetricsEnabled to true, on the web ACL and on each of its rules.',
  check: (acl) => each(visibilitiesOf(acl), (visibility) => {
    const place = visibility.get('CloudWatchMetricsEnabled');
    return expect(place.flag() === true, place, 'is not true, so that no metric says how much is blocked, and no alarm sounds');
  }),
});

/** Groups of AWS that know how attacks look (AWS WAF guide, "Baseline rule groups"). */
const KNOWN_ATTACKS = ['AWSManagedRulesCommonRuleSet', 'AWSManagedRulesKnownBadInputsRuleSet'];

/** The group that a rule asks; none where one of its answers is turned into an invitation, after which no other rule is asked (AWS WAF guide, "Rule action"). */
function managedGroup(rule: Property): string {
  const group = rule.get('Statement').get('ManagedRuleGroupStatement');
  return group.get('RuleActionOverrides').items().some((override) => override.get('ActionToUse').get('Allow').exists) ? '' : group.get('Name').text() ?? '';
}

const knownAttacks = defineRule('MON-2', 'known-attacks', {
  appliesTo: [WEB_ACL],
  extent: 'web ACLs that stand before something',
  remediation: `Add ${KNOWN_ATTACKS.join(' and ')} to the web ACL, to block or to count.`,
  check(acl, graph) {
    if (graph.pointingAt(acl, WEB_ACL_ASSOCIATION, 'WebACLArn').length === 0) return NOT_APPLICABLE;
    const place = acl.prop('Rules');
    const groups = place.items().map(managedGroup);
    const missing = KNOWN_ATTACKS.filter((name) => !groups.includes(name));
    return missing.length === 0 ? PASS : fail(place, `has no ${missing.join(' and no ')}, so that odd requests are neither blocked nor counted`, 'warning');
  },
});

export const MON_ATTACK_RULES = [counted, knownAttacks];
