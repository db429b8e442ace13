import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnManagedPolicy, CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { KEY_SET_PARTITION, TABLE_TAG } from '../../../src/gate/contract';
import { configured, GATE, gateTask } from '../../support/gated';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const keys = (...partitions: string[]): Condition => ({ 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': partitions } });
const MIRROR: Condition = { ...keys(KEY_SET_PARTITION), Null: { 'dynamodb:LeadingKeys': 'false' } };

type TableProps = Partial<ConstructorParameters<typeof CfnTable>[2]>;

/** Written into the template at once: `Tags.of` is an aspect, which a construct tree shows only once it is synthesized. */
const TAGGED: TableProps = { tags: [{ key: TABLE_TAG, value: 'true' }] };

function table(stack: Stack, id = 'Table', props: TableProps = TAGGED): CfnTable {
  return new CfnTable(stack, id, { keySchema: [{ attributeName: 'pk', keyType: 'HASH' }], attributeDefinitions: [{ attributeName: 'pk', attributeType: 'S' }], ...props });
}

interface Allowed {
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: unknown;
  readonly Effect?: string;
}

const documentOf = (statement: Allowed): object => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });

/** A policy that lets somebody write into the table that a gate decides by, unless its statement says otherwise. */
function policy(stack: Stack, statement: Allowed = {}, written = table(stack)): CfnPolicy {
  const own = { ...(statement.NotAction === undefined ? { Action: 'dynamodb:PutItem' } : {}), ...(statement.NotResource === undefined ? { Resource: written.attrArn } : {}), ...statement };
  return new CfnPolicy(stack, 'Policy', { policyName: 'writer', policyDocument: documentOf(own) });
}

const WRITES = /lets whoever has it write into Table, by which a gate decides: an API key of his own/;
const role = (stack: Stack, policies: CfnRole.PolicyProperty[]): CfnRole => new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {}, policies });

describeRule('IDN-8.gate-table-writers', {
  compliant: {
    'who mirrors signing keys': (stack) => policy(stack, { Condition: MIRROR }),
    'a single partition by StringLike': (stack) => policy(stack, { Condition: { StringLike: { 'dynamodb:leadingKeys': 'jwks*' } } }),
    'who writes into another table': (stack) => policy(stack, { Resource: [table(stack, 'Orders', {}).attrArn] }, table(stack)),
    'who writes into an index of another table': (stack) => policy(stack, { Resource: `${table(stack, 'Orders', {}).attrArn}/index/*` }, table(stack)),
    'who writes into a table of another name': (stack) =>
      policy(stack, { Resource: 'arn:aws:dynamodb:eu-central-1:111122223333:table/orders*' }, table(stack, 'Table', { ...TAGGED, tableName: 'gate' })),
  },
  violating: {
    'who may put any item': { build: (stack) => policy(stack), message: WRITES, severity: 'error' },
    'who may put and get': { build: (stack) => policy(stack, { Action: ['dynamodb:GetItem', 'dynamodb:updateitem'] }), message: WRITES },
    'who may take revocations away': { build: (stack) => policy(stack, { Action: 'dynamodb:DeleteItem' }), message: WRITES },
    'who may do everything': { build: (stack) => policy(stack, { Action: '*' }), message: WRITES },
    'who may do everything but something else': { build: (stack) => policy(stack, { NotAction: 'iam:*' }), message: WRITES },
    'who may write by a pattern': { build: (stack) => policy(stack, { Action: 'dynamodb:Put*' }), message: WRITES },
    'every resource': { build: (stack) => policy(stack, { Resource: '*' }), message: WRITES },
    'every table': { build: (stack) => policy(stack, { Resource: stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: '*' }) }), message: WRITES },
    'every table but another': { build: (stack) => policy(stack, { NotResource: table(stack, 'Orders', {}).attrArn }), message: WRITES },
    'the table by its name': {
      build: (stack) => policy(stack, { Resource: stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: table(stack).ref }) }, table(stack, 'Other', {})), message: WRITES,
    },
    'the table by a name that it was given': {
      build: (stack) => policy(stack, { Resource: 'arn:aws:dynamodb:eu-central-1:111122223333:table/ga*' }, table(stack, 'Table', { ...TAGGED, tableName: 'gate' })), message: WRITES,
    },
    'a condition on something else': { build: (stack) => policy(stack, { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } }), message: WRITES },
    'a condition that holds without partitions': { build: (stack) => policy(stack, { Condition: { StringEqualsIfExists: { 'dynamodb:LeadingKeys': 'jwks' } } }), message: WRITES },
    'a condition that one of several fulfils': { build: (stack) => policy(stack, { Condition: { 'ForAnyValue:StringEquals': { 'dynamodb:LeadingKeys': 'jwks' } } }), message: WRITES },
    'the partitions of keys': { build: (stack) => policy(stack, { Condition: { StringLike: { 'dynamodb:LeadingKeys': ['jwks', 'key#*'] } } }), message: /in partition key#\* are API keys/ },
    'every partition': { build: (stack) => policy(stack, { Condition: { StringLike: { 'dynamodb:LeadingKeys': '*' } } }), message: /in partition \* are API keys/ },
    'the partition of revocations': { build: (stack) => policy(stack, { Condition: keys('revocations') }), message: /in partition revocations are revocations/ },
    'a managed policy': {
      build: (stack) => new CfnManagedPolicy(stack, 'Managed', { policyDocument: documentOf({ Action: 'dynamodb:PutItem', Resource: table(stack).attrArn }) }), message: WRITES,
    },
    'a policy in a role': {
      build: (stack) => role(stack, [{ policyName: 'one', policyDocument: documentOf({ Action: 'dynamodb:PutItem', Resource: table(stack).attrArn }) }]), message: WRITES,
    },
    'the policy of the table itself': {
      build: (stack) => table(stack, 'Table', { ...TAGGED, resourcePolicy: { policyDocument: documentOf({ Action: 'dynamodb:PutItem', Resource: '*' }) } }), message: WRITES,
    },
    'a table without a tag that a gate is told of': {
      build: (stack) => {
        const untagged = table(stack, 'Table', {});
        gateTask(stack, configured({ table: { ...GATE.table, name: untagged.ref } }));
        policy(stack, {}, untagged);
      },
      message: WRITES,
    },
  },
  override: { build: (stack) => policy(stack, { Condition: MIRROR }).addPropertyDeletionOverride('PolicyDocument.Statement.0.Condition'), message: WRITES },
  raw: {
    build: (stack) => {
      const raw = new CfnResource(stack, 'Table', { type: 'AWS::DynamoDB::Table', properties: { Tags: [{ Key: TABLE_TAG, Value: 'true' }] } });
      return new CfnResource(stack, 'Raw', { type: 'AWS::IAM::Policy', properties: { PolicyDocument: documentOf({ Action: 'dynamodb:PutItem', Resource: raw.getAtt('Arn') }) } });
    },
    message: WRITES,
  },
  undecidable: {
    'a resource known at deployment': (stack) => policy(stack, { Resource: deployTimeValue(stack) }),
    'a partition known at deployment': (stack) => policy(stack, { Condition: keys(deployTimeValue(stack)) }),
    'a document known at deployment': (stack) => {
      table(stack);
      new CfnResource(stack, 'Raw', { type: 'AWS::IAM::Policy', properties: { PolicyDocument: deployTimeValue(stack) } });
    },
  },
  notApplicable: {
    'who may do all but write': (stack) => policy(stack, { NotAction: ['dynamodb:*'] }),
    'an app without a gate': (stack) => policy(stack, {}, table(stack, 'Table', {})),
    'who reads': (stack) => policy(stack, { Action: ['dynamodb:GetItem', 'dynamodb:Query'] }),
    'who is refused': (stack) => policy(stack, { Effect: 'Deny', Action: '*' }),
  },
});
