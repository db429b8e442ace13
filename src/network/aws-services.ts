import { Annotations, AspectPriority, Aspects, type CfnElement, Lazy, Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { listed } from '../listed';
import { endpointPolicy } from './endpoint-policy';
import { isGateway, serviceName, servicesOf } from './endpoint-services';
import type { ExistingEndpoint } from './existing-endpoint';
import { type Granted, permissionsOf } from './granted';

export interface AwsServicesProps {
  readonly vpc: ec2.IVpc;
  /** Where endpoints stand, and whose route tables lead to gateways. */
  readonly subnets: ec2.SubnetSelection;
  readonly existing?: readonly ExistingEndpoint[];
  /** Whether to make what is not there. A private name and a gateway's route hold for the whole VPC, so whoever else uses it would have to pass our policies. */
  readonly makesEndpoints: boolean;
  /** The addresses behind gateway endpoints, by the service's name. */
  readonly prefixLists: Readonly<Record<string, ec2.IPrefixList | undefined>>;
  /** Whether the subnets have a route to a gateway endpoint, or through a firewall, and to nothing else outside the VPC. */
  readonly hasNoOtherRoute: boolean;
}

/** Where a user names the addresses of a service. */
const PREFIX_LIST_PROPS: Readonly<Record<string, string>> = { s3: 's3PrefixList', dynamodb: 'dynamoDbPrefixList' };

/** A message of many names helps nobody. */
const MOST_NAMED = 5;

/**
 * The private way to the AWS services that workloads use: exactly the endpoints that the policies of their roles ask for.
 *
 * Which ones they are is known when everything has been granted, so they are made while the app is synthesized.
 */
export class AwsServices extends Construct {
  private readonly roles = new Set<iam.IRole>();
  private readonly workloads = new Set<ec2.IConnectable>();
  /** What lets workloads in to the endpoints that it makes. */
  private readonly endpoints?: ec2.Connections;
  private readonly reached = new Set<string>();
  /** The services that it made an endpoint for. */
  private readonly made = new Set<string>();

  public constructor(scope: Construct, id: string, private readonly props: AwsServicesProps) {
    super(scope, id);
    if (props.makesEndpoints) {
      const group = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc: props.vpc, description: 'AWS service endpoints', allowAllOutbound: false });
      this.endpoints = new ec2.Connections({ securityGroups: [group], defaultPort: ec2.Port.HTTPS });
    }
    // As late as aspects go, since others may grant something.
    Aspects.of(this).add({ visit: (node) => { if (node === this) this.reach(); } }, { priority: AspectPriority.READONLY });
    this.node.addValidation({ validate: () => this.missed() });
  }

  public allow(workload: ec2.IConnectable, roles: readonly iam.IRole[]): void {
    this.workloads.add(workload);
    for (const role of roles) this.roles.add(role);
    // From the workload's side: seen from the endpoints', a workload of another stack would make the two stacks depend on each other.
    if (this.endpoints) workload.connections.allowToDefaultPort({ connections: this.endpoints }, 'AWS services');
  }

  private reach(): void {
    const { granted, unreadable } = this.permissions();
    const { services, unknown } = needsOf(granted);
    const unnamed = this.props.makesEndpoints ? [] : services.filter((service) => !this.existing(service));
    if (unnamed.length > 0) {
      Annotations.of(this).addError(`existingEndpoints lacks ${unnamed.join(', ')}, which roles that use this network need. Name the endpoints of the VPC for them in `
        + 'existingEndpoints, or set makeEndpoints where the VPC serves nobody else.');
    }
    for (const service of services) {
      this.reached.add(service);
      if (!unnamed.includes(service)) this.reachService(service);
    }
    for (const fault of new Set(unreadable)) {
      Annotations.of(this).addWarningV2('cdk-secure-core:unreadable-permissions', `A role that uses this network ${fault}: endpoints for it cannot be derived. `
        + 'Grant its actions by name in this app.');
    }
    for (const [prefix, actions] of unknown) {
      Annotations.of(this).addWarningV2(`cdk-secure-core:no-endpoint-${prefix}`, `No VPC endpoint is known for ${listed(actions, MOST_NAMED)}, which a role that uses this `
        + 'network may call. Declare the host of the service in coreEgress, or acknowledge this where the service is reached inside the VPC.');
    }
  }

  private reachService(service: string): void {
    const found = this.existing(service);
    if (found?.endpoint) {
      for (const { connections } of this.workloads) connections.allowTo(found.endpoint, ec2.Port.HTTPS, service);
    } else if (found || isGateway(service)) {
      if (!found) this.addEndpoint(service);
      this.allowToAddresses(service, found?.prefixList ?? this.props.prefixLists[service]);
    } else {
      this.addEndpoint(service);
    }
  }

  private existing(service: string): ExistingEndpoint | undefined {
    return (this.props.existing ?? []).find((one) => one.service.shortName === service);
  }

  private addEndpoint(service: string): void {
    this.made.add(service);
    const { vpc, subnets } = this.props;
    const selected = vpc.selectSubnets({ ...subnets, onePerAz: true });
    const groups = this.endpoints?.securityGroups.map(({ securityGroupId }) => securityGroupId);
    new ec2.CfnVPCEndpoint(this, idOf(service), {
      vpcId: vpc.vpcId,
      serviceName: serviceName(service),
      policyDocument: Lazy.any({ produce: () => endpointPolicy(service, this.permissions().granted, Stack.of(this), (element) => this.isAwaitedBy(element)) }),
      ...isGateway(service)
        ? { vpcEndpointType: 'Gateway', routeTableIds: vpc.selectSubnets(subnets).subnets.map(({ routeTable }) => routeTable.routeTableId) }
        : { vpcEndpointType: 'Interface', subnetIds: selected.subnetIds, securityGroupIds: groups, privateDnsEnabled: true },
    });
  }

  /** A gateway is reached by the service's public addresses, for which AWS keeps a list in every region. */
  private allowToAddresses(service: string, given: ec2.IPrefixList | undefined): void {
    if (!given && this.props.hasNoOtherRoute) {
      for (const { connections } of this.workloads) connections.allowToAnyIpv4(ec2.Port.HTTPS, 'Gateway endpoints, which are the only route');
      return;
    }
    const { account, region } = Stack.of(this);
    if (!given && (Token.isUnresolved(account) || Token.isUnresolved(region))) {
      const prop = PREFIX_LIST_PROPS[service] ?? 'existingEndpoints.prefixList';
      Annotations.of(this).addError(`${prop} is nothing, and the addresses of ${service} differ by region. Give the stack an env with account and region, `
        + `or name the list: ec2.PrefixList.fromPrefixListId of com.amazonaws.<region>.${service}.`);
      return;
    }
    const list = given ?? ec2.PrefixList.fromLookup(this, `${idOf(service)}Addresses`, { prefixListName: `com.amazonaws.${region}.${service}` });
    for (const { connections } of this.workloads) connections.allowTo(ec2.Peer.prefixList(list.prefixListId), ec2.Port.HTTPS, service);
  }

  private missed(): string[] {
    const missing = needsOf(this.permissions().granted).services.filter((service) => !this.reached.has(service));
    return [
      ...(missing.length > 0 ? [`${listed(missing, MOST_NAMED)} was granted by an aspect, after the endpoints were made. Grant it before the app is synthesized.`] : []),
      ...this.claimedTwice(),
    ];
  }

  /** AWS refuses a second endpoint with private DNS for the same service in a VPC. */
  private claimedTwice(): string[] {
    const { vpcId } = this.props.vpc;
    const all = this.node.root.node.findAll().filter((one) => one instanceof AwsServices);
    const others = all.filter((one) => one !== this && one.props.vpc.vpcId === vpcId);
    return others.flatMap(({ made, node }) => {
      const both = [...this.made].filter((service) => made.has(service));
      if (both.length === 0) return [];
      return [`vpc has endpoints for ${listed(both, MOST_NAMED)} by ${node.path} as well, which would claim the same names. Build one network for the VPC and share it.`];
    });
  }

  private permissions(): ReturnType<typeof permissionsOf> {
    return permissionsOf(this, [...this.roles]);
  }

  /** What waits for the endpoints cannot be named by their policies. */
  private isAwaitedBy(element: CfnElement): boolean {
    return element.node.scopes.some((scope) => scope.node.dependencies.includes(this));
  }
}

interface Needs {
  readonly services: readonly string[];
  /** Actions with no known endpoint, by their prefix. */
  readonly unknown: ReadonlyMap<string, readonly string[]>;
}

function needsOf(granted: readonly Granted[]): Needs {
  const services = new Set<string>();
  const unknown = new Map<string, string[]>();
  for (const action of [...new Set(granted.flatMap(({ actions }) => actions))].sort()) {
    const known = servicesOf(action);
    if (known) for (const service of known) services.add(service);
    else unknown.set(prefixOf(action), [...unknown.get(prefixOf(action)) ?? [], action]);
  }
  return { services: [...services].sort(), unknown };
}

function prefixOf(action: string): string {
  return action.split(':', 1)[0] ?? action;
}

/** `ecr.api` becomes `EcrApi`. */
function idOf(service: string): string {
  return service.split(/[^a-z0-9]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
