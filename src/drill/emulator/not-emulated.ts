import { LOCKDOWN_TYPE } from '../../lockdown/contract';
import { MASTER_KEY_TYPE } from '../../secrets/contract';

/** Types that no engine's API makes up for, each with a reason that says more than that its CloudFormation refuses them. */
export const NOT_EMULATED: ReadonlyMap<string, string> = new Map([
  ['AWS::ElasticLoadBalancingV2::TrustStore', 'the engine has no trust stores; the edge reads this one from the template'],
  ['AWS::ElasticLoadBalancingV2::TrustStoreRevocation', 'the engine has no trust stores; the edge reads the list from the template'],
  ['AWS::SecretsManager::RotationSchedule', 'the engine rotates nothing by itself; attacks read the schedule from the template'],
  ['AWS::WAFv2::LoggingConfiguration', 'the engine keeps no WAF logs'],
]);

const CUSTOM_RESOURCE = 'its provider is code of the app, and a drill does not run it';

/** What the emulator is told in the words of its API, as the provider would tell AWS. */
const IMITATED: ReadonlySet<string> = new Set([LOCKDOWN_TYPE, MASTER_KEY_TYPE]);

/** Of the CDK (aws-cdk-lib/triggers): it calls a function of the app's at deployment. */
const TRIGGER = 'it calls a function of the app at deployment, and a drill deploys without running any';

/** Why a type is left out of the deployment whatever the engine knows; undefined where it is not. */
export function notEmulated(type: string): string | undefined {
  if (IMITATED.has(type)) return undefined;
  if (type === 'Custom::Trigger') return TRIGGER;
  if (type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource') return CUSTOM_RESOURCE;
  return NOT_EMULATED.get(type);
}
