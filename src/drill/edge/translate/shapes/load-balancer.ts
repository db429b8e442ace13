import { attributes, byValue, each, irrelevant, mapped, NAMES, notEmulated, RECORDS, refused, type Shape } from '../treatment';

const NETWORK_ONLY = refused('only network load balancers take it');
const CAPACITY = irrelevant('how much it can carry: a drill sends little');
const WHERE = irrelevant('where its addresses are: in the drill it has one of this machine');

/** AWS: "LoadBalancerAttribute" of the Elastic Load Balancing API reference. */
export const LOAD_BALANCER_ATTRIBUTES: Shape = {
  'routing.http.drop_invalid_header_fields.enabled': mapped,
  'routing.http.desync_mitigation_mode': mapped,
  'routing.http.xff_header_processing.mode': mapped,
  'routing.http.xff_client_port.enabled': mapped,
  'routing.http.preserve_host_header.enabled': mapped,
  'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': mapped,
  'idle_timeout.timeout_seconds': mapped,
  'routing.http2.enabled': byValue({
    true: irrelevant('the edge speaks HTTP/2 too; the attacks speak HTTP/1.1'),
    false: notEmulated('the edge offers HTTP/2 all the same; the attacks speak HTTP/1.1'),
  }),
  'waf.fail_open.enabled': byValue({
    true: notEmulated('requests pass unchecked while the web ACL cannot be asked; in the drill it always can'),
    false: irrelevant('it is off'),
  }),
  'client_keep_alive.seconds': irrelevant('a connection may live for 60 seconds at least, and no attack keeps one for so long'),
  'deletion_protection.enabled': irrelevant('who may delete it changes no answer'),
  'load_balancing.cross_zone.enabled': irrelevant('an application load balancer always does it, and there is one sample Core'),
  'zonal_shift.config.enabled': irrelevant('which zones serve changes no answer'),
  'ipv6.deny_all_igw_traffic': notEmulated('the drill speaks IPv4 only'),
  ...each(['access_logs', 'connection_logs', 'health_check_logs'].flatMap((log) => ['enabled', 'bucket', 'prefix'].map((key) => `${log}.s3.${key}`)), RECORDS),
  'dns_record.client_routing_policy': NETWORK_ONLY,
  'secondary_ips.auto_assigned.per_subnet': NETWORK_ONLY,
};

/** AWS: "AWS::ElasticLoadBalancingV2::LoadBalancer" of the CloudFormation template reference. */
export const LOAD_BALANCER: Shape = {
  Type: mapped,
  LoadBalancerAttributes: attributes(LOAD_BALANCER_ATTRIBUTES),
  SecurityGroups: irrelevant('who may open a connection is the network\'s to decide, which is attacked for itself'),
  IpAddressType: byValue({
    'ipv4': irrelevant('the drill speaks IPv4'),
    'dualstack': notEmulated('the drill speaks IPv4 only'),
    'dualstack-without-public-ipv4': notEmulated('the drill speaks IPv4 only'),
  }),
  Scheme: WHERE,
  Subnets: WHERE,
  SubnetMappings: WHERE,
  Ipv4IpamPoolId: WHERE,
  MinimumLoadBalancerCapacity: CAPACITY,
  EnableCapacityReservationProvisionStabilize: CAPACITY,
  EnablePrefixForIpv6SourceNat: NETWORK_ONLY,
  EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: NETWORK_ONLY,
  Name: NAMES,
  Tags: NAMES,
};
