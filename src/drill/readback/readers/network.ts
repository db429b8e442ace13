import {
  DescribeAddressesCommand, DescribeNatGatewaysCommand, DescribeRouteTablesCommand, DescribeSubnetsCommand, DescribeVpcAttributeCommand, DescribeVpcEndpointsCommand,
  DescribeVpcsCommand, type EC2Client, type RouteTable,
} from '@aws-sdk/client-ec2';
import { isJsonMap, type Json, type JsonMap } from '../../../checks/template/template';
import { plainJson, type Readers, unlessGone } from '../reader';
import { scalar, type Told, type ToldMap } from '../told';

const DESTINATIONS = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'];
const TARGETS = [
  'GatewayId', 'NatGatewayId', 'InstanceId', 'NetworkInterfaceId', 'TransitGatewayId', 'VpcPeeringConnectionId', 'EgressOnlyInternetGatewayId', 'CarrierGatewayId', 'LocalGatewayId',
  'VpcEndpointId', 'CoreNetworkArn',
];

/** Where a route leads, in words that template and API share. */
function route<T extends Told>(properties: { readonly [key: string]: T | undefined }): { Destination: T | undefined; Target: T | undefined } {
  const first = (names: readonly string[]): T | undefined => names.map((name) => properties[name]).find((value) => value !== undefined && value !== null);
  return { Destination: first(DESTINATIONS), Target: first(TARGETS) };
}

async function tableOf(ec2: EC2Client, id: string): Promise<RouteTable | undefined> {
  return (await unlessGone(() => ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [id] }))))?.RouteTables?.[0];
}

/** Every route but those that a table has by itself. */
function routesIn(table: RouteTable): JsonMap[] {
  const routes = (plainJson(table).Routes ?? []) as readonly Json[];
  return routes.filter(isJsonMap).map((entry) => route(entry)).filter(({ Target }) => Target !== 'local') as JsonMap[];
}

export const NETWORK_READERS: Readers = {
  'AWS::EC2::VPC': {
    told: (told) => ({ InstanceTenancy: 'default', EnableDnsSupport: true, ...told }),
    async held({ ec2 }, id) {
      const vpc = (await unlessGone(() => ec2.send(new DescribeVpcsCommand({ VpcIds: [id] }))))?.Vpcs?.[0];
      if (!vpc) return undefined;
      const [support, names] = await Promise.all((['enableDnsSupport', 'enableDnsHostnames'] as const).map((Attribute) => ec2.send(new DescribeVpcAttributeCommand({ VpcId: id, Attribute }))));
      return { ...plainJson(vpc), EnableDnsSupport: support?.EnableDnsSupport?.Value ?? false, EnableDnsHostnames: names?.EnableDnsHostnames?.Value ?? false };
    },
  },
  'AWS::EC2::Subnet': {
    async held({ ec2 }, id) {
      const subnet = (await unlessGone(() => ec2.send(new DescribeSubnetsCommand({ SubnetIds: [id] }))))?.Subnets?.[0];
      return subnet && plainJson(subnet);
    },
  },
  'AWS::EC2::RouteTable': {
    told: (told, table, { graph, told: toldOf }) => ({
      ...told,
      Routes: graph.pointingAt(table, 'AWS::EC2::Route', 'RouteTableId').map((entry): ToldMap => route(toldOf(entry))),
    }),
    async held({ ec2 }, id) {
      const table = await tableOf(ec2, id);
      return table && { VpcId: table.VpcId ?? null, Routes: routesIn(table) };
    },
  },
  'AWS::EC2::Route': {
    told: (told) => ({ RouteTableId: told.RouteTableId, ...route(told) }),
    async held({ ec2 }, id) {
      const [RouteTableId = '', destination] = id.split('|');
      const table = await tableOf(ec2, RouteTableId);
      const found = table && routesIn(table).find(({ Destination }) => scalar(Destination) === destination);
      return found && { RouteTableId, ...found };
    },
  },
  'AWS::EC2::SubnetRouteTableAssociation': {
    async held({ ec2 }, id) {
      const tables = await ec2.send(new DescribeRouteTablesCommand({ Filters: [{ Name: 'association.route-table-association-id', Values: [id] }] }));
      const found = tables.RouteTables?.flatMap(({ Associations = [] }) => Associations).find((association) => association.RouteTableAssociationId === id);
      return found && { SubnetId: found.SubnetId ?? null, RouteTableId: found.RouteTableId ?? null };
    },
  },
  'AWS::EC2::NatGateway': {
    told: (told) => ({ ConnectivityType: 'public', ...told }),
    async held({ ec2 }, id) {
      const gateway = (await unlessGone(() => ec2.send(new DescribeNatGatewaysCommand({ NatGatewayIds: [id] }))))?.NatGateways?.[0];
      if (!gateway || gateway.State === 'deleted') return undefined;
      return { ...plainJson(gateway), AllocationId: gateway.NatGatewayAddresses?.[0]?.AllocationId ?? null };
    },
  },
  'AWS::EC2::EIP': {
    told: (told) => ({ ...told, Domain: 'vpc' }),
    async held({ ec2 }, id) {
      const address = (await unlessGone(() => ec2.send(new DescribeAddressesCommand({ PublicIps: [id] }))))?.Addresses?.[0];
      return address && plainJson(address);
    },
  },
  'AWS::EC2::VPCEndpoint': {
    told: (told) => ({ VpcEndpointType: 'Gateway', ...told }),
    async held({ ec2 }, id) {
      const endpoint = (await unlessGone(() => ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] }))))?.VpcEndpoints?.[0];
      if (!endpoint) return undefined;
      const { PolicyDocument: policy } = endpoint;
      return {
        ...plainJson(endpoint),
        SecurityGroupIds: (endpoint.Groups ?? []).map(({ GroupId = '' }) => GroupId),
        PolicyDocument: policy === undefined || policy === '' ? null : JSON.parse(policy) as Json,
      };
    },
  },
};
