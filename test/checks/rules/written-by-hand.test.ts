import { judge } from '../../../src/checks/judge';
import type { Json, JsonMap } from '../../../src/checks/template/template';
import { template } from '../../support/templates';

type Verdict = 'finds' | 'cannot decide' | 'accepts';
type Case = readonly [rule: string, verdict: Verdict, what: string, resources: JsonMap];

const r = (Type: string, Properties: JsonMap = {}): JsonMap => ({ Type, Properties });
const ref = (Ref: string): JsonMap => ({ Ref });
const att = (...path: string[]): JsonMap => ({ 'Fn::GetAtt': path });
const filled = (text: string): JsonMap => ({ 'Fn::Sub': text });

const OUT = { CidrIp: '10.0.0.0/16', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };
const group = (egress: Json = [OUT], ingress: Json = []): JsonMap => r('AWS::EC2::SecurityGroup', { SecurityGroupEgress: egress, SecurityGroupIngress: ingress });
const VPC = {
  Vpc: r('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
  Subnet: r('AWS::EC2::Subnet', { VpcId: ref('Vpc') }),
  Table: r('AWS::EC2::RouteTable'),
  InTable: r('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: ref('Subnet'), RouteTableId: ref('Table') }),
  Nat: r('AWS::EC2::NatGateway'),
  Everybody: r('AWS::EC2::PrefixList', { Entries: [{ Cidr: '0.0.0.0/0' }] }),
};
const network = (props: JsonMap = {}): JsonMap => ({ Subnets: [ref('Subnet')], SecurityGroups: [ref('Group')], ...props });
const service = (props: JsonMap = {}): JsonMap => ({ ...VPC, Service: r('AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: network(props) } }) });
const route = (destination: JsonMap): JsonMap => ({ Route: r('AWS::EC2::Route', { RouteTableId: ref('Table'), NatGatewayId: ref('Nat'), ...destination }) });
const scheduled = (props: JsonMap): JsonMap => ({ Schedule: r('AWS::Scheduler::Schedule', { Target: { EcsParameters: { NetworkConfiguration: { AwsvpcConfiguration: props } } } }) });
const piped = (props: JsonMap): JsonMap => ({ Pipe: r('AWS::Pipes::Pipe', { TargetParameters: { EcsTaskParameters: { NetworkConfiguration: { AwsvpcConfiguration: props } } } }) });
const OPEN = group([{ CidrIp: '0.0.0.0/0', IpProtocol: '-1' }]);
const OWN_IPV6 = { CidrIpv6: { 'Fn::Select': [0, att('Vpc', 'Ipv6CidrBlocks')] }, IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };

const EGRESS: readonly Case[] = [
  ['NET-5.workload-egress', 'finds', 'a prefix list of everything', { ...service(), Group: group([{ DestinationPrefixListId: att('Everybody', 'PrefixListId'), IpProtocol: '-1' }]) }],
  ['NET-5.workload-egress', 'finds', 'IPv4 behind NAT64', { ...service(), ...route({ DestinationIpv6CidrBlock: '64:ff9b::/96' }), Group: group([{ ...OUT, CidrIp: '64:ff9b::/96' }]) }],
  ['NET-5.workload-egress', 'finds', 'a service without a security group', service({ SecurityGroups: [] })],
  ['NET-5.workload-egress', 'accepts', 'no security group where the default one is emptied', {
    ...service({ SecurityGroups: [] }), Emptied: r('Custom::VpcRestrictDefaultSG', { DefaultSecurityGroupId: att('Vpc', 'DefaultSecurityGroup') }),
  }],
  ['NET-5.workload-egress', 'finds', 'a task that a scheduler starts', { ...VPC, Group: OPEN, ...scheduled(network()) }],
  ['NET-5.workload-egress', 'finds', 'a task that a pipe starts', { ...VPC, Group: OPEN, ...piped(network()) }],
  ['NET-5.workload-egress', 'accepts', 'the IPv6 block of the network', { ...service(), Group: group([OWN_IPV6]) }],
  ['NET-2.bounded-sources', 'accepts', 'the IPv6 block of the network', { ...VPC, Group: group([OUT], [OWN_IPV6]) }],
  ['NET-1.private-subnets', 'finds', 'a scheduled task with a public address', { ...VPC, Group: group(), ...scheduled(network({ AssignPublicIp: 'ENABLED' })) }],
  ['NET-5.workload-route', 'finds', 'a NAT gateway for NAT64', { ...service(), Group: group(), ...route({ DestinationIpv6CidrBlock: '64:ff9b::/96' }) }],
  ['NET-5.workload-route', 'finds', 'a NAT gateway for a prefix list of everything', { ...service(), Group: group(), ...route({ DestinationPrefixListId: att('Everybody', 'PrefixListId') }) }],
  ['NET-5.workload-route', 'accepts', 'a NAT gateway for one network behind NAT64', { ...service(), Group: group(), ...route({ DestinationIpv6CidrBlock: '64:ff9b::c633:6400/120' }) }],
];

const balanced = {
  Alb: r('AWS::ElasticLoadBalancingV2::LoadBalancer', { SecurityGroups: [ref('AlbGroup')] }),
  AlbGroup: group(),
  Tasks: group([OUT], [{ SourceSecurityGroupId: att('AlbGroup', 'GroupId') }]),
};
const carried = { SecurityGroups: [ref('AlbGroup')] };
const CARRIERS: JsonMap = {
  'a task set': r('AWS::ECS::TaskSet', { NetworkConfiguration: { AwsVpcConfiguration: carried } }),
  'an interface of a launch template': r('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { NetworkInterfaces: [{ Groups: [ref('AlbGroup')] }] } }),
  'an interface of an instance': r('AWS::EC2::Instance', { NetworkInterfaces: [{ GroupSet: [ref('AlbGroup')] }] }),
  'a launch configuration': r('AWS::AutoScaling::LaunchConfiguration', carried),
  'a function of SAM': r('AWS::Serverless::Function', { VpcConfig: { SecurityGroupIds: [ref('AlbGroup')] } }),
  'a build': r('AWS::CodeBuild::Project', { VpcConfig: { SecurityGroupIds: [ref('AlbGroup')] } }),
  'a batch environment': r('AWS::Batch::ComputeEnvironment', { ComputeResources: { SecurityGroupIds: [ref('AlbGroup')] } }),
  'a scheduled task': scheduled(carried).Schedule ?? {},
};
const BYPASS = Object.entries(CARRIERS).map(([what, Carrier]): Case => ['NET-2.load-balancer-group', 'finds', `${what} with the load balancer's group`, { ...balanced, Carrier }]);

const rules = (RulesSource: JsonMap): JsonMap => ({ Rules: r('AWS::NetworkFirewall::RuleGroup', { RuleGroup: { RulesSource, RuleVariables: { IPSets: { OUT: { Definition: ['0.0.0.0/0'] } } } } }) });
const listed = (type: string, name: string): JsonMap => rules({ RulesSourceList: { GeneratedRulesType: type, Targets: [name] } });
const stateful = (Header: JsonMap, RuleOptions: Json = []): JsonMap => rules({
  StatefulRules: [{ Action: 'PASS', Header: { Protocol: 'TCP', Source: '10.0.0.0/8', Destination: 'ANY', Direction: 'FORWARD', ...Header }, RuleOptions }],
});
const LEAKS: Readonly<Record<string, string>> = {
  'a group of addresses with blanks': 'pass tls [10.0.0.0/8, 192.168.0.0/16] any -> any any (sid:1;)',
  'everything but the network': 'pass tcp $HOME_NET any -> !$HOME_NET 443 (sid:1;)',
  'a list of everything': 'pass tcp $HOME_NET any -> [0.0.0.0/0] 443 (sid:1;)',
  'half of everything': 'pass tcp any any -> 0.0.0.0/1 443 (sid:1;)',
  'a keyword in a message': 'pass tls any any -> any any (msg:"tls.sni content"; sid:1;)',
  'all names but one': 'pass tls any any -> any any (tls.sni; content:!"evil.org"; sid:1;)',
  'a method for a name': 'pass http any any -> any any (http.method; content:"GET"; sid:1;)',
  'both ways': 'pass ip any any <> $HOME_NET any (sid:1;)',
  'a rule on two lines': 'pass tcp any any \\\n -> any any (sid:1;)',
  'a variable for everything': 'pass tcp any any -> $OUT any (sid:1;)',
  'datagrams before a handshake': 'pass udp any any -> any any (flow:not_established; sid:1;)',
  'names of a top-level domain': 'pass tls any any -> any any (tls.sni; content:".com"; endswith; sid:1;)',
};
const CHOSEN: Readonly<Record<string, string>> = {
  'a name before its keyword': 'pass http any any -> any any (content:"api.example.com"; http_host; sid:1;)',
  'a name by expression': 'pass tls any any -> any any (tls.sni; pcre:"/^api\\.example\\.com$/"; sid:2;)',
  'handshakes': 'pass tcp any any -> any any (flow:not_established, to_server; sid:3;)',
  'the network itself, both ways': 'pass ip $HOME_NET any <> $HOME_NET any (sid:1;)',
  'a list of networks': 'pass tcp $HOME_NET any -> [198.51.100.0/24, 10.0.0.0/8] [443,80] (sid:3;)',
};
const FIREWALL: readonly Case[] = [
  ...Object.entries(LEAKS).map(([what, RulesString]): Case => ['NET-5.firewall-rules', 'finds', what, rules({ RulesString })]),
  ...Object.entries(CHOSEN).map(([what, RulesString]): Case => ['NET-5.firewall-rules', 'accepts', what, rules({ RulesString })]),
  ['NET-5.firewall-rules', 'cannot decide', 'a rule that nobody can read', rules({ RulesString: 'pass tls any -> any' })],
  ['NET-5.firewall-rules', 'accepts', 'a list of what is refused', listed('REJECTLIST', '.ru')],
  ['NET-5.firewall-rules', 'finds', 'a domain that everybody shares', listed('ALLOWLIST', '.amazonaws.com')],
  ['NET-5.firewall-rules', 'accepts', 'one service of AWS', listed('ALLOWLIST', 'api.ecr.eu-west-1.amazonaws.com')],
  ['NET-5.firewall-rules', 'finds', 'a variable for the internet', stateful({ Destination: '$EXTERNAL_NET' })],
  ['NET-5.firewall-rules', 'finds', 'a rule for both directions', stateful({ Source: 'ANY', Destination: '10.0.0.0/8', Direction: 'ANY' })],
  ['NET-5.firewall-rules', 'finds', 'a content that is no name', stateful({ Protocol: 'HTTP' }, [{ Keyword: 'http.method' }, { Keyword: 'content', Settings: ['"GET"'] }])],
  ['NET-5.firewall-rules', 'accepts', 'a name in settings', stateful({ Protocol: 'TLS' }, [{ Keyword: 'tls.sni' }, { Keyword: 'content', Settings: ['"api.example.com"'] }])],
];

const names = (Domain: string): JsonMap => r('AWS::Route53Resolver::FirewallDomainList', { Domains: [Domain] });
const about = (Action: string, list: string, more: JsonMap = {}): JsonMap => ({ Action, Priority: 10, FirewallDomainListId: att(list, 'Id'), ...more });
const dns = (...FirewallRules: JsonMap[]): JsonMap => ({ All: names('*'), Api: names('api.example.org'), Com: names('*.com'), Dns: r('AWS::Route53Resolver::FirewallRuleGroup', { FirewallRules }) });
const filtered = (id: Json): JsonMap => ({ ...service(), Group: group(), Filter: r('AWS::Route53Resolver::FirewallRuleGroupAssociation', { VpcId: ref('Vpc'), FirewallRuleGroupId: id }) });
const NAMES: readonly Case[] = [
  ['NET-5.dns-firewall', 'finds', 'one type of record blocked', dns(about('ALLOW', 'Api'), about('BLOCK', 'All', { Qtype: 'AAAA', Priority: 20 }))],
  ['NET-5.dns-firewall', 'finds', 'one type of record allowed for all names', dns(about('BLOCK', 'All', { Priority: 20 }), about('ALLOW', 'All', { Qtype: 'TXT' }))],
  ['NET-5.dns-firewall', 'finds', 'a top-level domain allowed', dns(about('ALLOW', 'Com'), about('BLOCK', 'All', { Priority: 20 }))],
  ['NET-5.filtered-names', 'finds', 'a group that blocks bad names only', { ...filtered(att('Dns', 'Id')), ...dns(about('BLOCK', 'Api')) }],
  ['NET-5.filtered-names', 'cannot decide', 'a group of somebody else', filtered('rslvr-frg-1')],
  ['NET-5.filtered-names', 'accepts', 'a network without a resolver', { ...service(), Group: group(), Vpc: r('AWS::EC2::VPC', { EnableDnsSupport: false }) }],
];

const TABLE = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/core' }, Action: 'dynamodb:GetItem', Resource: 'arn:aws:dynamodb:eu-west-1:111122223333:table/T' };
const endpoint = (PolicyDocument: Json): JsonMap => ({ Endpoint: r('AWS::EC2::VPCEndpoint', { ServiceName: 'com.amazonaws.eu-west-1.dynamodb', PolicyDocument }) });
const policy = (statement: JsonMap): JsonMap => endpoint({ Statement: [{ ...TABLE, ...statement }] });
const anybodyIf = (Condition: JsonMap): JsonMap => policy({ Principal: '*', Condition });
const ENDPOINTS: readonly Case[] = [
  ['NET-5.endpoint-policy', 'finds', 'a policy as text', endpoint(JSON.stringify({ Statement: [{ ...TABLE, Principal: '*', Resource: '*' }] }))],
  ['NET-5.endpoint-policy', 'cannot decide', 'a text that is no policy', endpoint('allow all')],
  ['NET-5.endpoint-policy', 'finds', 'every object of every bucket', policy({ Action: 's3:PutObject', Resource: 'arn:aws:s3:::*/*' })],
  ['NET-5.endpoint-policy', 'finds', 'the tables of every account', policy({ Resource: 'arn:aws:dynamodb:*:*:table/*' })],
  ['NET-5.endpoint-policy', 'accepts', 'all tables of one account', policy({ Resource: 'arn:aws:dynamodb:*:111122223333:table/*' })],
  ['NET-5.endpoint-policy', 'finds', 'everybody but one', endpoint({ Statement: { Effect: 'Allow', NotPrincipal: { AWS: 'arn:aws:iam::1:user/x' }, Action: TABLE.Action, Resource: TABLE.Resource } })],
  ['NET-5.endpoint-policy', 'finds', 'a demand on those who bring something', anybodyIf({ StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-acme' } })],
  ['NET-5.endpoint-policy', 'finds', 'every organization', anybodyIf({ StringLike: { 'aws:PrincipalOrgID': 'o-*' } })],
  ['NET-5.endpoint-policy', 'finds', 'a role of every account', anybodyIf({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/core' } })],
  ['NET-5.endpoint-policy', 'accepts', 'a role in the account of the deployment', policy({ Principal: { AWS: filled('arn:${AWS::Partition}:iam::${AWS::AccountId}:role/core') } })],
  ['NET-5.endpoint-policy', 'cannot decide', 'a service that is imported', { Endpoint: r('AWS::EC2::VPCEndpoint', { ServiceName: { 'Fn::ImportValue': 'Service' } }) }],
  ['NET-2.endpoint-service', 'finds', 'every account of any partition', { Who: r('AWS::EC2::VPCEndpointServicePermissions', { AllowedPrincipals: [filled('arn:${AWS::Partition}:iam::*:root')] }) }],
];

const classic = { Classic: r('AWS::ElasticLoadBalancing::LoadBalancer', { Listeners: [{ Protocol: 'HTTPS', SSLCertificateId: 'arn:aws:iam::1:server-certificate/x' }] }) };
const certified = (arn: string): JsonMap => ({ Listener: r('AWS::ElasticLoadBalancingV2::Listener', { Protocol: 'HTTPS', Certificates: [{ CertificateArn: filled(arn) }] }) });
const connected = (authority: JsonMap): JsonMap => ({
  Service: r('AWS::ECS::Service', { ServiceConnectConfiguration: { Enabled: true, Services: [{ Tls: { IssuerCertificateAuthority: authority } }] } }),
});
const DOORS: readonly Case[] = [
  ['TLS-2.policy', 'finds', 'a classic load balancer', classic],
  ['TLS-3.managed-certificate', 'finds', 'a certificate in IAM at a classic load balancer', classic],
  ['IDN-1.authenticated', 'cannot decide', 'a classic load balancer', classic],
  ['TLS-3.managed-certificate', 'finds', 'a certificate in IAM of any partition', certified('arn:${AWS::Partition}:iam::1:server-certificate/x')],
  ['TLS-3.managed-certificate', 'accepts', 'a certificate in ACM of any partition', certified('arn:${AWS::Partition}:acm:eu-west-1:1:certificate/x')],
  ['TLS-6.service-connect', 'finds', 'an authority that is none', connected({ AwsPcaAuthorityArn: ref('AWS::NoValue') })],
];

const masked = (header: JsonMap, rule: JsonMap = {}): JsonMap => ({
  Acl: r('AWS::WAFv2::WebACL', { Rules: [rule], DataProtectionConfig: { DataProtections: [{ Field: { FieldType: 'QUERY_STRING' } }, header] } }),
  Log: r('AWS::WAFv2::LoggingConfiguration', { ResourceArn: att('Acl', 'Arn') }),
});
const HEADERS = { Field: { FieldType: 'SINGLE_HEADER', FieldKeys: ['authorization', 'cookie', 'x-api-key'] } };
const grouped = {
  Acl: r('AWS::WAFv2::WebACL', { Rules: [{ Statement: { RuleGroupReferenceStatement: { Arn: att('Own', 'Arn') } } }] }),
  Own: r('AWS::WAFv2::RuleGroup', { Rules: [{ VisibilityConfig: { SampledRequestsEnabled: true } }] }),
};
const REDACTED: readonly Case[] = [
  ['RED-5.waf-log-redaction', 'accepts', 'all headers protected', masked({ Field: { FieldType: 'SINGLE_HEADER' } })],
  ['RED-5.waf-log-redaction', 'finds', 'headers shown where a rule matched', masked({ ...HEADERS, ExcludeRuleMatchDetails: true })],
  ['RED-5.waf-log-redaction', 'finds', 'headers shown where a rule counts', masked({ ...HEADERS, ExcludeRateBasedDetails: 'true' })],
  ['RED-5.waf-samples', 'finds', 'samples of a rule group', grouped],
];

const fixed = [{ Type: 'fixed-response' }];
const LISTENER = { Listener: r('AWS::ElasticLoadBalancingV2::Listener', { Protocol: 'HTTPS', DefaultActions: fixed }) };
const from = (...Values: string[]): JsonMap => ({
  ...LISTENER,
  Rule: r('AWS::ElasticLoadBalancingV2::ListenerRule', { ListenerArn: ref('Listener'), Priority: 1, Conditions: [{ Field: 'source-ip', SourceIpConfig: { Values } }], Actions: [{ Type: 'forward' }] }),
});
const container = (props: JsonMap): JsonMap => ({ Task: r('AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Name: 'core', ...props }] }) });
const variable = (Name: string, Value: string): JsonMap => container({ Environment: [{ Name, Value }] });
const pool = (arn: JsonMap, props: JsonMap = {}): JsonMap => ({
  Pool: r('AWS::Cognito::UserPool', { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true }, MfaConfiguration: 'ON', Policies: { PasswordPolicy: { MinimumLength: 14 } }, ...props }),
  Listener: r('AWS::ElasticLoadBalancingV2::Listener', { DefaultActions: [{ Type: 'authenticate-cognito', AuthenticateCognitoConfig: { UserPoolArn: arn } }] }),
});
const provider = (ProviderType: string): JsonMap => ({ Provider: r('AWS::Cognito::UserPoolIdentityProvider', { UserPoolId: ref('Pool'), ProviderType }) });
const IDENTITIES: readonly Case[] = [
  ['IDN-10.admin-plane', 'finds', 'a rule for addresses of everybody', from('0.0.0.0/0', '::/0')],
  ['IDN-10.admin-plane', 'finds', 'a rule for two halves of everybody', from('0.0.0.0/1', '128.0.0.0/1')],
  ['IDN-10.admin-plane', 'accepts', 'a rule for one network', from('10.1.0.0/16')],
  ['IDN-9.no-bypass', 'finds', 'a variable in lower case', variable('gateway_dev_allow_all_keys', 'true')],
  ['IDN-9.no-bypass', 'finds', 'a variable of a command', container({ Command: ['env', 'GATEWAY_DEV_ALLOW_ALL_KEYS=true', 'serve'] })],
  ['IDN-9.no-bypass', 'finds', 'a variable of a shell', container({ EntryPoint: ['sh', '-c', 'export AUTH_PROVIDER="none"; exec serve'] })],
  ['IDN-9.no-bypass', 'accepts', 'a safe variable of a command', container({ Command: ['env', 'GATEWAY_DEV_ALLOW_ALL_KEYS=false', 'serve'] })],
  ['IDN-9.no-bypass', 'cannot decide', 'a variable of the shell around it', container({ Command: ['sh', '-c', 'AUTH_PROVIDER=$MODE serve'] })],
  ['IDN-9.no-bypass-alike', 'finds', 'a mode that is off', variable('APP_AUTH_MODE', 'disabled')],
  ['IDN-2.asymmetric-algorithms', 'finds', 'a secret key', variable('JWT_SECRET_KEY', 'x')],
  ['IDN-2.asymmetric-algorithms', 'finds', 'a secret of a store', container({ Secrets: [{ Name: 'APP_JWT_SIGNING_SECRET', ValueFrom: 'arn' }] })],
  ['IDN-2.asymmetric-algorithms', 'finds', 'one signing algorithm', variable('JWT_SIGNING_ALGORITHM', 'HS256')],
  ['IDN-2.asymmetric-algorithms', 'accepts', 'where a secret is', variable('JWT_SECRET_ARN', 'x')],
  ['IDN-10.login-pool', 'finds', 'a pool whose ARN is put together', pool(filled('arn:aws:cognito-idp:eu-west-1:1:userpool/${Pool}'), { MfaConfiguration: 'OPTIONAL' })],
  ['IDN-10.login-pool', 'finds', 'a provider of accounts for everybody', { ...pool(att('Pool', 'Arn')), ...provider('Google') }],
  ['IDN-10.login-pool', 'accepts', 'a provider of one company', { ...pool(att('Pool', 'Arn')), ...provider('SAML') }],
];

/** What careless or clever people write that no construct does. */
describe('templates written by hand', () => {
  const cases = [...EGRESS, ...BYPASS, ...FIREWALL, ...NAMES, ...ENDPOINTS, ...DOORS, ...REDACTED, ...IDENTITIES];
  test.each(cases)('%s %s %s', (rule, verdict, _, resources) => {
    const found = new Set(judge([template(resources)]).findings.map((finding) => finding.rule));
    const expected: Verdict = found.has(rule) ? 'finds' : found.has(`${rule}[undecidable]`) ? 'cannot decide' : 'accepts';
    expect([...found].filter((id) => id.startsWith('engine'))).toEqual([]);
    expect(expected).toBe(verdict);
  });
});
