import type { Route } from '../route';
import { blockWith } from './answers';
import type { RuleDraft } from './rule-draft';
import { allOf, anyOf, carriesLabel, not, requestsSpelledLike } from './statements';

interface ManagedGroup {
  readonly name: string;
  /** Web ACL capacity units (AWS WAF guide, "AWS Managed Rules rule groups list"). */
  readonly capacity: number;
  /** Rules that look into bodies, each with the label that it leaves on what it finds. */
  readonly body: Readonly<Record<string, string>>;
}

const core = (label: string): string => `awswaf:managed:aws:core-rule-set:${label}`;
const knownBad = (label: string): string => `awswaf:managed:aws:known-bad-inputs:${label}`;

/** Rules and labels as the AWS WAF guide lists them under "Baseline rule groups" and "IP reputation rule groups". */
export const MANAGED_GROUPS: readonly ManagedGroup[] = [
  { name: 'AWSManagedRulesAmazonIpReputationList', capacity: 25, body: {} },
  {
    name: 'AWSManagedRulesCommonRuleSet',
    capacity: 700,
    body: {
      SizeRestrictions_BODY: core('SizeRestrictions_Body'),
      EC2MetaDataSSRF_BODY: core('EC2MetaDataSSRF_Body'),
      GenericLFI_BODY: core('GenericLFI_Body'),
      GenericRFI_BODY: core('GenericRFI_Body'),
      CrossSiteScripting_BODY: core('CrossSiteScripting_Body'),
    },
  },
  {
    name: 'AWSManagedRulesKnownBadInputsRuleSet',
    capacity: 200,
    body: {
      JavaDeserializationRCE_BODY: knownBad('JavaDeserializationRCE_Body'),
      Log4JRCE_BODY: knownBad('Log4JRCE_Body'),
      ReactJSRCE_BODY: knownBad('ReactJSRCE_Body'),
    },
  },
];

/**
 * AWS's own rule groups, blocking. They answer 403 with WAF's own page: their actions can be replaced one by one only, and a list of
 * them would answer otherwise for every rule that AWS adds.
 *
 * Text for a language model looks like anything, attacks included, and is longer than what the groups let pass. Where a route takes it,
 * the rules about bodies count, and a rule of ours blocks by their labels on every other route.
 */
export function managedRules(promptSized: readonly Route[]): RuleDraft[] {
  const counted = promptSized.length > 0;
  const groups = MANAGED_GROUPS.map(({ name, body }): RuleDraft => ({
    name: name.replace('AWSManagedRules', ''),
    verdict: { overrideAction: { none: {} } },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ...(counted && Object.keys(body).length > 0 && { ruleActionOverrides: Object.keys(body).map((rule) => ({ name: rule, actionToUse: { count: {} } })) }),
      },
    },
  }));
  if (!counted) return groups;
  const labels = MANAGED_GROUPS.flatMap(({ body }) => Object.values(body));
  return [...groups, {
    name: 'SuspiciousBodies',
    verdict: { action: blockWith('suspicious') },
    statement: allOf([anyOf(labels.map(carriesLabel)), not(requestsSpelledLike(promptSized))]),
  }];
}
