import { CfnParameter, CfnResource, Fn, type Stack } from 'aws-cdk-lib';
import { CfnEgressOnlyInternetGateway, CfnInternetGateway, CfnRouteTable, CfnSubnet, InstanceClass, InstanceSize, InstanceType, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, FargateService, FargateTaskDefinition, ContainerImage, CfnService } from 'aws-cdk-lib/aws-ecs';
import { CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import { AuroraPostgresEngineVersion, CfnDBCluster, CfnDBInstance, ClusterInstance, DatabaseCluster, DatabaseClusterEngine, DatabaseInstance, DatabaseInstanceEngine } from 'aws-cdk-lib/aws-rds';
import { PINNED_IMAGE } from '../../support/containers';
import { deployTimeValue } from '../../support/load-balancing';
import { privateSubnet, publicSubnet, raw, route, subnet, subnetGroup } from '../../support/network';
import { describeRule } from '../../support/rule-cases';

/** A service as CloudFormation takes it, in these subnets. */
function serviceIn(stack: Stack, subnets: string[], assignPublicIp?: string): CfnService {
  return new CfnService(stack, 'Service', { networkConfiguration: { awsvpcConfiguration: { subnets, ...(assignPublicIp === undefined ? {} : { assignPublicIp }) } } });
}

function fargate(stack: Stack, subnetType: SubnetType): FargateService {
  const vpc = new Vpc(stack, 'Vpc', {
    subnetConfiguration: [SubnetType.PUBLIC, SubnetType.PRIVATE_WITH_EGRESS, SubnetType.PRIVATE_ISOLATED].map((type) => ({ name: type, subnetType: type })),
  });
  const taskDefinition = new FargateTaskDefinition(stack, 'Task');
  taskDefinition.addContainer('core', { image: ContainerImage.fromRegistry(PINNED_IMAGE) });
  return new FargateService(stack, 'Service', { cluster: new Cluster(stack, 'Cluster', { vpc }), taskDefinition, vpcSubnets: { subnetType } });
}

/** A route whose table only a deployment knows, beside a service in private subnets. */
function besideLooseRoute(stack: Stack, properties: object, table: unknown = stack.resolve(deployTimeValue(stack))): void {
  serviceIn(stack, [privateSubnet(stack).ref]);
  raw(stack, 'AWS::EC2::Route', { RouteTableId: table, DestinationCidrBlock: '0.0.0.0/0', ...properties });
}

/** Whatever names the subnets of a store as SubnetIds. */
const STORES = [
  'AWS::DocDB::DBSubnetGroup', 'AWS::Neptune::DBSubnetGroup', 'AWS::MemoryDB::SubnetGroup', 'AWS::Redshift::ClusterSubnetGroup', 'AWS::DMS::ReplicationSubnetGroup',
  'AWS::ElastiCache::ServerlessCache',
];

/** A schedule that starts a task in this network. */
function scheduled(stack: Stack, network: object): CfnResource {
  return raw(stack, 'AWS::Events::Rule', { Targets: [{ Id: 'queue' }, { Id: 'core', EcsParameters: { NetworkConfiguration: { AwsVpcConfiguration: network } } }] });
}

describeRule('NET-1.private-subnets', {
  compliant: {
    'subnets behind a NAT gateway': (stack) => serviceIn(stack, [privateSubnet(stack).ref]),
    'subnets that lead nowhere': (stack) => serviceIn(stack, [subnet(stack).subnet.ref], 'DISABLED'),
    'subnets whose public addresses are turned off': (stack) => serviceIn(stack, [privateSubnet(stack, { mapPublicIpOnLaunch: false }).attrSubnetId]),
    'subnets that reach out by IPv6 only': (stack) => {
      const made = subnet(stack);
      route(stack, made.table, { egressOnlyInternetGatewayId: new CfnEgressOnlyInternetGateway(stack, 'Egress', { vpcId: 'vpc-1' }).ref });
      serviceIn(stack, [made.subnet.ref]);
    },
    'the service construct in subnets with egress': (stack) => fargate(stack, SubnetType.PRIVATE_WITH_EGRESS),
    'the service construct in isolated subnets': (stack) => fargate(stack, SubnetType.PRIVATE_ISOLATED),
    'a route by a NAT gateway in a table that a parameter names': (stack) => besideLooseRoute(stack, { NatGatewayId: 'nat-1' }),
    'a route to an internet gateway in another table, by its id': (stack) => besideLooseRoute(stack, { GatewayId: 'igw-1' }, 'rtb-1'),
    'a scheduled task in private subnets': (stack) => scheduled(stack, { Subnets: [stack.resolve(privateSubnet(stack).ref)], AssignPublicIp: 'DISABLED' }),
    'a database group in private subnets': (stack) => subnetGroup(stack, privateSubnet(stack).ref),
  },
  violating: {
    'a subnet with a route to an internet gateway': { build: (stack) => serviceIn(stack, [publicSubnet(stack).ref]), message: /Subnet has a route to an internet gateway/, severity: 'error' },
    'such a route for IPv6 alone': {
      build: (stack) => serviceIn(stack, [publicSubnet(stack, { destinationCidrBlock: undefined, destinationIpv6CidrBlock: '::/0' }).ref]),
      message: /internet gateway/,
    },
    'such a route to half of the internet': { build: (stack) => serviceIn(stack, [publicSubnet(stack, { destinationCidrBlock: '128.0.0.0/1' }).ref]), message: /internet gateway/ },
    'such a route by the gateway\'s id': { build: (stack) => serviceIn(stack, [publicSubnet(stack, { gatewayId: 'igw-0123' }).ref]), message: /internet gateway/ },
    'a route to a carrier gateway': { build: (stack) => serviceIn(stack, [publicSubnet(stack, { gatewayId: undefined, carrierGatewayId: 'cagw-1' }).ref]), message: /internet gateway/ },
    'such a route beside one that is not known': {
      build: (stack) => {
        const made = subnet(stack);
        route(stack, made.table, { gatewayId: deployTimeValue(stack) });
        raw(stack, 'AWS::EC2::Route', { RouteTableId: made.table.ref, GatewayId: 'igw-1' });
        serviceIn(stack, [made.subnet.ref]);
      },
      message: /internet gateway/,
    },
    'such a route in a second table': {
      build: (stack) => {
        const table = new CfnRouteTable(stack, 'Second', { vpcId: 'vpc-1' });
        route(stack, table, { gatewayId: new CfnInternetGateway(stack, 'Gateway').attrInternetGatewayId });
        const made = subnet(stack);
        raw(stack, 'AWS::EC2::SubnetRouteTableAssociation', { SubnetId: made.subnet.ref, RouteTableId: table.ref });
        serviceIn(stack, [made.subnet.ref]);
      },
      message: /internet gateway/,
    },
    'a subnet that gives out public addresses': { build: (stack) => serviceIn(stack, [privateSubnet(stack, { mapPublicIpOnLaunch: true }).ref]), message: /Subnet gives public addresses/ },
    'a task with a public address': { build: (stack) => serviceIn(stack, [privateSubnet(stack).ref], 'ENABLED'), message: /gives every task a public address/ },
    'the service construct in public subnets': { build: (stack) => fargate(stack, SubnetType.PUBLIC), message: /VpcPUBLICSubnet1Subnet\w+ gives public addresses/i },
    'a second subnet': { build: (stack) => serviceIn(stack, ['subnet-1', publicSubnet(stack).ref]), message: /internet gateway/ },
    'a database group in a public subnet': { build: (stack) => subnetGroup(stack, publicSubnet(stack).ref), message: /internet gateway/ },
    ...Object.fromEntries(STORES.map((type) => [
      `a public subnet of ${type}`, { build: (stack: Stack) => raw(stack, type, { SubnetIds: [publicSubnet(stack).ref] }), message: /internet gateway/ },
    ])),
    'a task set in a public subnet': {
      build: (stack) => raw(stack, 'AWS::ECS::TaskSet', { NetworkConfiguration: { AwsVpcConfiguration: { Subnets: [publicSubnet(stack).ref] } } }),
      message: /internet gateway/,
    },
    'a task set with public addresses': {
      build: (stack) => raw(stack, 'AWS::ECS::TaskSet', { NetworkConfiguration: { AwsVpcConfiguration: { Subnets: [], AssignPublicIp: 'ENABLED' } } }),
      message: /gives every task a public address/,
    },
    'a scheduled task with a public address': { build: (stack) => scheduled(stack, { Subnets: ['subnet-1'], AssignPublicIp: 'ENABLED' }), message: /gives every task a public address/ },
    'a scheduled task with a public address, after a target that is not known': {
      build: (stack) => scheduled(stack, { Subnets: ['subnet-1'], AssignPublicIp: 'ENABLED' }).addPropertyOverride('Targets.0', stack.resolve(deployTimeValue(stack))),
      message: /gives every task a public address/,
    },
    'a cache group in a public subnet': { build: (stack) => new CfnSubnetGroup(stack, 'Cache', { description: 'the cache', subnetIds: [publicSubnet(stack).ref] }), message: /internet gateway/ },
  },
  override: {
    build: (stack) => {
      const child = fargate(stack, SubnetType.PRIVATE_ISOLATED).node.findChild('Service');
      if (CfnResource.isCfnResource(child)) child.addPropertyOverride('NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp', 'ENABLED');
    },
    message: /gives every task a public address/,
  },
  raw: { build: (stack) => raw(stack, 'AWS::RDS::DBSubnetGroup', { SubnetIds: [publicSubnet(stack).ref] }), message: /internet gateway/ },
  undecidable: {
    'a subnet that a parameter names': (stack) => serviceIn(stack, [deployTimeValue(stack)]),
    'subnets that another stack exports': (stack) => serviceIn(stack, Fn.split(',', Fn.importValue('PrivateSubnets'))),
    'a subnet by its id': (stack) => serviceIn(stack, ['subnet-0123']),
    'a subnet without a route table': (stack) => serviceIn(stack, [new CfnSubnet(stack, 'Subnet', { vpcId: 'vpc-1' }).ref]),
    'a route to an internet gateway in a table that a parameter names': (stack) => besideLooseRoute(stack, { GatewayId: 'igw-1' }),
    'a route to an internet gateway in a table picked from a list': (stack) => besideLooseRoute(
      stack, { GatewayId: 'igw-1' }, stack.resolve(Fn.select(0, Fn.split(',', deployTimeValue(stack)))),
    ),
    'a route of which neither table nor gateway is known': (stack) => besideLooseRoute(stack, { GatewayId: stack.resolve(deployTimeValue(stack, 'Gateway')) as unknown }),
    'a route whose gateway a parameter names': (stack) => serviceIn(stack, [publicSubnet(stack, { gatewayId: deployTimeValue(stack) }).ref]),
    'a public address that a parameter switches': (stack) => serviceIn(stack, [privateSubnet(stack).ref], deployTimeValue(stack)),
  },
  notApplicable: {
    'a service on the network of its host': (stack) => new CfnService(stack, 'Service'),
    'a schedule that starts no task': (stack) => raw(stack, 'AWS::Events::Rule', { Targets: [{ Id: 'queue' }] }),
  },
});

function instance(stack: Stack, props: Partial<ConstructorParameters<typeof CfnDBInstance>[2]>): CfnDBInstance {
  return new CfnDBInstance(stack, 'Database', { engine: 'postgres', dbInstanceClass: 'db.t4g.small', ...props });
}

/** A copy of a database that stands in this subnet. */
function replica(stack: Stack, of: CfnSubnet): CfnDBInstance {
  const source = new CfnDBInstance(stack, 'Source', { engine: 'postgres', publiclyAccessible: false, dbSubnetGroupName: subnetGroup(stack, of.ref).ref });
  return instance(stack, { sourceDbInstanceIdentifier: source.ref });
}

function databaseIn(stack: Stack, subnetType?: SubnetType): DatabaseInstance {
  return new DatabaseInstance(stack, 'Database', {
    engine: DatabaseInstanceEngine.POSTGRES,
    instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.SMALL),
    vpc: new Vpc(stack, 'Vpc'),
    ...(subnetType === undefined ? {} : { vpcSubnets: { subnetType } }),
  });
}

describeRule('NET-1.private-database', {
  compliant: {
    'a database that says so': (stack) => instance(stack, { publiclyAccessible: false }),
    'a database that says so as text': (stack) => instance(stack, {}).addPropertyOverride('PubliclyAccessible', 'false'),
    'the database construct': (stack) => databaseIn(stack),
    'the database construct in named subnets': (stack) => databaseIn(stack, SubnetType.PRIVATE_WITH_EGRESS),
    'the cluster construct': (stack) => new DatabaseCluster(stack, 'Cluster', {
      engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_4 }),
      vpc: new Vpc(stack, 'Vpc'),
      writer: ClusterInstance.serverlessV2('Writer'),
    }),
    'a database that leaves it to private subnets': (stack) => instance(stack, { dbSubnetGroupName: subnetGroup(stack, privateSubnet(stack).ref).ref }),
    'an instance that leaves it to its cluster': (stack) => instance(stack, {
      dbClusterIdentifier: new CfnDBCluster(stack, 'Cluster', { engine: 'aurora-postgresql', dbSubnetGroupName: subnetGroup(stack, privateSubnet(stack).ref).ref }).ref,
    }),
    'a replica that leaves it to the subnets of its source': (stack) => replica(stack, privateSubnet(stack)),
    'a replica of a replica': (stack) => new CfnDBInstance(stack, 'Second', { sourceDbInstanceIdentifier: replica(stack, privateSubnet(stack)).ref }),
    'a warehouse that does not say': (stack) => raw(stack, 'AWS::Redshift::Cluster', {}),
    'a replication instance that says so': (stack) => raw(stack, 'AWS::DMS::ReplicationInstance', { PubliclyAccessible: false }),
    'a Multi-AZ cluster that says so': (stack) => new CfnDBCluster(stack, 'Cluster', { engine: 'postgres', dbClusterInstanceClass: 'db.m6gd.large', publiclyAccessible: false }),
  },
  violating: {
    'a public database': { build: (stack) => instance(stack, { publiclyAccessible: true }), message: /^gives the database a public address/, severity: 'error' },
    'a public database, as text': { build: (stack) => instance(stack, {}).addPropertyOverride('PubliclyAccessible', 'true'), message: /^gives the database/ },
    'a public Multi-AZ cluster': { build: (stack) => new CfnDBCluster(stack, 'Cluster', { engine: 'postgres', publiclyAccessible: true }), message: /^gives the database/ },
    'a Multi-AZ cluster that does not say': {
      build: (stack) => new CfnDBCluster(stack, 'Cluster', { engine: 'postgres', dbClusterInstanceClass: 'db.m6gd.large' }),
      message: /outside a subnet group/,
    },
    'a database that does not say, outside a subnet group': { build: (stack) => instance(stack, {}), message: /is not set, and outside a subnet group/ },
    'a database that does not say, in the default subnet group': { build: (stack) => instance(stack, { dbSubnetGroupName: 'default' }), message: /outside a subnet group/ },
    'a database that does not say, in public subnets': {
      build: (stack) => instance(stack, { dbSubnetGroupName: subnetGroup(stack, publicSubnet(stack).ref).ref }),
      message: /is not set, and in public subnets/,
    },
    'a replica whose source is in public subnets': { build: (stack) => replica(stack, publicSubnet(stack)), message: /is not set, and in public subnets/ },
    'a replica whose source names no subnet group': {
      build: (stack) => instance(stack, { sourceDbInstanceIdentifier: new CfnDBInstance(stack, 'Source', { publiclyAccessible: false }).ref }),
      message: /outside a subnet group/,
    },
    'a public warehouse': { build: (stack) => raw(stack, 'AWS::Redshift::Cluster', { PubliclyAccessible: true }), message: /^gives the database a public address/ },
    'a public replication instance': { build: (stack) => raw(stack, 'AWS::DMS::ReplicationInstance', { PubliclyAccessible: true }), message: /^gives the replication instance a public/ },
    'a replication instance that does not say': { build: (stack) => raw(stack, 'AWS::DMS::ReplicationInstance', {}), message: /^is not set, and the service then gives the replication/ },
    'the database construct in public subnets': { build: (stack) => databaseIn(stack, SubnetType.PUBLIC), message: /^gives the database/ },
  },
  override: {
    build: (stack) => {
      const { defaultChild } = databaseIn(stack, SubnetType.PRIVATE_WITH_EGRESS).node;
      if (CfnResource.isCfnResource(defaultChild)) defaultChild.addPropertyOverride('PubliclyAccessible', true);
    },
    message: /^gives the database/,
  },
  raw: { build: (stack) => raw(stack, 'AWS::RDS::DBInstance', { DBSubnetGroupName: 'private', PubliclyAccessible: 'TRUE' }), message: /^gives the database/ },
  undecidable: {
    'a switch that a parameter sets': (stack) => instance(stack, {}).addPropertyOverride('PubliclyAccessible', stack.resolve(deployTimeValue(stack))),
    'a subnet group by its name': (stack) => instance(stack, { dbSubnetGroupName: 'private' }),
    'a subnet group that another stack exports': (stack) => instance(stack, { dbSubnetGroupName: Fn.importValue('Private') }),
    'a subnet group whose subnets a parameter lists': (stack) => instance(stack, {
      dbSubnetGroupName: subnetGroup(stack, ...new CfnParameter(stack, 'SubnetIds', { type: 'List<AWS::EC2::Subnet::Id>' }).valueAsList).ref,
    }),
    'a replica of a database that is declared elsewhere': (stack) => instance(stack, { sourceDbInstanceIdentifier: 'core' }),
    'a replica of a database that a parameter names': (stack) => instance(stack, { sourceDbInstanceIdentifier: deployTimeValue(stack) }),
    'a replica of itself': (stack) => instance(stack, {}).addPropertyOverride('SourceDBInstanceIdentifier', { Ref: 'Database' }),
    'an instance of a cluster that is declared elsewhere': (stack) => instance(stack, { dbClusterIdentifier: 'core' }),
  },
  notApplicable: { 'an Aurora cluster, whose instances have the addresses': (stack) => new CfnDBCluster(stack, 'Cluster', { engine: 'aurora-postgresql' }) },
});
