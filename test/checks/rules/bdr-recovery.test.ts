import { CfnDeletionPolicy, CfnResource, Fn, type Stack } from 'aws-cdk-lib';
import { CfnBackupPlan, CfnBackupVault } from 'aws-cdk-lib/aws-backup';
import { CfnSubnet } from 'aws-cdk-lib/aws-ec2';
import { CfnService } from 'aws-cdk-lib/aws-ecs';
import { CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import { CfnDBCluster, CfnDBInstance, CfnDBSubnetGroup } from 'aws-cdk-lib/aws-rds';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const thrownAway = (resource: CfnResource): void => {
  resource.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
};

const database = (stack: Stack, multiAz?: boolean, props: object = {}): CfnDBInstance => new CfnDBInstance(stack, 'Database', { engine: 'postgres', multiAz, ...props });

function cluster(stack: Stack, instances: number, props: object = {}): CfnDBCluster {
  const made = new CfnDBCluster(stack, 'Cluster', { engine: 'aurora-postgresql', ...props });
  for (let index = 0; index < instances; index++) new CfnDBInstance(stack, `Instance${index}`, { dbClusterIdentifier: made.ref });
  return made;
}

describeRule('BDR-3.multi-az', {
  compliant: {
    'a standby': (stack) => database(stack, true),
    'a cluster of two': (stack) => cluster(stack, 2),
    'a cluster that Amazon RDS spreads by itself': (stack) => cluster(stack, 0, { engine: 'postgres', dbClusterInstanceClass: 'db.m5d.large' }),
  },
  violating: {
    'nothing said': { build: (stack) => database(stack), message: /is not true, so that a zone that fails/, severity: 'warning' },
    'one zone': { build: (stack) => database(stack, false), message: /is not true/ },
    'a cluster of one': { build: (stack) => cluster(stack, 1), message: /has one instance/ },
  },
  override: { build: (stack) => database(stack, true).addPropertyOverride('MultiAZ', false), message: /is not true/ },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::RDS::DBInstance' }), message: /is not true/ },
  undecidable: (stack) => database(stack, true).addPropertyOverride('MultiAZ', stack.resolve(deployTimeValue(stack))),
  notApplicable: { 'one that goes with its stack': (stack) => thrownAway(database(stack)), 'a replica': (stack) => database(stack, false, { sourceDbInstanceIdentifier: 'source' }) },
});

const group = (stack: Stack, automaticFailoverEnabled?: boolean, multiAzEnabled?: boolean): CfnReplicationGroup =>
  new CfnReplicationGroup(stack, 'Cache', { replicationGroupDescription: 'cache', automaticFailoverEnabled, multiAzEnabled });

describeRule('BDR-3.failover', {
  compliant: { 'both': (stack) => group(stack, true, true) },
  violating: {
    'nothing said': { build: (stack) => group(stack), message: /is not true, so that a zone that fails takes every limit/, severity: 'warning' },
    'one zone': { build: (stack) => group(stack, true, false), message: /is not true/ },
    'no failover': { build: (stack) => group(stack, false, true), message: /is not true/ },
  },
  override: { build: (stack) => group(stack, true, true).addPropertyOverride('MultiAZEnabled', false), message: /is not true/ },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::ElastiCache::ReplicationGroup' }), message: /is not true/ },
  undecidable: (stack) => group(stack, true, true).addPropertyOverride('MultiAZEnabled', stack.resolve(deployTimeValue(stack))),
  notApplicable: { 'one that goes with its stack': (stack) => thrownAway(group(stack)) },
});

const subnet = (stack: Stack, id: string, availabilityZone: string): string => new CfnSubnet(stack, id, { vpcId: 'vpc-1', availabilityZone, cidrBlock: '10.0.0.0/24' }).ref;
const service = (stack: Stack, subnets: string[]): CfnService => new CfnService(stack, 'Service', { taskDefinition: 'task:1', networkConfiguration: { awsvpcConfiguration: { subnets } } });

const subnets = (stack: Stack, subnetIds: string[]): CfnSubnetGroup => new CfnSubnetGroup(stack, 'Subnets', { description: 'cache', subnetIds });
const twoZones = (stack: Stack): string[] => [subnet(stack, 'A', 'eu-central-1a'), subnet(stack, 'B', 'eu-central-1b')];
const oneZone = (stack: Stack): string[] => [subnet(stack, 'A', 'eu-central-1a'), subnet(stack, 'B', 'eu-central-1a')];

/** A cache in a group of subnets. */
function standing<T extends CfnResource>(stack: Stack, made: T): T {
  new CfnReplicationGroup(stack, 'Cache', { replicationGroupDescription: 'cache', cacheSubnetGroupName: made.ref, automaticFailoverEnabled: true, multiAzEnabled: true });
  return made;
}
const TAKES_STORE = /lie in one zone, so that one that fails takes the store with it/;

describeRule('BDR-3.store-zones', {
  compliant: { 'two zones': (stack) => standing(stack, subnets(stack, twoZones(stack))) },
  violating: {
    'one zone': { build: (stack) => standing(stack, subnets(stack, oneZone(stack))), message: TAKES_STORE },
    'one subnet': { build: (stack) => standing(stack, subnets(stack, ['subnet-1'])), message: TAKES_STORE },
    'a database': {
      build: (stack) => {
        const dbSubnetGroupName = new CfnDBSubnetGroup(stack, 'Subnets', { dbSubnetGroupDescription: 'database', subnetIds: oneZone(stack) }).ref;
        database(stack, true, { dbSubnetGroupName });
      },
      message: TAKES_STORE,
    },
  },
  override: { build: (stack) => standing(stack, subnets(stack, twoZones(stack))).addPropertyOverride('SubnetIds', ['subnet-1']), message: TAKES_STORE },
  raw: { build: (stack) => standing(stack, new CfnResource(stack, 'Raw', { type: 'AWS::ElastiCache::SubnetGroup', properties: { SubnetIds: ['subnet-1'] } })), message: TAKES_STORE },
  undecidable: (stack) => standing(stack, subnets(stack, twoZones(stack))).addPropertyOverride('SubnetIds', stack.resolve(deployTimeValue(stack))),
  notApplicable: { 'a group in which nothing stands': (stack) => subnets(stack, ['subnet-1']) },
});

describeRule('BDR-3.zones', {
  compliant: {
    'two zones': (stack) => service(stack, [subnet(stack, 'A', 'eu-central-1a'), subnet(stack, 'B', 'eu-central-1b')]),
    'two zones of whatever region it is': (stack) => service(stack, [0, 1].map((index) => subnet(stack, `S${index}`, Fn.select(index, Fn.getAzs())))),
    'two subnets that are there already': (stack) => service(stack, ['subnet-1', 'subnet-2']),
  },
  violating: {
    'one subnet': { build: (stack) => service(stack, [subnet(stack, 'A', 'eu-central-1a')]), message: /lie in one zone/, severity: 'warning' },
    'two subnets of one zone': { build: (stack) => service(stack, [subnet(stack, 'A', 'eu-central-1a'), subnet(stack, 'B', 'eu-central-1a')]), message: /lie in one zone/ },
  },
  override: { build: (stack) => service(stack, ['subnet-1', 'subnet-2']).addPropertyOverride('NetworkConfiguration.AwsvpcConfiguration.Subnets', ['subnet-1']), message: /one zone/ },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::ECS::Service', properties: { NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1'] } } } }),
    message: /one zone/,
  },
  undecidable: (stack) => service(stack, []).addPropertyOverride('NetworkConfiguration.AwsvpcConfiguration.Subnets', stack.resolve(deployTimeValue(stack))),
  notApplicable: { 'a service on machines': (stack) => new CfnService(stack, 'Service', { taskDefinition: 'task:1' }) },
});

type Rule = Partial<CfnBackupPlan.BackupRuleResourceTypeProperty>;

const COPIED: Rule = { copyActions: [{ destinationBackupVaultArn: 'arn:aws:backup:eu-west-1:111122223333:backup-vault:copies' }] };

function vault(stack: Stack, policy: CfnDeletionPolicy = CfnDeletionPolicy.RETAIN): CfnBackupVault {
  const made = new CfnBackupVault(stack, 'Vault', { backupVaultName: 'vault' });
  made.cfnOptions.deletionPolicy = policy;
  return made;
}

const plan = (stack: Stack, rules: Rule[], into: string = vault(stack).ref): CfnBackupPlan => new CfnBackupPlan(stack, 'Plan', {
  backupPlan: { backupPlanName: 'plan', backupPlanRule: rules.map((rule, index) => ({ ruleName: `rule${index}`, targetBackupVault: into, ...rule })) },
});

describeRule('BDR-3.copy', {
  compliant: {
    'a copy in another region': (stack) => plan(stack, [COPIED]),
    'one of several rules copies': (stack) => plan(stack, [{}, COPIED]),
  },
  violating: {
    'no copy': { build: (stack) => plan(stack, [{}]), message: /has no CopyActions, so the backups are lost with their region/, severity: 'warning' },
    'no copy, into a vault by its name': {
      build: (stack) => {
        vault(stack);
        plan(stack, [{}], 'vault');
      },
      message: /has no CopyActions/,
    },
    'a copy into the same vault': {
      build: (stack) => {
        const own = vault(stack);
        plan(stack, [{ copyActions: [{ destinationBackupVaultArn: own.attrBackupVaultArn }] }], own.ref);
      },
      message: /is Vault, where the backups are already/,
    },
    'a copy into another vault of the stack': {
      build: (stack) => plan(stack, [{ copyActions: [{ destinationBackupVaultArn: new CfnBackupVault(stack, 'Other', { backupVaultName: 'other' }).attrBackupVaultArn }] }]),
      message: /is Other, in the region of the backups, with which it is lost/,
    },
    'a copy into another vault of the region': {
      build: (stack) => plan(stack, [{ copyActions: [{ destinationBackupVaultArn: `arn:aws:backup:${stack.region}:111122223333:backup-vault:other` }] }]), message: /is in the region of the backups/,
    },
  },
  override: { build: (stack) => plan(stack, [COPIED]).addPropertyDeletionOverride('BackupPlan.BackupPlanRule.0.CopyActions'), message: /has no CopyActions/ },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::Backup::BackupPlan', properties: { BackupPlan: { BackupPlanRule: [{ TargetBackupVault: vault(stack).ref }] } } }),
    message: /has no CopyActions/,
  },
  undecidable: (stack) => plan(stack, [COPIED]).addPropertyOverride('BackupPlan.BackupPlanRule', stack.resolve(deployTimeValue(stack))),
  notApplicable: {
    'a plan that follows changes alone': (stack) => plan(stack, [{ enableContinuousBackup: true }]),
    'a vault that goes with its stack': (stack) => plan(stack, [{}], vault(stack, CfnDeletionPolicy.DELETE).ref),
  },
});
