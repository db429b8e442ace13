import { RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct, type IDependable } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { letLogsUse } from '../log-encryption';
import { isWhole } from '../whole-number';
import { AwsServices } from './aws-services';
import { Egress } from './egress';
import { EgressFirewall } from './egress-firewall';
import { ExistingNetwork } from './existing-network';
import { NetworkLog } from './network-log';
import type { ExistingNetworkProps, PrivateNetworkProps } from './private-network-props';
import { ResolverFirewall } from './resolver-firewall';

export type { ExistingNetworkProps, PrivateNetworkProps };

/** The three tiers that a Core lives in. */
export interface IPrivateNetwork extends IConstruct {
  /** The VPC that holds the tiers. */
  readonly vpc: ec2.IVpc;

  /** Where the load balancer stands. */
  readonly ingressSubnets: ec2.SubnetSelection;

  /** Where the Core runs; a route out of the VPC leads through a firewall, or there is none. */
  readonly coreSubnets: ec2.SubnetSelection;

  /** Where databases and caches stand; a route out of the VPC leads through a firewall, or there is none. */
  readonly dataSubnets: ec2.SubnetSelection;

  /** Where a load balancer with public addresses stands; nothing where the network has no such tier. */
  readonly publicSubnets?: ec2.SubnetSelection;

  /** Whether the ingress tier reaches public servers, which a load balancer that fetches signing keys must. */
  readonly ingressReachesInternet: boolean;

  /** The way to the AWS services, which a workload that needs them to start has to wait for. */
  readonly awsServices: IDependable;

  /**
   * Lets a workload use the AWS services that its roles may use, privately. What is granted to a role later counts as well.
   *
   * @param workload whose traffic to open, on its side and on the endpoints' side
   * @param roles who the workload acts as
   */
  allowToAwsServices(workload: ec2.IConnectable, ...roles: iam.IRole[]): void;

  /**
   * Lets the VPC's resolver answer for public names that the ingress tier needs, such as the host of a JWKS.
   *
   * It opens no route.
   *
   * @param names of hosts
   */
  allowNames(...names: string[]): void;
}

/** Beyond three zones nothing is gained, and every region has that many. */
const MAX_AZS = 3;

/**
 * A VPC whose ingress, core and data tiers are private, with endpoints for the AWS services that are really used.
 *
 * A public tier exists only where it is asked for, and one for NAT gateways only where a route leads to them (NET-1).
 */
export class PrivateNetwork extends Construct implements IPrivateNetwork {
  /**
   * The tiers of a VPC that exists already.
   *
   * Which endpoints are needed is derived as in a new one, and one that is not named is an error. Nothing in the VPC is changed, unless `makeEndpoints` is set.
   */
  public static fromVpc(scope: Construct, id: string, props: ExistingNetworkProps): IPrivateNetwork {
    return new ExistingNetwork(scope, id, props);
  }

  public readonly vpc: ec2.IVpc;
  public readonly ingressSubnets: ec2.SubnetSelection = { subnetGroupName: 'Ingress' };
  public readonly coreSubnets: ec2.SubnetSelection = { subnetGroupName: 'Core' };
  public readonly dataSubnets: ec2.SubnetSelection = { subnetGroupName: 'Data' };
  public readonly publicSubnets?: ec2.SubnetSelection;
  public readonly ingressReachesInternet: boolean;

  /**
   * Which public servers the core tier reaches.
   *
   * @internal
   */
  public readonly _coreDomains: readonly string[];

  private readonly services: AwsServices;
  private readonly resolver: ResolverFirewall;

  public constructor(scope: Construct, id: string, props: PrivateNetworkProps = {}) {
    super(scope, id);
    const maxAzs = this.zones(props.maxAzs);
    this._coreDomains = (props.coreEgress ?? Egress.none())._bind(this, 'coreEgress');
    const tiers = [
      { name: 'Core', domains: this._coreDomains },
      { name: 'Data', domains: (props.dataEgress ?? Egress.none())._bind(this, 'dataEgress') },
    ].filter(({ domains }) => domains.length > 0);
    const hasEgress = tiers.length > 0;
    this.ingressReachesInternet = props.ingressReachesInternet ?? false;
    if (props.internetFacing) this.publicSubnets = { subnetGroupName: 'Public' };
    const needsNat = this.ingressReachesInternet || hasEgress;
    const natGateways = needsNat ? ((props.natGatewayPerZone ?? true) ? maxAzs : 1) : 0;
    const vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: props.ipAddresses,
      maxAzs,
      reservedAzs: MAX_AZS - maxAzs,
      natGateways,
      natGatewaySubnets: { subnetGroupName: 'Nat' },
      restrictDefaultSecurityGroup: true,
      // The order is part of the contract, and a tier that is not there keeps its addresses: a subnet whose block moves cannot be updated.
      subnetConfiguration: [
        { name: 'Ingress', subnetType: this.ingressReachesInternet ? ec2.SubnetType.PRIVATE_WITH_EGRESS : ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
        { name: 'Core', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
        { name: 'Data', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
        { name: 'Nat', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 28, mapPublicIpOnLaunch: false, reserved: !needsNat },
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false, reserved: !props.internetFacing },
        { name: 'Firewall', subnetType: hasEgress ? ec2.SubnetType.PRIVATE_WITH_EGRESS : ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 28, reserved: !hasEgress },
      ],
    });
    this.vpc = vpc;
    const log = { encryptionKey: props.encryptionKey, removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN };
    if (props.encryptionKey) letLogsUse(this, props.encryptionKey);
    vpc.addFlowLog('FlowLog', {
      trafficType: ec2.FlowLogTrafficType.ALL,
      destination: props.flowLogDestination ?? ec2.FlowLogDestination.toCloudWatchLogs(new NetworkLog(this, 'FlowLogs', log).group),
    });
    this.resolver = new ResolverFirewall(this, 'Resolver', { vpcId: vpc.vpcId });
    for (const { domains } of tiers) this.resolver.allow(domains);
    if (hasEgress) {
      new EgressFirewall(this, 'Egress', {
        log,
        vpc,
        firewallSubnets: vpc.selectSubnets({ subnetGroupName: 'Firewall' }).subnets.slice(0, natGateways),
        natSubnets: vpc.selectSubnets({ subnetGroupName: 'Nat' }).subnets,
        tiers: tiers.map((tier) => ({ ...tier, subnets: vpc.selectSubnets({ subnetGroupName: tier.name }).subnets })),
      });
    }
    this.services = new AwsServices(this, 'AwsServices', {
      vpc,
      subnets: this.coreSubnets,
      makesEndpoints: true,
      prefixLists: { s3: props.s3PrefixList, dynamodb: props.dynamoDbPrefixList },
      hasNoOtherRoute: true,
    });
  }

  public get awsServices(): IDependable {
    return this.services;
  }

  public allowToAwsServices(workload: ec2.IConnectable, ...roles: iam.IRole[]): void {
    this.services.allow(workload, roles);
    // The only route leads through the firewall, which knows the servers by name; a security group knows addresses.
    if (this._coreDomains.length > 0) workload.connections.allowToAnyIpv4(ec2.Port.HTTPS, 'Declared egress, through the firewall');
  }

  public allowNames(...names: string[]): void {
    this.resolver.allow(names);
  }

  private zones(given: number | undefined): number {
    const maxAzs = given ?? 2;
    if (Token.isUnresolved(maxAzs) || !isWhole(maxAzs, 2, MAX_AZS)) {
      throw invalidProp(this, 'maxAzs', given, `Name a whole number from 2 to ${MAX_AZS}: an Application Load Balancer needs subnets in two zones.`);
    }
    if (Stack.of(this).availabilityZones.length < maxAzs) {
      throw invalidProp(this, 'maxAzs', given, `Only ${Stack.of(this).availabilityZones.length} zones are known: give the stack an env with account and region.`);
    }
    return maxAzs;
  }
}
