import { equivalent } from './write';

const GROUP = /EC2::SecurityGroup/;
const INGRESS = /EC2::SecurityGroupIngress/;
const EGRESS = /EC2::SecurityGroupEgress/;
const ENDPOINT = /EC2::VPCEndpoint/;
const NAMES = /Route53Resolver::FirewallRuleGroup/;
const FLOW = /EC2::FlowLog/;

/** The rule that the CDK writes where nothing may leave: an ICMP message that does not exist, to nobody. */
const NOWHERE = /.*(AwsServicesSecurityGroup|RedisGroup|RedisSecurityGroup|(Postgres|Memcached)SecurityGroup|DatabaseGroup|CacheGroup|LinkGroup).*/;
const SOMEWHERE = /(?!.*(AwsServicesSecurityGroup|RedisGroup|RedisSecurityGroup|(Postgres|Memcached)SecurityGroup|DatabaseGroup|CacheGroup|LinkGroup)).*/;
const MANAGED = /.*(AwsServicesSecurityGroup|RedisGroup|RedisSecurityGroup|DatabaseGroup).*/;
const REDIS = /.*(RedisGroup|RedisSecurityGroup).*/;
/** Without the rule that lets a gate reach what it counts in: whether it does is found (RTL-2). */
const UNCOUNTED = /(?!.*GateRedisSecurityGroupfrom\w+ServiceSecurityGroup).*/;
/** Of what rotates the password of that store. */
const ROTATES = /.*RotationHandlerSecurityGroup[0-9A-F]{8}/;

/** What the network lets through. */
export const NETWORK_VERDICTS = [
  ...equivalent('the group on the other side lets in one port of its own, whatever this one lets out', [EGRESS, /IpProtocol|FromPort|ToPort/, /widen to .*|min|over 10/]),
  ...equivalent('the routes lead to endpoints of AWS, or to a firewall that hands on nothing but HTTPS', [GROUP, /SecurityGroupEgress\[\d\]\.(CidrIp|FromPort|IpProtocol)/, /.*/, ROTATES], [GROUP, /SecurityGroupEgress\[\d\]\.ToPort/, /(?!delete).*/, ROTATES]),
  ...equivalent('half of what was let out', [GROUP, /SecurityGroupEgress\[\d\]\.CidrIp/, /widen to 0\.0\.0\.0\/1/, /AlbJwt\/EdgeGroup.*|.*Core(Ingress|Service)SecurityGroup.*/]),
  ...equivalent('the group has a rule beside it, and with any rule there is no default one', [GROUP, /SecurityGroupEgress(\[\d\])?/, /delete|remove/, /AlbJwt\/EdgeGroup.*|.*Core(Ingress|Service)SecurityGroup.*/], [GROUP, /SecurityGroupEgress(\[\d\])?/, /delete|remove/, ROTATES]),
  ...equivalent('what carries the group is run by AWS and opens no connection', [GROUP, /SecurityGroupEgress(\[\d\])?/, /delete|remove/, NOWHERE]),
  ...equivalent('EC2 refuses a range that lacks an end or runs backwards',
    [GROUP, /SecurityGroupEgress\[\d\]\.ToPort/, /delete/, SOMEWHERE],
    [EGRESS, /FromPort/, /delete|times 1000/], [EGRESS, /ToPort/, /delete|times 1000/],
    [INGRESS, /FromPort/, /times 1000/, UNCOUNTED], [INGRESS, /ToPort/, /delete/], [INGRESS, /ToPort/, /min|over 10/, UNCOUNTED], [INGRESS, /FromPort/, /delete/, MANAGED], [INGRESS, /ToPort/, /times 1000/, MANAGED],
    [GROUP, /SecurityGroupIngress\[\d\]\.FromPort/, /times 1000/, /MutualTls\/(Blue|Green|Database|Cache)Group/],
    [GROUP, /SecurityGroupIngress\[\d\]\.ToPort/, /min|over 10/, /MutualTls\/(Blue|Green|Database|Cache)Group/], [GROUP, /SecurityGroupIngress\[\d\]\.ToPort/, /delete/]),
  ...equivalent('nothing but an ICMP message that does not exist, or nothing but nobody, is let out', [GROUP, /SecurityGroupEgress\[\d\]\.(CidrIp|IpProtocol|FromPort|ToPort)/, /.*/, NOWHERE]),
  ...equivalent('less may pass than before', [GROUP, /SecurityGroupEgress\[\d\]/, /remove/, /MutualTls\/(Blue|Green)Group/], [EGRESS, /Properties/, /drop/, /(?!.*CoreGroupto).*/], [INGRESS, /Properties/, /drop/, UNCOUNTED], [INGRESS, /GroupId/, /detach/, UNCOUNTED], [INGRESS, /GroupId/, /repoint/, /.*(AwsServicesSecurityGroup|PostgresSecurityGroupfrom|GateRedisSecurityGroupfrom\w+RotationHandler|CoreServiceSecurityGroupfrom\w+IngressSecurityGroup).*/], [GROUP, /SecurityGroupIngress(\[\d\])?/, /delete|remove/]),
  ...equivalent('an endpoint of AWS listens on 443 and nothing else', [INGRESS, /FromPort|IpProtocol/, /widen to .*|min|over 10/, /.*AwsServicesSecurityGroup.*/], [INGRESS, /ToPort/, /widen to .*/, /.*AwsServicesSecurityGroup.*/]),
  ...equivalent('a store that AWS runs listens on its own port and nothing else',
    [INGRESS, /FromPort|IpProtocol/, /widen to .*|min|over 10/, REDIS], [INGRESS, /ToPort/, /widen to .*/, REDIS]),
  ...equivalent('a description, which nothing reads', [/EC2::SecurityGroup(Ingress|Egress)?/, /(SecurityGroup(Ingress|Egress)\[\d\]\.)?Description/, /delete/]),
  ...equivalent('a group of another VPC cannot be carried by what stands in this one: the service refuses the deployment', [GROUP, /VpcId/, /detach/]),
  ...equivalent('a subnet without its way out reaches less', [/EC2::Route/, /Properties|GatewayId|NatGatewayId/, /drop|detach/], [/EC2::VPCGatewayAttachment/, /Properties|InternetGatewayId/, /drop|detach/],
    [/EC2::Route/, /DestinationCidrBlock/, /delete|widen to 0\.0\.0\.0\/1/], [/EC2::NatGateway/, /AllocationId|SubnetId/, /detach/], [/EC2::EIP/, /Domain/, /delete/]),
  ...equivalent('the main route table of the new VPC leads nowhere, so the load balancer or the gateway loses its way out', [/EC2::SubnetRouteTableAssociation/, /Properties/, /drop/, /.*(Ingress|Nat|nat|ingress|Public|Firewall)Subnet.*/]),
  ...equivalent('EC2 refuses a block wider than /16, or one outside its network', [/EC2::(VPC|Subnet)/, /CidrBlock/, /widen to .*/]),
  ...equivalent('the zone is chosen by AWS', [/EC2::Subnet/, /AvailabilityZone/, /delete/]),
  ...equivalent('off is the default', [/EC2::Subnet/, /MapPublicIpOnLaunch/, /delete/]),
  ...equivalent('nothing that asks the subnet for an address is started in it: load balancers and tasks decide for themselves', [/EC2::Subnet/, /MapPublicIpOnLaunch/, /flip/, /.*(Ingress|Nat|nat|ingress|Public|Firewall)Subnet.*/]),
  ...equivalent('names are resolved less, or the hardware is shared less: nothing is let in', [/EC2::VPC/, /EnableDns(Hostnames|Support)|InstanceTenancy/, /delete|flip|=.*/]),
  ...equivalent('the service of AWS is reached less, or the deployment is refused',
    [ENDPOINT, /Properties|RouteTableIds(\[\d\])?|SecurityGroupIds(\[\d\])?|SubnetIds(\[\d\])?|ServiceName|PrivateDnsEnabled/, /drop|delete|detach|flip/], [ENDPOINT, /VpcEndpointType/, /delete|=.*/]),
  ...equivalent('NT-66 asks where logs end, of containers at that: no row asks for a log of connections', [FLOW, /Properties/, /drop/], [FLOW, /TrafficType/, /=(ACCEPT|REJECT)/]),
  ...equivalent('the service refuses a flow log whose kind, destination or role does not fit', [FLOW, /TrafficType|ResourceType|LogDestinationType|LogGroupName|DeliverLogsPermissionArn/, /delete|detach|=(?!ACCEPT|REJECT).*/]),
  ...equivalent('fewer names are answered, or the same ones', [NAMES, /FirewallRules\[0\]/, /remove/], [NAMES, /FirewallRules\[0\]\.Action/, /=BLOCK/], [NAMES, /FirewallRules\[\d\]\.Priority/, /times 1000|over 10/],
    [/Route53Resolver::FirewallDomainList/, /Domains(\[\d\])?/, /delete|remove/, /.*NeededNames/]),
  ...equivalent('the names that are needed are answered all the same, and the query is told', [NAMES, /FirewallRules\[0\]\.Action/, /=ALERT/]),
  ...equivalent('a query that is blocked is answered in other words, and the service refuses those that nobody gives', [NAMES, /FirewallRules\[\d\]\.BlockResponse/, /delete|=(NODATA|OVERRIDE)/]),
  ...equivalent('the service refuses a rule that names no list', [NAMES, /FirewallRules\[0\]\.FirewallDomainListId/, /detach/]),
  ...equivalent('no other group is in force', [/Route53Resolver::FirewallRuleGroupAssociation/, /Priority/, /times 1000|over 10/]),
  ...equivalent('in a policy both spellings say anybody (IAM guide, "Principal")', [ENDPOINT, /PolicyDocument\.Statement\[\d\]\.Principal/, /widen to \*/]),
  ...equivalent('where an allowed name leads by way of others is looked at too', [NAMES, /FirewallRules\[0\]\.FirewallDomainRedirectionAction/, /delete|=INSPECT_REDIRECTION_DOMAIN/]),
  ...equivalent('fewer names are answered', [/Route53Resolver::FirewallDomainList/, /Domains(\[\d\])?/, /delete|remove/, /.*ResolverAllowed.*/]),
  ...equivalent('a name', [/Route53Resolver::FirewallRuleGroupAssociation/, /Name/, /delete/]),
  ...equivalent('the accounts that may ask are named all the same, and all of them were meant', [/EC2::VPCEndpointService/, /AcceptanceRequired/, /delete|flip/]),
  ...equivalent('fewer may ask, or there is nothing to ask for', [/EC2::VPCEndpointService/, /NetworkLoadBalancerArns(\[\d\])?/, /delete|detach|repoint/],
    [/EC2::VPCEndpointServicePermissions/, /Properties|AllowedPrincipals(\[\d\])?/, /drop|delete|remove/]),
  ...equivalent('the only route leads to a firewall, which hands on nothing but HTTPS', [GROUP, /SecurityGroupEgress\[\d\]\.(IpProtocol|FromPort)/, /.*/, /PublicApi\/CoreServiceSecurityGroup.*/],
    [GROUP, /SecurityGroupEgress\[\d\]\.ToPort/, /(?!delete).*/, /PublicApi\/CoreServiceSecurityGroup.*/], [GROUP, /SecurityGroupEgress|Properties/, /anything may leave(, beside)?/, /PublicApi\/CoreServiceSecurityGroup.*/]),
];
