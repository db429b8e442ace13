import { equivalent, missing } from './write';

const GROUP = /EC2::SecurityGroup/;
const INGRESS = /EC2::SecurityGroupIngress/;
const EGRESS = /EC2::SecurityGroupEgress/;
const ENDPOINT = /EC2::VPCEndpoint/;
const FLOW = /EC2::FlowLog/;

/** The rule that the CDK writes where nothing may leave: an ICMP message that does not exist, to nobody. */
const NOWHERE = /.*(EndpointSecurityGroup|RedisGroup|DatabaseGroup|ServiceSecurityGroup).*/;
const SOMEWHERE = /(?!.*(EndpointSecurityGroup|RedisGroup|DatabaseGroup|ServiceSecurityGroup)).*/;
const SERVICES = /MutualTls\/(Blue|Green)Group/;

/** What the network lets through. */
export const NETWORK_VERDICTS = [
  ...missing('NET-5', 'more may leave than what the workload needs', [GROUP, /SecurityGroupEgress\[\d\]\.(CidrIp|IpProtocol|FromPort|ToPort)/, /widen to .*/, SOMEWHERE], [EGRESS, /IpProtocol|FromPort|ToPort/, /widen to .*/]),
  ...missing('NET-5', 'the range of ports that may leave is wider', [GROUP, /SecurityGroupEgress\[\d\]\.FromPort/, /min|over 10/, SOMEWHERE], [EGRESS, /FromPort/, /min|over 10/]),
  ...missing('NET-5', 'CloudFormation gives the group its default rule, which lets everything out', [GROUP, /SecurityGroupEgress(\[\d\])?/, /delete|remove/]),
  ...missing('NET-5', 'anything may leave', [GROUP, /Properties(\.SecurityGroupEgress)?|SecurityGroupEgress/, /anything may leave(, beside)?/]),
  ...equivalent('EC2 refuses a range that lacks an end or runs backwards',
    [GROUP, /SecurityGroupEgress\[\d\]\.FromPort/, /delete|times 1000/, SOMEWHERE], [GROUP, /SecurityGroupEgress\[\d\]\.ToPort/, /delete|min|times 1000|over 10/, SOMEWHERE],
    [EGRESS, /FromPort/, /delete|times 1000/], [EGRESS, /ToPort/, /delete|min|times 1000|over 10/],
    [INGRESS, /FromPort/, /delete|times 1000/], [INGRESS, /ToPort/, /delete|min|times 1000|over 10/],
    [GROUP, /SecurityGroupIngress\[\d\]\.FromPort/, /delete|times 1000/, /MutualTls\/(Blue|Green|Database)Group/],
    [GROUP, /SecurityGroupIngress\[\d\]\.ToPort/, /min|times 1000|over 10/, /MutualTls\/(Blue|Green|Database)Group/], [GROUP, /SecurityGroupIngress\[\d\]\.ToPort/, /delete/]),
  ...equivalent('nothing but an ICMP message that does not exist, or nothing but nobody, is let out', [GROUP, /SecurityGroupEgress\[\d\]\.(CidrIp|IpProtocol|FromPort|ToPort)/, /.*/, NOWHERE]),
  ...equivalent('less may pass than before', [EGRESS, /Properties/, /drop/], [INGRESS, /Properties/, /drop/], [INGRESS, /GroupId/, /detach/], [GROUP, /SecurityGroupIngress(\[\d\])?/, /delete|remove/]),
  ...equivalent('an endpoint of AWS listens on 443 and nothing else', [INGRESS, /FromPort|IpProtocol/, /widen to .*|min|over 10/, /.*EndpointSecurityGroup.*/], [INGRESS, /ToPort/, /widen to .*/, /.*EndpointSecurityGroup.*/]),
  ...missing('NET-6', 'the load balancer\'s group reaches every port of the Core, not only the one that it forwards to',
    [INGRESS, /FromPort|IpProtocol/, /widen to .*|min|over 10/, /(?!.*(EndpointSecurityGroup|RedisGroup)).*/], [INGRESS, /ToPort/, /widen to .*/, /(?!.*(EndpointSecurityGroup|RedisGroup)).*/],
    [GROUP, /SecurityGroupIngress\[\d\]\.(FromPort|IpProtocol)/, /widen to .*|min|over 10/, SERVICES], [GROUP, /SecurityGroupIngress\[\d\]\.ToPort/, /widen to .*/, SERVICES]),
  ...equivalent('a store that AWS runs listens on its own port and nothing else',
    [INGRESS, /FromPort|IpProtocol/, /widen to .*|min|over 10/, /.*RedisGroup.*/], [INGRESS, /ToPort/, /widen to .*/, /.*RedisGroup.*/],
    [GROUP, /SecurityGroupIngress\[\d\]\.(FromPort|IpProtocol)/, /widen to .*|min|over 10/, /.*DatabaseGroup/], [GROUP, /SecurityGroupIngress\[\d\]\.ToPort/, /widen to .*/, /.*DatabaseGroup/]),
  ...equivalent('a description, which nothing reads', [/EC2::SecurityGroup(Ingress|Egress)?/, /(SecurityGroup(Ingress|Egress)\[\d\]\.)?Description/, /delete/]),
  ...equivalent('a group of another VPC cannot be carried by what stands in this one: the service refuses the deployment', [GROUP, /VpcId/, /detach/]),
  ...equivalent('a subnet without its way out reaches less', [/EC2::Route/, /Properties|GatewayId|NatGatewayId/, /drop|detach/], [/EC2::VPCGatewayAttachment/, /Properties|InternetGatewayId/, /drop|detach/],
    [/EC2::Route/, /DestinationCidrBlock/, /delete|widen to 0\.0\.0\.0\/1/], [/EC2::NatGateway/, /AllocationId|SubnetId/, /detach/], [/EC2::EIP/, /Domain/, /delete/]),
  ...equivalent('the main route table of the new VPC leads nowhere, so the load balancer or the gateway loses its way out', [/EC2::SubnetRouteTableAssociation/, /Properties/, /drop/, /.*(Ingress|Nat|nat|ingress)Subnet.*/]),
  ...equivalent('nothing stands in the subnet', [/EC2::SubnetRouteTableAssociation/, /Properties/, /drop/, /.*DataSubnet.*/]),
  ...equivalent('EC2 refuses a block wider than /16, or one outside its network', [/EC2::(VPC|Subnet)/, /CidrBlock/, /widen to .*/]),
  ...equivalent('the zone is chosen by AWS', [/EC2::Subnet/, /AvailabilityZone/, /delete/]),
  ...equivalent('off is the default', [/EC2::Subnet/, /MapPublicIpOnLaunch/, /delete/]),
  ...equivalent('nothing that asks the subnet for an address is started in it: load balancers and tasks decide for themselves', [/EC2::Subnet/, /MapPublicIpOnLaunch/, /flip/, /.*(Ingress|Nat|nat|ingress|Data)Subnet.*/]),
  ...equivalent('names are resolved less, or the hardware is shared less: nothing is let in', [/EC2::VPC/, /EnableDns(Hostnames|Support)|InstanceTenancy/, /delete|flip|=.*/]),
  ...missing('NET-5', 'the endpoint takes data to every bucket of anybody', [ENDPOINT, /PolicyDocument(\.Statement\[\d\]\.(Action|Principal|Resource))?/, /delete|widen to \*/]),
  ...equivalent('the service of AWS is reached less, or the deployment is refused',
    [ENDPOINT, /Properties|RouteTableIds(\[\d\])?|SecurityGroupIds(\[\d\])?|SubnetIds(\[\d\])?|ServiceName|PrivateDnsEnabled/, /drop|delete|detach|flip/], [ENDPOINT, /VpcEndpointType/, /delete|=.*/]),
  ...missing('AUD-7', 'connections, or those that were refused, are no longer logged', [FLOW, /Properties/, /drop/], [FLOW, /TrafficType/, /=(ACCEPT|REJECT)/]),
  ...equivalent('the service refuses a flow log whose kind, destination or role does not fit', [FLOW, /TrafficType|ResourceType|LogDestinationType|LogGroupName|DeliverLogsPermissionArn/, /delete|detach|=(?!ACCEPT|REJECT).*/]),
];
