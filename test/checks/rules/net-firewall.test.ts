import { type Stack } from 'aws-cdk-lib';
import { CfnFirewallPolicy, CfnRuleGroup } from 'aws-cdk-lib/aws-networkfirewall';
import { deployTimeValue } from '../../support/load-balancing';
import { raw } from '../../support/network';
import { describeRule } from '../../support/rule-cases';

const policy = (stack: Stack, firewallPolicy: Partial<CfnFirewallPolicy.FirewallPolicyProperty> = {}): CfnFirewallPolicy => new CfnFirewallPolicy(stack, 'Policy', {
  firewallPolicyName: 'egress',
  firewallPolicy: {
    statelessDefaultActions: ['aws:forward_to_sfe'], statelessFragmentDefaultActions: ['aws:drop'], statefulDefaultActions: ['aws:drop_established', 'aws:alert_established'],
    statefulEngineOptions: { ruleOrder: 'STRICT_ORDER' }, ...firewallPolicy,
  },
});

const ELSEWHERE = 'arn:aws:network-firewall:eu-central-1:444455556666:stateful-rulegroup/names';
const PASSES = /lets packets pass before the stateful rules/;

describeRule('NET-5.firewall-policy', {
  compliant: {
    'drop what no rule names': (stack) => policy(stack),
    'drop everything but handshakes too': (stack) => policy(stack, { statefulDefaultActions: ['aws:drop_strict'] }),
    'drop once the name is known': (stack) => policy(stack, { statefulDefaultActions: ['aws:drop_established_app_layer', 'aws:alert_established_app_layer'] }),
    'a rule group of the template': (stack) => policy(stack, { statefulRuleGroupReferences: [{ priority: 1, resourceArn: rules(stack, names('ALLOWLIST', 'api.openai.com')).attrRuleGroupArn }] }),
    'a rule group that AWS keeps': (stack) => policy(stack, {
      statefulRuleGroupReferences: [{ priority: 1, resourceArn: `arn:${stack.partition}:network-firewall:${stack.region}:aws-managed:stateful-rulegroup/ThreatSignaturesBotnetStrictOrder` }],
    }),
    'a metric beside the stateless default': (stack) => policy(stack, { statelessDefaultActions: ['Count', 'aws:forward_to_sfe'] }),
  },
  violating: {
    'a stateless default that passes': { build: (stack) => policy(stack, { statelessDefaultActions: ['aws:pass'] }), message: PASSES, severity: 'error' },
    'fragments that pass': { build: (stack) => policy(stack, { statelessFragmentDefaultActions: ['aws:pass'] }), message: PASSES },
    'a default that only tells': { build: (stack) => policy(stack, { statefulDefaultActions: ['aws:alert_strict'] }), message: /lets out what no rule names/ },
    'no default': { build: (stack) => policy(stack, { statefulDefaultActions: undefined }), message: /lets out what no rule names/ },
    'an order that knows no default': { build: (stack) => policy(stack, { statefulEngineOptions: { ruleOrder: 'DEFAULT_ACTION_ORDER' } }), message: /is not STRICT_ORDER/ },
  },
  override: { build: (stack) => policy(stack).addPropertyOverride('FirewallPolicy.StatefulDefaultActions', ['aws:alert_established']), message: /lets out what no rule names/ },
  raw: {
    build: (stack) => raw(stack, 'AWS::NetworkFirewall::FirewallPolicy', { FirewallPolicy: { StatelessDefaultActions: ['aws:pass'], StatelessFragmentDefaultActions: ['aws:pass'] } }),
    message: PASSES,
  },
  undecidable: {
    'a default known at deployment': (stack) => policy(stack, { statefulDefaultActions: [deployTimeValue(stack)] }),
    'stateful rules of somebody': (stack) => policy(stack, { statefulRuleGroupReferences: [{ priority: 1, resourceArn: ELSEWHERE }] }),
    'stateless rules of somebody': (stack) => policy(stack, { statelessRuleGroupReferences: [{ priority: 1, resourceArn: ELSEWHERE }] }),
  },
});

const rules = (stack: Stack, rulesSource: CfnRuleGroup.RulesSourceProperty): CfnRuleGroup =>
  new CfnRuleGroup(stack, 'Rules', { ruleGroupName: 'names', capacity: 100, type: rulesSource.statelessRulesAndCustomActions ? 'STATELESS' : 'STATEFUL', ruleGroup: { rulesSource } });
const names = (generatedRulesType: string, ...targets: string[]): CfnRuleGroup.RulesSourceProperty => ({ rulesSourceList: { generatedRulesType, targets, targetTypes: ['TLS_SNI'] } });
const header = (destination: string): CfnRuleGroup.HeaderProperty => ({ protocol: 'TCP', source: 'ANY', sourcePort: 'ANY', direction: 'FORWARD', destination, destinationPort: '443' });
const stateful = (action: string, destination: string, ...keywords: string[]): CfnRuleGroup.RulesSourceProperty => ({
  statefulRules: [{ action, header: header(destination), ruleOptions: [{ keyword: 'sid', settings: ['1'] }, ...keywords.map((keyword) => ({ keyword }))] }],
});
const stateless = (action: string, ...destinations: string[]): CfnRuleGroup.RulesSourceProperty => ({
  statelessRulesAndCustomActions: {
    statelessRules: [{ priority: 1, ruleDefinition: { actions: [action], matchAttributes: { destinations: destinations.map((addressDefinition) => ({ addressDefinition })) } } }],
  },
});

describeRule('NET-5.firewall-rules', {
  compliant: {
    'names of hosts': (stack) => rules(stack, names('ALLOWLIST', 'api.openai.com', '.anthropic.com')),
    'a name known at deployment': (stack) => rules(stack, names('ALLOWLIST', deployTimeValue(stack))),
    'rules that name the host': (stack) => rules(stack, {
      rulesString: 'pass tls $HOME_NET any -> $EXTERNAL_NET 443 (tls.sni; content:"api.openai.com"; sid:1;)\ndrop ip any any -> any any (sid:2;)',
    }),
    'a handshake, before a name is known': (stack) => rules(stack, { rulesString: 'pass tcp $HOME_NET any -> $EXTERNAL_NET 443 (flow: not_established, to_server; sid:1;)' }),
    'addresses of somebody': (stack) => rules(stack, stateful('PASS', '198.51.100.0/24')),
    'a named host by its parts': (stack) => rules(stack, stateful('PASS', 'ANY', 'tls.sni', 'content:"api.openai.com"')),
    'what is dropped': (stack) => rules(stack, stateful('DROP', 'ANY')),
    'stateless, to somebody': (stack) => rules(stack, stateless('aws:pass', '198.51.100.0/24')),
    'stateless, handed on': (stack) => rules(stack, stateless('aws:forward_to_sfe', '0.0.0.0/0')),
  },
  violating: {
    'a top-level domain': { build: (stack) => rules(stack, names('ALLOWLIST', 'api.openai.com', '.com')), message: /"\.com" is a whole top-level domain/, severity: 'error' },
    'a rule to anywhere': { build: (stack) => rules(stack, { rulesString: 'pass tls $HOME_NET any -> any any (sid:1;)' }), message: /passes traffic to anywhere/ },
    'a keyword that names nobody': { build: (stack) => rules(stack, stateful('PASS', 'ANY', 'tls.sni')), message: /passes traffic to anywhere/ },
    'addresses of everybody': { build: (stack) => rules(stack, stateful('PASS', '0.0.0.0/0')), message: /passes traffic to anywhere/ },
    'stateless, to everybody': { build: (stack) => rules(stack, stateless('aws:pass', '0.0.0.0/0')), message: /before the stateful rules/ },
    'stateless, to whomever': { build: (stack) => rules(stack, stateless('aws:pass')), message: /before the stateful rules/ },
  },
  override: { build: (stack) => rules(stack, names('ALLOWLIST', 'api.openai.com')).addPropertyOverride('RuleGroup.RulesSource.RulesSourceList.Targets.0', '.com'), message: /top-level domain/ },
  raw: { build: (stack) => raw(stack, 'AWS::NetworkFirewall::RuleGroup', { RuleGroup: { RulesSource: { RulesString: 'pass ip any any -> any any (sid:1;)' } } }), message: /to anywhere/ },
  undecidable: (stack) => rules(stack, stateful('PASS', deployTimeValue(stack))),
  notApplicable: { 'names that are refused': (stack) => rules(stack, names('DENYLIST', '.com')) },
});

const TCP: CfnRuleGroup.MatchAttributesProperty = { protocols: [6] };
const handedOn = (stack: Stack, matchAttributes: CfnRuleGroup.MatchAttributesProperty, action = 'aws:forward_to_sfe'): CfnRuleGroup =>
  rules(stack, { statelessRulesAndCustomActions: { statelessRules: [{ priority: 1, ruleDefinition: { actions: [action], matchAttributes } }] } });
/** A policy that hands on what one stateless rule says, and waits for a connection before it drops. */
const waiting = (stack: Stack, group: CfnRuleGroup, props: Partial<CfnFirewallPolicy.FirewallPolicyProperty> = {}): CfnFirewallPolicy =>
  policy(stack, { statelessDefaultActions: ['aws:drop'], statelessRuleGroupReferences: [{ priority: 1, resourceArn: group.attrRuleGroupArn }], ...props });
const MORE_THAN_TCP = /hands on more than TCP/;

describeRule('NET-5.firewall-handshakes', {
  compliant: {
    'TCP alone': (stack) => waiting(stack, handedOn(stack, TCP)),
    'datagrams that are dropped': (stack) => waiting(stack, handedOn(stack, {}, 'aws:drop')),
  },
  violating: {
    'whatever comes': { build: (stack) => policy(stack), message: MORE_THAN_TCP, severity: 'warning' },
    'every protocol': { build: (stack) => waiting(stack, handedOn(stack, {})), message: MORE_THAN_TCP, severity: 'warning' },
    'datagrams beside TCP': { build: (stack) => waiting(stack, handedOn(stack, { protocols: [6, 17] })), message: MORE_THAN_TCP },
  },
  override: {
    build: (stack) => {
      const group = handedOn(stack, TCP);
      group.addPropertyDeletionOverride('RuleGroup.RulesSource.StatelessRulesAndCustomActions.StatelessRules.0.RuleDefinition.MatchAttributes.Protocols');
      waiting(stack, group);
    },
    message: MORE_THAN_TCP,
  },
  raw: {
    build: (stack) => raw(stack, 'AWS::NetworkFirewall::FirewallPolicy', { FirewallPolicy: { StatelessDefaultActions: ['aws:forward_to_sfe'], StatefulDefaultActions: ['aws:drop_established'] } }),
    message: MORE_THAN_TCP,
  },
  undecidable: (stack) => waiting(stack, handedOn(stack, TCP), { statelessDefaultActions: [deployTimeValue(stack)] }),
  notApplicable: { 'a default that waits for nothing': (stack) => policy(stack, { statefulDefaultActions: ['aws:drop_strict'] }) },
});
