import { Aws, Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, DependencyGroup, type IConstruct, type IDependable } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { isWhole } from '../whole-number';

/** The three tiers that a Core lives in. */
export interface IPrivateNetwork extends IConstruct {
  /** The VPC that holds the tiers. */
  readonly vpc: ec2.IVpc;

  /** Where the load balancer stands. */
  readonly ingressSubnets: ec2.SubnetSelection;

  /** Where the Core runs; nothing here has a route out of the VPC. */
  readonly coreSubnets: ec2.SubnetSelection;

  /** Where databases and caches stand; nothing here has a route out of the VPC. */
  readonly dataSubnets: ec2.SubnetSelection;

  /** Whether the ingress tier reaches public servers, which a load balancer that fetches signing keys must. */
  readonly ingressReachesInternet: boolean;

  /** The way to the AWS services, which a workload that needs them to start has to wait for. */
  readonly awsServices: IDependable;

  /**
   * Lets a workload use the AWS services that the network reaches privately.
   *
   * @param workload whose traffic to open, on its side and on the endpoints' side
   */
  allowToAwsServices(workload: ec2.IConnectable): void;
}

/** How to build a private network. */
export interface PrivateNetworkProps {
  /**
   * The addresses of the VPC.
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
   * Whether the ingress tier gets a route to the internet, through a NAT gateway a zone.
   *
   * An Application Load Balancer fetches JWT signing keys (JWKS) from the issuer by itself, so its subnets need this
   * where the authorizer is a JWT one. The core and data tiers never get it.
   *
   * @default false
   */
  readonly ingressReachesInternet?: boolean;
}

/** Beyond three zones nothing is gained, and every region has that many. */
const MAX_AZS = 3;

/** The AWS services that a Fargate task cannot start without: its image, its log, and its secrets from either store. */
const INTERFACE_ENDPOINTS: Readonly<Record<string, ec2.InterfaceVpcEndpointAwsService>> = {
  EcrApi: ec2.InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Logs: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  SecretsManager: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  ParameterStore: ec2.InterfaceVpcEndpointAwsService.SSM,
};

/**
 * A VPC whose ingress, core and data tiers are private, with endpoints for what a task needs to start.
 *
 * A public tier exists only where the ingress tier needs a NAT gateway, and holds nothing else (NET-1).
 */
export class PrivateNetwork extends Construct implements IPrivateNetwork {
  public readonly vpc: ec2.IVpc;
  public readonly ingressSubnets: ec2.SubnetSelection = { subnetGroupName: 'Ingress' };
  public readonly coreSubnets: ec2.SubnetSelection = { subnetGroupName: 'Core' };
  public readonly dataSubnets: ec2.SubnetSelection = { subnetGroupName: 'Data' };
  public readonly ingressReachesInternet: boolean;
  public readonly awsServices: IDependable;
  private readonly endpoints: ec2.Connections;

  public constructor(scope: Construct, id: string, props: PrivateNetworkProps = {}) {
    super(scope, id);
    const maxAzs = props.maxAzs ?? 2;
    if (Token.isUnresolved(maxAzs) || !isWhole(maxAzs, 2, MAX_AZS)) {
      throw invalidProp(this, 'maxAzs', props.maxAzs, `Name a whole number from 2 to ${MAX_AZS}: an Application Load Balancer needs subnets in two zones.`);
    }
    if (Stack.of(this).availabilityZones.length < maxAzs) {
      throw invalidProp(this, 'maxAzs', props.maxAzs, `Only ${Stack.of(this).availabilityZones.length} zones are known: give the stack an env with account and region.`);
    }
    this.ingressReachesInternet = props.ingressReachesInternet ?? false;
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: props.ipAddresses,
      maxAzs,
      reservedAzs: MAX_AZS - maxAzs,
      natGateways: this.ingressReachesInternet ? maxAzs : 0,
      // The order is part of the contract, and what may come or go stands last: a subnet whose block moves cannot be updated.
      subnetConfiguration: [
        { name: 'Ingress', subnetType: this.ingressReachesInternet ? ec2.SubnetType.PRIVATE_WITH_EGRESS : ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
        { name: 'Core', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
        { name: 'Data', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
        ...(this.ingressReachesInternet ? [{ name: 'Nat', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 28, mapPublicIpOnLaunch: false }] : []),
      ],
    });
    const group = new ec2.SecurityGroup(this, 'EndpointSecurityGroup', { vpc: this.vpc, description: 'AWS service endpoints', allowAllOutbound: false });
    this.endpoints = new ec2.Connections({ securityGroups: [group], defaultPort: ec2.Port.HTTPS });
    this.awsServices = new DependencyGroup(
      ...Object.entries(INTERFACE_ENDPOINTS).map(([endpoint, service]) =>
        this.vpc.addInterfaceEndpoint(endpoint, { service, subnets: this.coreSubnets, securityGroups: [group], open: false })),
      this.addImageLayers(),
    );
  }

  public allowToAwsServices(workload: ec2.IConnectable): void {
    // From the workload's side: seen from the endpoints', a workload of another stack would make the two stacks depend on each other.
    workload.connections.allowToDefaultPort({ connections: this.endpoints }, 'AWS services');
    // Image layers come from S3 through its gateway endpoint, whose addresses are S3's public ones. The tier has no route
    // to any other public address, and the endpoint's policy admits the bucket of the layers alone.
    workload.connections.allowToAnyIpv4(ec2.Port.HTTPS, 'S3 through its gateway endpoint');
  }

  private addImageLayers(): ec2.GatewayVpcEndpoint {
    const endpoint = this.vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3, subnets: [this.coreSubnets] });
    // The bucket is the registry's own (Amazon ECR guide, "Minimum Amazon S3 bucket permissions for Amazon ECR").
    endpoint.addToPolicy(new iam.PolicyStatement({
      principals: [new iam.AnyPrincipal()],
      actions: ['s3:GetObject'],
      resources: [`arn:${Aws.PARTITION}:s3:::prod-${Aws.REGION}-starport-layer-bucket/*`],
    }));
    return endpoint;
  }
}
