/**
 * Types that the emulator's CloudFormation refuses and that none of its APIs can make up for, each with the reason.
 * A refused type that is not in this list ends the drill: whether it matters is decided by somebody, not by default.
 */
export const NOT_EMULATED: ReadonlyMap<string, string> = new Map([
  ['AWS::ElasticLoadBalancingV2::TrustStore', 'the engine has no trust stores; the edge reads this one from the template'],
  ['AWS::ElasticLoadBalancingV2::TrustStoreRevocation', 'the engine has no trust stores; the edge reads the list from the template'],
  ['AWS::ElasticLoadBalancingV2::ListenerCertificate', 'the engine holds one certificate a listener'],
  ['AWS::WAFv2::LoggingConfiguration', 'the engine keeps no WAF logs'],
  ['AWS::SecretsManager::RotationSchedule', 'the engine rotates no secrets'],
  ['AWS::SecretsManager::ResourcePolicy', 'the engine has no policies on secrets'],
  ['AWS::ApplicationAutoScaling::ScalableTarget', 'the engine runs no tasks, so there is nothing to scale'],
  ['AWS::ApplicationAutoScaling::ScalingPolicy', 'the engine runs no tasks, so there is nothing to scale'],
  ['AWS::CloudTrail::Trail', 'the engine has no trails in its CloudFormation'],
  ['AWS::GuardDuty::Detector', 'the engine has no GuardDuty'],
  ['AWS::Config::ConfigRule', 'the engine judges no configuration'],
  ['AWS::Route53Resolver::FirewallRuleGroup', 'the engine has no DNS firewall'],
  ['AWS::Route53Resolver::FirewallRuleGroupAssociation', 'the engine has no DNS firewall'],
  ['AWS::Route53Resolver::FirewallDomainList', 'the engine has no DNS firewall'],
  ['AWS::NetworkFirewall::Firewall', 'the engine has no network firewall'],
  ['AWS::NetworkFirewall::FirewallPolicy', 'the engine has no network firewall'],
  ['AWS::NetworkFirewall::RuleGroup', 'the engine has no network firewall'],
]);

const CUSTOM_RESOURCE = 'its provider is code of the app, and a drill does not run it';

/** Why a type is left out of the deployment; undefined where it is not. */
export function notEmulated(type: string): string | undefined {
  if (type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource') return CUSTOM_RESOURCE;
  return NOT_EMULATED.get(type);
}
