import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { GateTable, type GateTableProps } from '../../src/gate/gate-table';

const TABLE = { 'Fn::GetAtt': [expect.stringMatching(/^GateTable/), 'Arn'] };
const VIA_DYNAMODB = { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['dynamodb.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } } };

function template(props?: GateTableProps): Template {
  const stack = new Stack(new App(), 'Core');
  new GateTable(stack, 'GateTable', props);
  return Template.fromStack(stack);
}

/** What somebody may do after a grant. */
function statementsOf(grant: (table: GateTable, role: iam.Role) => unknown, withKey = false): unknown {
  const stack = new Stack(new App(), 'Core');
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
  grant(new GateTable(stack, 'GateTable', { encryptionKey: withKey ? new Key(stack, 'Key') : undefined }), role);
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  return (policy?.Properties as { PolicyDocument: { Statement: unknown } }).PolicyDocument.Statement;
}

describe('GateTable', () => {
  test('is billed by the request, backed up continuously, encrypted by KMS, and forgets what has expired', () => {
    template().hasResource('AWS::DynamoDB::Table', {
      Properties: {
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }, { AttributeName: 'sk', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
        ProvisionedThroughput: Match.absent(),
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
        StreamSpecification: Match.absent(),
        GlobalSecondaryIndexes: Match.absent(),
        ResourcePolicy: Match.absent(),
        TableName: Match.absent(),
      },
    });
  });

  test('stays where its stack goes, and cannot be deleted, unless it is told otherwise', () => {
    template().hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties: { DeletionProtectionEnabled: true } });
    template({ removalPolicy: RemovalPolicy.DESTROY }).hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Delete', Properties: { DeletionProtectionEnabled: false } });
    template({ removalPolicy: RemovalPolicy.DESTROY, deletionProtection: true }).hasResourceProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: true });
    template({ deletionProtection: false }).hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain', Properties: { DeletionProtectionEnabled: false } });
  });

  test('carries the tag by which the command line finds it', () => {
    template().hasResourceProperties('AWS::DynamoDB::Table', { Tags: [{ Key: 'cdk-secure-core:gate-table', Value: 'true' }] });
  });

  test('is encrypted by the key that it is given', () => {
    const stack = new Stack(new App(), 'Core');
    new GateTable(stack, 'GateTable', { encryptionKey: new Key(stack, 'Key') });
    Template.fromStack(stack).hasResourceProperties('AWS::DynamoDB::Table', {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] } },
    });
  });

  test('lets a gate read it, and neither scan nor write it', () => {
    expect(statementsOf((table, role) => table.grantRead(role))).toEqual([{ Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:Query'], Resource: TABLE }]);
  });

  test('lets a mirror write signing keys and nothing else', () => {
    expect(statementsOf((table, role) => table.grantMirror(role))).toEqual([{
      Effect: 'Allow',
      Action: 'dynamodb:PutItem',
      Resource: TABLE,
      Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['jwks'] }, 'Null': { 'dynamodb:LeadingKeys': 'false' } },
    }]);
  });

  test('lets them use its key through DynamoDB alone', () => {
    const key = { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] };
    expect(statementsOf((table, role) => table.grantRead(role), true)).toEqual([
      { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:DescribeKey'], Resource: key, Condition: VIA_DYNAMODB },
      expect.objectContaining({ Action: ['dynamodb:GetItem', 'dynamodb:Query'] }),
    ]);
    expect(statementsOf((table, role) => table.grantMirror(role), true)).toEqual([
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
        Resource: key,
        Condition: VIA_DYNAMODB,
      },
      expect.objectContaining({ Action: 'dynamodb:PutItem' }),
    ]);
  });
});
