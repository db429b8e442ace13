import type { CfnResource, Stack } from 'aws-cdk-lib';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { KEY_ARN, written } from '../../support/written';

const INSTANCE = 'AWS::RDS::DBInstance';
const CLUSTER = 'AWS::RDS::DBCluster';
const database = (stack: Stack, properties: Readonly<Record<string, unknown>> = {}, type = INSTANCE): CfnResource =>
  written(stack, 'Database', type, { Engine: 'postgres', StorageEncrypted: true, KmsKeyId: KEY_ARN, PubliclyAccessible: false, ...properties });

describeRule('DAT-3.encrypted', {
  compliant: {
    'a key of somebody\'s own': (stack) => database(stack),
    'a key of the template': (stack) => database(stack, { KmsKeyId: written(stack, 'Key', 'AWS::KMS::Key').getAtt('Arn') }),
    'a cluster': (stack) => database(stack, {}, CLUSTER),
    'a warehouse': (stack) => database(stack, { Encrypted: true }, 'AWS::Redshift::Cluster'),
  },
  violating: {
    'nothing said': { build: (stack) => database(stack, { StorageEncrypted: undefined }), message: /^is not true, so the data and its backups/, severity: 'error' },
    'encryption that is off': { build: (stack) => database(stack, { StorageEncrypted: false }, CLUSTER), message: /^is not true/ },
    'no key': { build: (stack) => database(stack, { KmsKeyId: undefined }), message: /^is not set, so a key of AWS/, severity: 'warning' },
    'a key of AWS': { build: (stack) => database(stack, { KmsKeyId: 'alias/aws/rds' }), message: /^is a key of AWS/, severity: 'warning' },
    'an unencrypted warehouse': { build: (stack) => database(stack, {}, 'AWS::Redshift::Cluster'), message: /^is not true/ },
  },
  override: { build: (stack) => database(stack).addPropertyOverride('StorageEncrypted', false), message: /^is not true/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::DocDB::DBCluster'), message: /^is not true/ },
  undecidable: {
    'a switch of the deployment': (stack) => database(stack, { StorageEncrypted: deployTimeValue(stack) }),
    'a copy': (stack) => database(stack, { StorageEncrypted: undefined, DBSnapshotIdentifier: 'core' }),
  },
  notApplicable: { 'an instance of a cluster': (stack) => database(stack, { StorageEncrypted: undefined, DBClusterIdentifier: 'core' }) },
});

describeRule('DAT-3.not-public', {
  compliant: { 'a private address': (stack) => database(stack) },
  violating: {
    'a public address': { build: (stack) => database(stack, { PubliclyAccessible: true }), message: /^gives the database a public address/, severity: 'error' },
    'the default VPC': { build: (stack) => database(stack, { PubliclyAccessible: undefined }), message: /^is not set, and outside a subnet group/ },
    'a cluster of instances': { build: (stack) => database(stack, { PubliclyAccessible: true }, CLUSTER), message: /^gives the database a public address/ },
  },
  override: { build: (stack) => database(stack).addPropertyOverride('PubliclyAccessible', true), message: /^gives the database/ },
  raw: { build: (stack) => written(stack, 'Raw', INSTANCE, { PubliclyAccessible: 'true' }), message: /^gives the database/ },
  undecidable: (stack) => database(stack, { PubliclyAccessible: deployTimeValue(stack) }),
});

const GROUP = 'AWS::EC2::SecurityGroup';
const program = (stack: Stack): string => written(stack, 'Program', GROUP, { GroupDescription: 'core' }).ref;

function behind(stack: Stack, ingress: Readonly<Record<string, unknown>>, properties: Readonly<Record<string, unknown>> = {}): CfnResource {
  const group = written(stack, 'Group', GROUP, { GroupDescription: 'db', SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, ...ingress }] });
  database(stack, { VPCSecurityGroups: [group.ref], ...properties });
  return group;
}

describeRule('DAT-3.reach', {
  compliant: {
    'a program': (stack) => behind(stack, { SourceSecurityGroupId: program(stack) }),
    'a program by a rule of its own': (stack) => {
      const group = written(stack, 'Group', GROUP, { GroupDescription: 'db' });
      written(stack, 'Rule', 'AWS::EC2::SecurityGroupIngress', { GroupId: group.ref, IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: program(stack) });
      database(stack, { VpcSecurityGroupIds: [group.ref] }, CLUSTER);
    },
  },
  violating: {
    'a network': { build: (stack) => behind(stack, { CidrIp: '10.0.0.0/16' }), message: /^Group lets 10\.0\.0\.0\/16 reach the database/, severity: 'error' },
    'a list of networks': { build: (stack) => behind(stack, { SourcePrefixListId: 'pl-0' }), message: /^Group lets pl-0 reach/ },
    'every port': { build: (stack) => behind(stack, { SourceSecurityGroupId: program(stack), FromPort: 0, ToPort: 65535 }), message: /^Group opens ports 0 to 65535/ },
  },
  override: { build: (stack) => behind(stack, { SourceSecurityGroupId: program(stack) }).addPropertyOverride('SecurityGroupIngress.0', { CidrIp: '0.0.0.0/0' }), message: /^Group lets 0\.0\.0\.0\/0/ },
  raw: { build: (stack) => written(stack, 'Raw', INSTANCE, { VPCSecurityGroups: [written(stack, 'Open', GROUP, { SecurityGroupIngress: { IpProtocol: '-1', CidrIpv6: 'fd00::/8' } }).ref] }), message: /^Open lets fd00::\/8/ },
  undecidable: {
    'a group of somebody else\'s': (stack) => database(stack, { VPCSecurityGroups: ['sg-0'] }),
    'a group of the deployment': (stack) => database(stack, { VPCSecurityGroups: [deployTimeValue(stack)] }),
  },
  notApplicable: { 'an instance of a cluster': (stack) => database(stack, { DBClusterIdentifier: 'core', VPCSecurityGroups: ['sg-0'] }) },
});
