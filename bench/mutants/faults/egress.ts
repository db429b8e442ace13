import { isJsonMap, type Json, type JsonMap } from '../../../src/checks/template/template';
import { become, each, type Fault, items, plus } from './fault';

const ENDPOINT = 'AWS::EC2::VPCEndpoint';
const POLICY = 'AWS::NetworkFirewall::FirewallPolicy';
const GROUP = 'AWS::NetworkFirewall::RuleGroup';
const NAMES = 'AWS::Route53Resolver::FirewallRuleGroup';

const isInterface = ({ VpcEndpointType, PolicyDocument }: JsonMap): boolean => VpcEndpointType === 'Interface' && PolicyDocument !== undefined;
const isOf = (source: string) => ({ RuleGroup }: JsonMap): boolean => JSON.stringify(RuleGroup ?? null).includes(`"${source}"`);
const allowing = (statement: JsonMap): Json => ({ Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource: '*', ...statement }] });

const policyOf = (name: string, document: Json): Fault => ({ name, control: 'NET-5', type: ENDPOINT, when: isInterface, path: ['PolicyDocument'], change: become(document) });
const policySays = (name: string, key: string, to: Json): Fault => ({ name, control: 'NET-5', type: POLICY, path: ['FirewallPolicy', key], change: become(to) });
const rules = (name: string, source: string, change: (old: Json | undefined) => Json): Fault => ({
  name, control: 'NET-5', type: GROUP, when: isOf(source), path: ['RuleGroup', 'RulesSource', ...source.split('.')], change,
});

const ENDPOINTS: readonly Fault[] = [
  policyOf('everybody to everywhere', allowing({})),
  policyOf('ours to everywhere', allowing({ Condition: { StringEquals: { 'aws:PrincipalAccount': '111122223333' } } })),
  policyOf('everybody to ours', allowing({ Resource: 'arn:aws:s3:::acme/*' })),
  policyOf('every action on ours', allowing({ Action: '*', Resource: 'arn:aws:s3:::acme/*', Condition: { StringEquals: { 'aws:PrincipalAccount': '111122223333' } } })),
  policyOf('a condition that everybody meets', allowing({ Condition: { StringLike: { 'aws:PrincipalArn': '*' } } })),
];

const FIREWALL: readonly Fault[] = [
  policySays('default that alerts', 'StatefulDefaultActions', ['aws:alert_established']),
  policySays('stateless pass', 'StatelessDefaultActions', ['aws:pass']),
  policySays('fragments pass', 'StatelessFragmentDefaultActions', ['aws:pass']),
  policySays('order without a default', 'StatefulEngineOptions', { RuleOrder: 'DEFAULT_ACTION_ORDER' }),
  policySays('rules of somebody', 'StatefulRuleGroupReferences', [{ Priority: 1, ResourceArn: 'arn:aws:network-firewall:eu-central-1:444455556666:stateful-rulegroup/names' }]),
  ...each(['.com', '.'], (name) => rules(`names ending in ${name}`, 'RulesSourceList', (old) => (isJsonMap(old) ? { ...old, Targets: [...items(old.Targets), name] } : { Targets: [name] }))),
  rules('datagrams', 'StatelessRulesAndCustomActions', become({ StatelessRules: [{ Priority: 1, RuleDefinition: { Actions: ['aws:forward_to_sfe'], MatchAttributes: { Protocols: [6, 17] } } }] })),
  rules('ports pass', 'StatelessRulesAndCustomActions', become({ StatelessRules: [{ Priority: 1, RuleDefinition: { Actions: ['aws:pass'], MatchAttributes: { Protocols: [6] } } }] })),
  {
    name: 'past the firewall', control: 'NET-5', type: 'AWS::EC2::Route', when: ({ VpcEndpointId, DestinationCidrBlock }) => VpcEndpointId !== undefined && DestinationCidrBlock === '0.0.0.0/0',
    path: [], change: (old) => ({ ...Object.fromEntries(Object.entries(isJsonMap(old) ? old : {}).filter(([key]) => key !== 'VpcEndpointId')), NatGatewayId: 'nat-0123456789abcdef0' }),
  },
];

const RESOLVER: readonly Fault[] = [
  { name: 'every name', control: 'NET-5', type: NAMES, path: ['FirewallRules'], change: (old) => items(old).map((rule) => (isJsonMap(rule) ? { ...rule, Action: 'ALLOW' } : rule)) },
  { name: 'names that are bad alone', control: 'NET-5', type: NAMES, path: ['FirewallRules'], change: (old) => items(old).slice(0, 1) },
  { name: 'a filter for nobody', control: 'NET-5', type: 'AWS::Route53Resolver::FirewallRuleGroupAssociation', path: ['VpcId'], change: become('vpc-0123456789abcdef0') },
];

const CONSUMERS: readonly Fault[] = each(['*', 'arn:aws:iam::*:root'], (principal) => ({
  name: `consumers ${principal}`, control: 'NET-2', type: 'AWS::EC2::VPCEndpointServicePermissions', path: ['AllowedPrincipals'], change: plus(principal),
}));

export const EGRESS_FAULTS = [...ENDPOINTS, ...FIREWALL, ...RESOLVER, ...CONSUMERS];
