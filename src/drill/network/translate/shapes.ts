import { each, irrelevant, mapped, NAMES, notEmulated, type Shape } from '../../edge/translate/treatment';

export const VPC = 'AWS::EC2::VPC';
export const SUBNET = 'AWS::EC2::Subnet';
export const ROUTE_TABLE = 'AWS::EC2::RouteTable';
export const ASSOCIATION = 'AWS::EC2::SubnetRouteTableAssociation';
export const ROUTE = 'AWS::EC2::Route';
export const NAT_GATEWAY = 'AWS::EC2::NatGateway';
export const INTERNET_GATEWAY = 'AWS::EC2::InternetGateway';
export const ATTACHMENT = 'AWS::EC2::VPCGatewayAttachment';
export const SECURITY_GROUP = 'AWS::EC2::SecurityGroup';
export const GROUP_INGRESS = 'AWS::EC2::SecurityGroupIngress';
export const GROUP_EGRESS = 'AWS::EC2::SecurityGroupEgress';
export const PREFIX_LIST = 'AWS::EC2::PrefixList';
export const ENDPOINT = 'AWS::EC2::VPCEndpoint';
export const FIREWALL = 'AWS::NetworkFirewall::Firewall';
export const FIREWALL_POLICY = 'AWS::NetworkFirewall::FirewallPolicy';
export const FIREWALL_RULES = 'AWS::NetworkFirewall::RuleGroup';
export const DNS_ASSOCIATION = 'AWS::Route53Resolver::FirewallRuleGroupAssociation';
export const DNS_RULES = 'AWS::Route53Resolver::FirewallRuleGroup';
export const DNS_NAMES = 'AWS::Route53Resolver::FirewallDomainList';

const IPV6 = notEmulated('the drill speaks IPv4 only');
const ZONES = irrelevant('which zone it stands in changes no answer');
const PEER = notEmulated('the drill does not know what is at the other end');
const RULE_TEXT: Shape = { Description: NAMES, ...each(['SourceSecurityGroupName', 'SourceSecurityGroupOwnerId'], irrelevant('the group is named by its id')) };

/** Every property that matters to packets, or is known not to; another one ends the translation. CloudFormation template reference, by type. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  [VPC]: {
    CidrBlock: mapped,
    ...each(['EnableDnsHostnames', 'EnableDnsSupport', 'InstanceTenancy', 'Tags'], irrelevant('it changes no way')),
    Ipv4IpamPoolId: notEmulated('the addresses are given out at deployment'),
    Ipv4NetmaskLength: irrelevant('it is read with the pool'),
  },
  [SUBNET]: {
    ...each(['CidrBlock', 'VpcId', 'MapPublicIpOnLaunch'], mapped),
    ...each(['AvailabilityZone', 'AvailabilityZoneId', 'OutpostArn', 'EnableLniAtDeviceIndex'], ZONES),
    ...each(['Ipv6CidrBlock', 'AssignIpv6AddressOnCreation', 'Ipv6Native', 'EnableDns64', 'Ipv6CidrBlocks', 'Ipv6IpamPoolId', 'Ipv6NetmaskLength'], IPV6),
    ...each(['Ipv4IpamPoolId', 'Ipv4NetmaskLength'], notEmulated('the addresses are given out at deployment')),
    ...each(['PrivateDnsNameOptionsOnLaunch', 'BlockPublicAccess', 'Tags'], irrelevant('it opens no way')),
  },
  [ASSOCIATION]: each(['SubnetId', 'RouteTableId'], mapped),
  [ROUTE]: {
    ...each(['RouteTableId', 'DestinationCidrBlock', 'GatewayId', 'NatGatewayId', 'VpcEndpointId', 'CarrierGatewayId'], mapped),
    DestinationIpv6CidrBlock: IPV6,
    EgressOnlyInternetGatewayId: IPV6,
    DestinationPrefixListId: notEmulated('the drill does not know which addresses are on it'),
    ...each(['TransitGatewayId', 'VpcPeeringConnectionId', 'InstanceId', 'NetworkInterfaceId', 'LocalGatewayId', 'CoreNetworkArn', 'OdbNetworkArn'], PEER),
  },
  [NAT_GATEWAY]: {
    ...each(['SubnetId', 'ConnectivityType'], mapped),
    ...each([
      'AllocationId', 'PrivateIpAddress', 'MaxDrainDurationSeconds', 'SecondaryAllocationIds', 'SecondaryPrivateIpAddresses',
      'SecondaryPrivateIpAddressCount', 'VpcId', 'AvailabilityMode', 'AvailabilityZoneAddresses', 'Tags',
    ], irrelevant('in the drill it has an address of the drill')),
  },
  [SECURITY_GROUP]: {
    ...each(['SecurityGroupIngress', 'SecurityGroupEgress', 'VpcId'], mapped),
    ...each(['GroupDescription', 'GroupName', 'Tags'], NAMES),
  },
  [GROUP_INGRESS]: { ...each(['GroupId', 'IpProtocol', 'FromPort', 'ToPort', 'CidrIp', 'SourceSecurityGroupId', 'SourcePrefixListId'], mapped), CidrIpv6: IPV6, ...RULE_TEXT },
  [GROUP_EGRESS]: { ...each(['GroupId', 'IpProtocol', 'FromPort', 'ToPort', 'CidrIp', 'DestinationSecurityGroupId', 'DestinationPrefixListId'], mapped), CidrIpv6: IPV6, ...RULE_TEXT },
  [PREFIX_LIST]: { ...each(['Entries', 'AddressFamily'], mapped), ...each(['MaxEntries', 'PrefixListName', 'Tags'], NAMES) },
  [ENDPOINT]: {
    ...each(['VpcEndpointType', 'SubnetIds', 'SecurityGroupIds', 'VpcId', 'RouteTableIds'], mapped),
    PolicyDocument: notEmulated('what a service is asked for is decided by the service; the drill has only the way to it'),
    ...each([
      'ServiceName', 'ServiceRegion', 'PrivateDnsEnabled', 'DnsOptions',
      'IpAddressType', 'ResourceConfigurationArn', 'ServiceNetworkArn', 'Tags',
    ], irrelevant('every endpoint is a listener on port 443')),
  },
  [FIREWALL]: {
    ...each(['FirewallPolicyArn', 'SubnetMappings', 'VpcId'], mapped),
    ...each([
      'FirewallName', 'Description', 'DeleteProtection', 'SubnetChangeProtection',
      'FirewallPolicyChangeProtection', 'AvailabilityZoneChangeProtection', 'EnabledAnalysisTypes', 'Tags',
    ], irrelevant('it stops no packet')),
  },
  [FIREWALL_POLICY]: { FirewallPolicy: mapped, ...each(['FirewallPolicyName', 'Description', 'Tags'], NAMES) },
  [FIREWALL_RULES]: { ...each(['Type', 'RuleGroup'], mapped), ...each(['RuleGroupName', 'Capacity', 'Description', 'SummaryConfiguration', 'Tags'], NAMES) },
  [DNS_ASSOCIATION]: { ...each(['VpcId', 'FirewallRuleGroupId', 'Priority'], mapped), ...each(['Name', 'MutationProtection', 'Tags'], NAMES) },
  [DNS_RULES]: { FirewallRules: mapped, ...each(['Name', 'Tags'], NAMES) },
  [DNS_NAMES]: { Domains: mapped, DomainFileUrl: notEmulated('the names are in a file that the drill does not have'), ...each(['Name', 'Tags'], NAMES) },
};

/** Types of the network that open no way by themselves, or only with another that is read. */
export const INERT: ReadonlySet<string> = new Set([
  ROUTE_TABLE, INTERNET_GATEWAY, ATTACHMENT, 'AWS::EC2::EIP', 'AWS::EC2::FlowLog', 'AWS::EC2::KeyPair', 'AWS::EC2::DHCPOptions', 'AWS::EC2::VPCDHCPOptionsAssociation',
  'AWS::EC2::LaunchTemplate', 'AWS::EC2::Volume',
  'AWS::NetworkFirewall::LoggingConfiguration', 'AWS::Route53Resolver::ResolverQueryLoggingConfig', 'AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation',
]);
