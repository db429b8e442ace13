import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import type { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { CfnManagedPolicy, CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { CONFIGURATION_VARIABLE } from '../../../src/gate/contract';
import { task } from '../../support/containers';
import { configured, gateTask, withHole } from '../../support/gated';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const table = (stack: Stack, id = 'Table'): CfnTable =>
  new CfnTable(stack, id, { keySchema: [{ attributeName: 'pk', keyType: 'HASH' }], attributeDefinitions: [{ attributeName: 'pk', attributeType: 'S' }] });
const documentOf = (resource: unknown, action: unknown = ['dynamodb:GetItem', 'dynamodb:Query'], effect = 'Allow'): object =>
  ({ Version: '2012-10-17', Statement: [{ Effect: effect, Action: action, Resource: resource }] });
const role = (stack: Stack, policies: CfnRole.PolicyProperty[] = []): CfnRole => new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {}, policies });

/** A gate that is told of a table of the template, in a task with a role. */
function asking(stack: Stack, made: CfnTable, taskRoleArn: string | undefined): CfnTaskDefinition {
  const definition = gateTask(stack, withHole('"gate","region"', `"${made.ref}","region"`));
  definition.taskRoleArn = taskRoleArn;
  return definition;
}

/** A gate whose role may ask as a statement says. */
function allowed(stack: Stack, document: (made: CfnTable) => object): CfnTaskDefinition {
  const made = table(stack);
  return asking(stack, made, role(stack, [{ policyName: 'ask', policyDocument: document(made) }]).attrArn);
}

const REFUSED = /may not query the gate's table, so revocations never reach the gate/;

describeRule('INC-3.deny-list', {
  compliant: {
    'a role that may ask the table': (stack) => allowed(stack, (made) => documentOf(made.attrArn)),
    'a policy beside the role': (stack) => {
      const made = table(stack);
      const own = role(stack);
      new CfnPolicy(stack, 'Policy', { policyName: 'ask', policyDocument: documentOf([made.attrArn]), roles: [own.ref] });
      asking(stack, made, own.attrArn);
    },
    'a managed policy': (stack) => {
      const made = table(stack);
      const own = role(stack);
      new CfnManagedPolicy(stack, 'Policy', { policyDocument: documentOf(made.attrArn), roles: [own.ref] });
      asking(stack, made, own.attrArn);
    },
    'every table': (stack) => allowed(stack, () => documentOf('*')),
    'a table of another template': (stack) => {
      gateTask(stack).taskRoleArn = role(stack, [{ policyName: 'ask', policyDocument: documentOf('arn:aws:dynamodb:eu-central-1:111122223333:table/gate') }]).attrArn;
    },
  },
  violating: {
    'a gate without a table': {
      build: (stack) => gateTask(stack, configured({ table: { name: '', region: 'eu-central-1' } })),
      message: /is told of no table, so nothing that is revoked reaches it/, severity: 'error',
    },
    'a task without a role': { build: (stack) => asking(stack, table(stack), undefined), message: /is not set, so the gate cannot ask its table/ },
    'a role that may nothing': { build: (stack) => asking(stack, table(stack), role(stack).attrArn), message: REFUSED },
    'a role that may ask another table': { build: (stack) => allowed(stack, () => documentOf(table(stack, 'Other').attrArn)), message: REFUSED },
    'a role that may ask a table whose name begins alike': { build: (stack) => allowed(stack, () => documentOf(`${table(stack, 'TableOfOthers').attrArn}/index/*`)), message: REFUSED },
    'a role that may read single keys alone': { build: (stack) => allowed(stack, (made) => documentOf(made.attrArn, 'dynamodb:GetItem')), message: REFUSED },
    'a role that is refused': { build: (stack) => allowed(stack, (made) => documentOf(made.attrArn, 'dynamodb:Query', 'Deny')), message: REFUSED },
  },
  override: { build: (stack) => allowed(stack, (made) => documentOf(made.attrArn)).addPropertyDeletionOverride('TaskRoleArn'), message: /is not set, so the gate cannot ask/ },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', {
      type: 'AWS::ECS::TaskDefinition',
      properties: { ContainerDefinitions: [{ Name: 'gate', Environment: [{ Name: CONFIGURATION_VARIABLE, Value: configured() }] }] },
    }),
    message: /is not set/,
  },
  undecidable: {
    'a role of another template': (stack) => asking(stack, table(stack), deployTimeValue(stack)),
    'a configuration that a parameter holds': (stack) => gateTask(stack, deployTimeValue(stack)),
  },
  notApplicable: { 'a task without a gate': (stack) => task(stack) },
});
