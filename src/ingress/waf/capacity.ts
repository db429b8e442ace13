import type * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { MANAGED_GROUPS } from './managed-groups';
import type { Statement } from './statements';

/** Web ACL capacity units that are in the price of a web ACL, and the most that one may use (AWS WAF guide, "Web ACL capacity units"). */
export const INCLUDED_CAPACITY = 1500;
export const MAX_CAPACITY = 5000;

/**
 * Base costs (AWS WAF guide, "Rule statements"). Each text transformation costs, it says; that NONE does not is our reading, since it stands for
 * no transformation: what AWS counts is told by a deployment alone.
 */
const COST = { rate: 2, rateKey: 30, ipSet: 1, label: 1, size: 1, text: 2, transformation: 10 };

/** What the statements of a web ACL cost. Only those that we write are known. */
export function capacityOf(statements: readonly Statement[]): number {
  return statements.reduce((sum, statement) => sum + costOf(statement), 0);
}

function costOf(statement: object): number {
  // We hand our statements over as plain objects, never as tokens.
  const is = statement as Statement;
  if (is.andStatement) return nested(is.andStatement);
  if (is.orStatement) return nested(is.orStatement);
  if (is.notStatement) return costOf((is.notStatement as wafv2.CfnWebACL.NotStatementProperty).statement);
  if (is.rateBasedStatement) return rateCost(is.rateBasedStatement as wafv2.CfnWebACL.RateBasedStatementProperty);
  if (is.managedRuleGroupStatement) return groupCost(is.managedRuleGroupStatement as wafv2.CfnWebACL.ManagedRuleGroupStatementProperty);
  if (is.byteMatchStatement) return COST.text + transformationCost(is.byteMatchStatement);
  if (is.sizeConstraintStatement) return COST.size + transformationCost(is.sizeConstraintStatement);
  if (is.ipSetReferenceStatement) return COST.ipSet;
  if (is.labelMatchStatement) return COST.label;
  return unknown(Object.keys(statement).join(', '));
}

function nested(group: object): number {
  return (group as { readonly statements: readonly object[] }).statements.reduce((sum: number, statement) => sum + costOf(statement), 0);
}

function groupCost({ name }: wafv2.CfnWebACL.ManagedRuleGroupStatementProperty): number {
  return MANAGED_GROUPS.find((group) => group.name === name)?.capacity ?? unknown(name);
}

function rateCost({ customKeys, scopeDownStatement }: wafv2.CfnWebACL.RateBasedStatementProperty): number {
  const keys = Array.isArray(customKeys) ? customKeys.length : 0;
  return COST.rate + keys * COST.rateKey + (scopeDownStatement ? costOf(scopeDownStatement) : 0);
}

function transformationCost(statement: object): number {
  const { textTransformations } = statement as { readonly textTransformations: readonly { readonly type: string }[] };
  return COST.transformation * textTransformations.filter(({ type }) => type !== 'NONE').length;
}

function unknown(what: string): never {
  throw new Error(`This is a defect of cdk-secure-core: nobody wrote down the capacity of ${what}.`);
}
