import { Token } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IDependable } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { AwsServices } from './aws-services';
import { isGateway } from './endpoint-services';
import type { IPrivateNetwork } from './private-network';
import type { ExistingNetworkProps } from './private-network-props';

/** A load balancer stands in two zones at least. */
const LOAD_BALANCER_ZONES = 2;

/**
 * The tiers as they are found in a VPC that somebody else looks after.
 *
 * Nothing is added to it, unless it is told that endpoints may be: its names, routes, resolver and logs serve others as well, and stay as they are.
 */
export class ExistingNetwork extends Construct implements IPrivateNetwork {
  public readonly vpc: ec2.IVpc;
  public readonly ingressSubnets: ec2.SubnetSelection;
  public readonly coreSubnets: ec2.SubnetSelection;
  public readonly dataSubnets: ec2.SubnetSelection;
  public readonly publicSubnets?: ec2.SubnetSelection;
  public readonly ingressReachesInternet: boolean;
  private readonly services: AwsServices;

  public constructor(parent: Construct, id: string, props: ExistingNetworkProps) {
    super(parent, id);
    this.vpc = props.vpc;
    this.ingressSubnets = this.checked('ingressSubnets', props.ingressSubnets, LOAD_BALANCER_ZONES);
    this.coreSubnets = this.checked('coreSubnets', props.coreSubnets, 1);
    this.dataSubnets = this.checked('dataSubnets', props.dataSubnets, 1);
    if (props.publicSubnets) this.publicSubnets = this.checked('publicSubnets', props.publicSubnets, LOAD_BALANCER_ZONES);
    this.ingressReachesInternet = props.ingressReachesInternet ?? false;
    const lacking = props.existingEndpoints?.find(({ service, endpoint }) => !endpoint && !isGateway(service.shortName));
    if (lacking) throw invalidProp(this, 'existingEndpoints', lacking.service.shortName, 'Name its endpoint: only S3 and DynamoDB have gateway endpoints, which are reached by routes.');
    this.services = new AwsServices(this, 'AwsServices', {
      vpc: props.vpc,
      subnets: props.coreSubnets,
      existing: props.existingEndpoints,
      makesEndpoints: props.makeEndpoints ?? false,
      prefixLists: { s3: props.s3PrefixList, dynamodb: props.dynamoDbPrefixList },
      hasNoOtherRoute: false,
    });
  }

  public get awsServices(): IDependable {
    return this.services;
  }

  public allowToAwsServices(workload: ec2.IConnectable, ...roles: iam.IRole[]): void {
    this.services.allow(workload, roles);
  }

  /** The resolver of this VPC serves others as well, and filters nothing of ours. */
  public allowNames(): void {}

  private checked(tier: string, selection: ec2.SubnetSelection, leastZones: number): ec2.SubnetSelection {
    const { subnets } = this.vpc.selectSubnets(selection);
    const wrong = tier === 'publicSubnets' ? this.oneOf([...this.vpc.privateSubnets, ...this.vpc.isolatedSubnets], subnets) : this.oneOf(this.vpc.publicSubnets, subnets);
    if (wrong) {
      throw invalidProp(this, tier, wrong, tier === 'publicSubnets'
        ? 'It is private: name subnets with a route to an internet gateway.'
        : 'It is public: name private subnets, since nothing in this tier may have a public address (NET-1).');
    }
    const zones = new Set(subnets.map(({ availabilityZone }) => availabilityZone)).size;
    if (zones < leastZones) throw invalidProp(this, tier, `in ${zones} zones`, `Name subnets in ${leastZones} zones at least.`);
    return selection;
  }

  /** The first of some subnets that is among others; a subnet that was named by its id may be another object of the same id. */
  private oneOf(known: readonly ec2.ISubnet[], subnets: readonly ec2.ISubnet[]): string | undefined {
    const ids = new Set(known.map(({ subnetId }) => subnetId));
    const found = subnets.find(({ subnetId }) => ids.has(subnetId));
    return found && (Token.isUnresolved(found.subnetId) ? found.node.path : found.subnetId);
  }
}
