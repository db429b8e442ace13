import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Egress } from './egress';
import type { ExistingEndpoint } from './existing-endpoint';

/** How to build a private network. */
export interface PrivateNetworkProps {
  /**
   * The addresses of the VPC: a /20 or more, since tiers and zones that are not there keep theirs.
   *
   * @default - 10.0.0.0/16
   */
  readonly ipAddresses?: ec2.IIpAddresses;

  /**
   * Over how many availability zones each tier is spread: 2 or 3. The addresses of the third are kept free.
   *
   * @default 2
   */
  readonly maxAzs?: number;

  /**
   * Whether there is a public tier, for a load balancer with public addresses. It needs no NAT gateway to reach the internet.
   *
   * @default false
   */
  readonly internetFacing?: boolean;

  /**
   * Whether the ingress tier gets a route to the internet, through a NAT gateway.
   *
   * An Application Load Balancer fetches JWT signing keys (JWKS) from the issuer by itself, so its subnets need this
   * where the authorizer is a JWT one and the load balancer is an internal one.
   *
   * @default false
   */
  readonly ingressReachesInternet?: boolean;

  /**
   * Whether every zone has a NAT gateway, and a firewall where a tier has egress, rather than one for all: a zone that fails then takes no
   * other with it. A NAT gateway costs US$ 0.045 an hour (list price of us-east-1 as others quote it, https://aws.amazon.com/vpc/pricing/).
   *
   * @default true
   */
  readonly natGatewayPerZone?: boolean;

  /**
   * Which public servers the core tier reaches (NET-5).
   *
   * @default Egress.none()
   */
  readonly coreEgress?: Egress;

  /**
   * Which public servers the data tier reaches. It opens the route; what stands there brings its own security group.
   *
   * @default Egress.none()
   */
  readonly dataEgress?: Egress;

  /**
   * The addresses of S3 in this region, the only ones that a workload is then let out to for it.
   *
   * @default - any address, of which the core tier has a route to the gateway endpoints alone, and to declared egress
   */
  readonly s3PrefixList?: ec2.IPrefixList;

  /**
   * The addresses of DynamoDB in this region, the only ones that a workload is then let out to for it.
   *
   * @default - any address, of which the core tier has a route to the gateway endpoints alone, and to declared egress
   */
  readonly dynamoDbPrefixList?: ec2.IPrefixList;

  /**
   * Where the record of all connections goes.
   *
   * @default - a log group of its own that keeps them for 30 days
   */
  readonly flowLogDestination?: ec2.FlowLogDestination;

  /**
   * The key that encrypts the network's log groups. An imported key's policy is not changed: let `logs.<region>.amazonaws.com` use it.
   *
   * @default - a key of CloudWatch Logs' own
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What becomes of the network's log groups when the stack is destroyed. With RETAIN, firewalls resist deletion as well.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** An existing VPC, and which of its subnets are whose. */
export interface ExistingNetworkProps {
  /** The VPC, looked up or made elsewhere. */
  readonly vpc: ec2.IVpc;

  /** Private subnets in two zones, for an internal load balancer. */
  readonly ingressSubnets: ec2.SubnetSelection;

  /** Private subnets, for the Core and for endpoints that are made. */
  readonly coreSubnets: ec2.SubnetSelection;

  /** Private subnets, for databases and caches. */
  readonly dataSubnets: ec2.SubnetSelection;

  /**
   * Public subnets in two zones, for a load balancer with public addresses.
   *
   * @default - no such tier
   */
  readonly publicSubnets?: ec2.SubnetSelection;

  /**
   * Whether the ingress subnets have a route to the internet, which a load balancer that fetches signing keys needs.
   *
   * @default false
   */
  readonly ingressReachesInternet?: boolean;

  /**
   * Endpoints that the VPC already has. One that is needed and neither named nor made is an error.
   *
   * @default - none
   */
  readonly existingEndpoints?: ExistingEndpoint[];

  /**
   * Whether to make the endpoints that are needed and not named: only in a VPC that serves nobody else.
   *
   * An interface endpoint takes over the service's name in the whole VPC, and a gateway endpoint its route in the core subnets' route tables. Those made here
   * admit this network's workloads and what these were granted; everybody else in the VPC would lose ECR, logs or S3.
   *
   * @default false
   */
  readonly makeEndpoints?: boolean;

  /**
   * The addresses of S3 in this region, the only ones that a workload is then let out to for it.
   *
   * @default - looked up by the CDK command line, and kept in cdk.context.json
   */
  readonly s3PrefixList?: ec2.IPrefixList;

  /**
   * The addresses of DynamoDB in this region, the only ones that a workload is then let out to for it.
   *
   * @default - looked up by the CDK command line, and kept in cdk.context.json
   */
  readonly dynamoDbPrefixList?: ec2.IPrefixList;
}
