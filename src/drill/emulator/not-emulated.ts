import { LOCKDOWN_TYPE } from '../../lockdown/contract';

/** Types that no engine's API makes up for, each with a reason that says more than that its CloudFormation refuses them. */
export const NOT_EMULATED: ReadonlyMap<string, string> = new Map([
  ['AWS::ElasticLoadBalancingV2::TrustStore', 'the engine has no trust stores; the edge reads this one from the template'],
  ['AWS::ElasticLoadBalancingV2::TrustStoreRevocation', 'the engine has no trust stores; the edge reads the list from the template'],
  ['AWS::WAFv2::LoggingConfiguration', 'the engine keeps no WAF logs'],
]);

const CUSTOM_RESOURCE = 'its provider is code of the app, and a drill does not run it';

/** Why a type is left out of the deployment whatever the engine knows; undefined where it is not. */
export function notEmulated(type: string): string | undefined {
  if (type === LOCKDOWN_TYPE) return undefined;
  if (type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource') return CUSTOM_RESOURCE;
  return NOT_EMULATED.get(type);
}
