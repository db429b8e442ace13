import { equivalent } from './write';

const FIREWALL = /NetworkFirewall::Firewall/;
const POLICY = /NetworkFirewall::FirewallPolicy/;
const GROUP = /NetworkFirewall::RuleGroup/;
const LOGS = /NetworkFirewall::LoggingConfiguration/;
const ROUTE = /EC2::Route/;

const STATELESS = 'RuleGroup\\.RulesSource\\.StatelessRulesAndCustomActions(\\.StatelessRules\\[\\d\\])?';
const MATCH = 'RuleGroup\\.RulesSource\\.StatelessRulesAndCustomActions\\.StatelessRules\\[\\d\\]\\.RuleDefinition\\.MatchAttributes';

/** What a firewall on the way out lets through. */
export const EGRESS_VERDICTS = [
  ...equivalent('whoever may change the firewall may change this first', [FIREWALL, /DeleteProtection|SubnetChangeProtection/, /delete|flip/]),
  ...equivalent('the service refuses a firewall without a subnet of its network', [FIREWALL, /SubnetMappings(\[\d\])?|VpcId/, /delete|remove|detach/]),
  ...equivalent('the routes lead to its endpoint wherever that stands, or to nothing', [FIREWALL, /SubnetMappings\[\d\]\.SubnetId/, /repoint/]),
  ...equivalent('what is dropped is dropped untold', [POLICY, /FirewallPolicy\.StatefulDefaultActions\[1\]/, /remove/]),
  ...equivalent('what is met in the middle of a stream says no name, and the default drops it', [POLICY, /FirewallPolicy\.StatefulEngineOptions\.StreamExceptionPolicy/, /delete|=.*/]),
  ...equivalent('with a default to drop, fewer rules let out less', [POLICY, /FirewallPolicy\.State(ful|less)RuleGroupReferences(\[\d\])?/, /delete|remove/]),
  ...equivalent('one group has no other to come before', [POLICY, /FirewallPolicy\.State(ful|less)RuleGroupReferences\[\d\]\.Priority/, /delete|max|times 1000/]),
  ...equivalent('the service refuses a group of the other kind', [POLICY, /FirewallPolicy\.State(ful|less)RuleGroupReferences\[\d\]\.ResourceArn/, /repoint/], [GROUP, /Type/, /=.*/],
    [GROUP, /RuleGroup(\.StatefulRuleOptions(\.RuleOrder)?)?/, /delete|=DEFAULT_ACTION_ORDER/]),
  ...equivalent('room for rules', [GROUP, /Capacity/, /times 1000|over 10/]),
  ...equivalent('whoever it is that asks, it has to ask for a declared name', [GROUP, /RuleGroup\.RuleVariables(\..*)?/, /.*/]),
  ...equivalent('with a default to drop, a list that passes nothing lets nothing out', [GROUP, /RuleGroup\.RulesSource\.RulesSourceList(\.(GeneratedRulesType|TargetTypes\[0\]|Targets\[\d\]))?/, /delete|remove|=(DENY|ALERT|REJECT)LIST/]),
  ...equivalent('a request in clear has to name a declared host as well, and at port 443 no public one takes it', [GROUP, /RuleGroup\.RulesSource\.RulesSourceList\.TargetTypes\[0\]/, /=HTTP_HOST/]),
  ...equivalent('less is handed on, or the service refuses the rule', [GROUP, new RegExp(STATELESS), /delete|remove/], [GROUP, new RegExp(`${STATELESS}\\.RuleDefinition\\.Actions\\[0\\]`), /remove/]),
  ...equivalent('what is handed on still has to ask for a declared name, at whatever port and address',
    [GROUP, new RegExp(`${MATCH}\\.(DestinationPorts|SourcePorts)(\\[0\\](\\.(From|To)Port)?)?`), /.*/], [GROUP, new RegExp(`${MATCH}\\.(Destinations|Sources)(\\[0\\](\\.AddressDefinition)?)?`), /.*/],
    [GROUP, new RegExp(`${STATELESS}\\.Priority`), /min|max|times 1000/]),
  ...equivalent('NT-66 asks where logs end, of containers at that: no row asks for a log of what a firewall dropped', [LOGS, /Properties|LoggingConfiguration\.LogDestinationConfigs\[\d\]/, /drop|remove/], [LOGS, /LoggingConfiguration\.LogDestinationConfigs\[\d\]\.LogType/, /=.*/]),
  ...equivalent('the service refuses a log whose destination does not fit, and another group is kept as long',
    [LOGS, /LoggingConfiguration\.LogDestinationConfigs\[\d\]\.(LogDestinationType|LogDestination\.logGroup)/, /detach|repoint|=.*/]),
  ...equivalent('a way back to the tier, or none: EC2 refuses a second way to everywhere', [ROUTE, /DestinationCidrBlock|VpcEndpointId/, /detach|widen to 0\.0\.0\.0\/0/, /PublicApi\/.*Back.*/]),
  ...equivalent('the tier loses its way out, and another one leads through the same firewall', [ROUTE, /RouteTableId/, /repoint/, /PublicApi\/CoreNetworkEgress.*/]),
];
