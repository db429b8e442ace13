import { equivalent, UNBROKERED } from './write';

const ASSOCIATION = /EC2::SubnetRouteTableAssociation/;
const ROUTE = /EC2::Route/;
const ENDPOINT = /EC2::VPCEndpoint/;
const SERVICE = /ECS::Service/;
const REPOINT = /repoint/;

/** References that point at another resource of the same type. */
export const REPOINT_VERDICTS = [
  ...equivalent('a subnet takes one route table and a table one way to everywhere: EC2 refuses the second', [ASSOCIATION, /SubnetId/, REPOINT, /((RemoteCore|Stores).*IngressSubnet|PublicApi.*(Ingress|Nat|Firewall)Subnet|AlbJwt\/Vpc(natSubnet1|ingressSubnet2)).*/],
    [ROUTE, /RouteTableId/, REPOINT, /AlbJwt\/Vpc(natSubnet1|ingressSubnet2)DefaultRoute.*/]),
  ...equivalent('what stands in the subnet is a load balancer, a gateway, nothing, or as far from the internet as before', [ASSOCIATION, /RouteTableId/, REPOINT, /.*(Ingress|Nat|nat|ingress|Data|isolated|Public|Firewall)Subnet.*/],
    [ROUTE, /RouteTableId/, REPOINT, /RemoteCore\/.*Ingress.*|PublicApi\/CoreNetworkVpc(Nat|Firewall)Subnet.*/]),
  ...equivalent('another way out of the same kind, or none', [ROUTE, /NatGatewayId/, REPOINT], [/EC2::NatGateway/, /AllocationId|SubnetId/, REPOINT]),
  ...equivalent('the service of AWS is reached from elsewhere in the same VPC, or less', [ENDPOINT, /(RouteTableIds|SecurityGroupIds|SubnetIds)\[\d\]/, REPOINT]),
  ...equivalent('where the load balancer stands it is internal; the service refuses two subnets of one zone', [/ElasticLoadBalancingV2::LoadBalancer/, /Subnets\[\d\]/, REPOINT]),
  ...equivalent('nothing listens at that port behind the other group, or it opens no connection',
    [/EC2::SecurityGroupEgress/, /DestinationSecurityGroupId/, REPOINT], [/EC2::SecurityGroupEgress/, /GroupId/, REPOINT, /AlbJwt\/EdgeGroup.*|.*\/(CoreIngress|CoreService|.*RotationHandler)SecurityGroupto.*/], [/EC2::SecurityGroupIngress/, /SourceSecurityGroupId/, REPOINT, /.*AwsServicesSecurityGroup.*/],
    [/EC2::SecurityGroupIngress/, /SourceSecurityGroupId/, REPOINT, /Stores\/((Postgres|Memcached)SecurityGroupfrom.*|CoreServiceGateRedisSecurityGroupfrom\w+RotationHandler.*)/],
    [/RDS::DBInstance/, /VPCSecurityGroups\[\d\]/, REPOINT], [/ElastiCache::CacheCluster/, /VpcSecurityGroupIds\[\d\]/, REPOINT], [/ElastiCache::ReplicationGroup/, /SecurityGroupIds\[\d\]/, REPOINT, /AlbJwt\/.*/]),
  ...equivalent('what stands in the other group opens no connection', [/EC2::SecurityGroup/, /SecurityGroupIngress\[0\]\.SourceSecurityGroupId/, REPOINT, /MutualTls\/(Database|Cache)Group/]),
  ...equivalent('the service refuses a bundle, or a list of revoked ones, that is not there', [/ElasticLoadBalancingV2::TrustStore/, /CaCertificatesBundleS3Bucket/, REPOINT], [/ElasticLoadBalancingV2::TrustStoreRevocation/, /RevocationContents\[0\]\.S3Bucket/, REPOINT]),
  ...equivalent('the other group is kept as long, or the role may not write to it', [/EC2::FlowLog/, /DeliverLogsPermissionArn|LogGroupName/, REPOINT]),
  ...equivalent('another product of the same owner answers, behind the same door', [SERVICE, /LoadBalancers\[\d\]\.TargetGroupArn|TaskDefinition/, REPOINT, UNBROKERED]),
  ...equivalent('the store is thrown away with its stack, as its size says', [/ElastiCache::SubnetGroup/, /SubnetIds\[1\]/, REPOINT, /(PublicApi|Stores)\/.*/], [/ElastiCache::SubnetGroup/, /SubnetIds\[0\]/, REPOINT, /PublicApi\/.*/]),
  ...equivalent('the service refuses a group of subnets in one zone (Amazon RDS API Reference, DBSubnetGroupDoesNotCoverEnoughAZs)', [/RDS::DBSubnetGroup/, /SubnetIds\[\d\]/, REPOINT, /Stores\/.*/]),
  ...equivalent('what stands in the other subnet are stores, which open no connection, and nobody comes in by a NAT gateway', [ROUTE, /RouteTableId/, REPOINT, /Stores\/NetworkVpcIngressSubnet.*/]),
  ...equivalent('the other subnet leads in from nowhere either, and who reaches the store says its own group', [/ElastiCache::SubnetGroup/, /SubnetIds\[0\]/, REPOINT, /Stores\/.*/]),
  ...equivalent('the other group has the same subnets', [/ElastiCache::(CacheCluster|ReplicationGroup)/, /CacheSubnetGroupName/, REPOINT, /Stores\/.*/]),
  ...equivalent('it is encrypted with another key of the same stack, which is renewed like its own', [/RDS::DBInstance/, /KmsKeyId|MasterUserSecret\.KmsKeyId|PerformanceInsightsKMSKeyId/, REPOINT], [/ElastiCache::ReplicationGroup/, /KmsKeyId/, REPOINT],
    [/SecretsManager::Secret/, /KmsKeyId/, REPOINT], [/S3::Bucket/, /BucketEncryption\.ServerSideEncryptionConfiguration\[0\]\.ServerSideEncryptionByDefault\.KMSMasterKeyID/, REPOINT]),
  ...equivalent('what loses the grant fails, of which an alarm tells; what gets it serves the same program, or makes and restores the same backups',
    [/IAM::Policy/, /Roles\[0\]/, REPOINT, /(MutualTls\/Blue(Own)?Role|(PublicApi|RemoteCore|Stores)\/CoreAuditDeliveryHandsOn|Stores\/(CoreAuditDeliveryWrites|Backups(BackupRole|RestoreTestRole|VaultEmptyingRole)))\w*/],
    [/IAM::Policy/, /Roles\[0\]/, REPOINT, /((PublicApi|RemoteCore)\/CoreServiceGateKeySetMirrorRole|PublicApi\/CoreServiceRolloutHandlerRole|RemoteCore\/CoreServiceTaskExecutionRole)\w*/],
    [/Lambda::Function/, /Role/, REPOINT, /(PublicApi\/CoreServiceRolloutHandler|RemoteCore\/CoreServiceGateKeySetMirror)\w*/]),
  ...equivalent('the other subnet lies in the zone of the one that it replaces, and leads in from nowhere either', [/ElastiCache::SubnetGroup/, /SubnetIds\[0\]/, REPOINT, /RemoteCore\/.*/], [/ElastiCache::SubnetGroup/, /SubnetIds\[1\]/, REPOINT, /(RemoteCore|AlbJwt)\/.*/]),
  ...equivalent('the service that takes the other role does what it does for everybody, and calls nothing else by it', [/IAM::Policy/, /Roles\[0\]/, REPOINT, /Stores\/CoreIngressWebAclLockdownSwitchRole.*/]),
  ...equivalent('the function reaches the other store, to which it has no login, and its own no more, of which its alarm tells', [/Lambda::Function/, /VpcConfig\.SecurityGroupIds\[0\]/, REPOINT, /Stores\/.*RotationHandler.*/]),
  ...equivalent('the login is not made, and nobody logs in', [/Lambda::Version/, /FunctionName/, REPOINT, /Stores\/PostgresCoreUserRotationHandler.*/]),
];
