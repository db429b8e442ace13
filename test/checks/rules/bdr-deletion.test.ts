import { CfnDeletionPolicy, CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnDBCluster, CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

function kept<T extends CfnResource>(resource: T): T {
  resource.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
  return resource;
}

const database = (stack: Stack, deletionProtection?: boolean, props: object = {}): CfnDBInstance => new CfnDBInstance(stack, 'Database', { engine: 'postgres', deletionProtection, ...props });
const table = (stack: Stack, deletionProtectionEnabled?: boolean): CfnTable =>
  new CfnTable(stack, 'Table', { keySchema: [{ attributeName: 'id', keyType: 'HASH' }], attributeDefinitions: [{ attributeName: 'id', attributeType: 'S' }], deletionProtectionEnabled });
const ONE_CALL = /is not true: one call deletes what its stack was told to keep/;

describeRule('BDR-1.deletion-protection', {
  compliant: {
    'a database': (stack) => kept(database(stack, true)),
    'a table': (stack) => kept(table(stack, true)),
    'a cluster': (stack) => kept(new CfnDBCluster(stack, 'Cluster', { engine: 'aurora-postgresql', deletionProtection: true })),
  },
  violating: {
    'a database that says nothing': { build: (stack) => kept(database(stack)), message: ONE_CALL, severity: 'warning' },
    'a database without it': { build: (stack) => kept(database(stack, false)), message: ONE_CALL },
    'a table without it': { build: (stack) => kept(table(stack, false)), message: ONE_CALL },
  },
  override: { build: (stack) => kept(database(stack, true)).addPropertyOverride('DeletionProtection', false), message: ONE_CALL },
  raw: { build: (stack) => kept(new CfnResource(stack, 'Raw', { type: 'AWS::DynamoDB::Table' })), message: ONE_CALL },
  undecidable: (stack) => kept(database(stack, true)).addPropertyOverride('DeletionProtection', stack.resolve(deployTimeValue(stack))),
  notApplicable: {
    'one that goes with its stack': (stack) => database(stack, false),
    'a member of a cluster': (stack) => kept(database(stack, false, { dbClusterIdentifier: 'cluster' })),
  },
});
