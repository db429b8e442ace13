import { type CfnResource, type Stack } from 'aws-cdk-lib';
import { brokered, credentialOf, letting, mastersOf, OWN, pool, READ, roleOf } from '../../support/brokered';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { policyOf, rotation, written } from '../../support/written';

type Reader = (stack: Stack, secret: CfnResource) => unknown;
const reader = (make: Reader) => (stack: Stack): void => {
  brokered(stack);
  make(stack, credentialOf(stack));
};
const READS = /read Credential, a credential of devices, past the broker and its records/;
const SECRETS = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:';
const PARAMETER = 'arn:aws:ssm:eu-central-1:111122223333:parameter/production/switch';

describeRule('WCC-5.only-broker-reads', {
  compliant: {
    'the broker': (stack) => brokered(stack),
    'what rotates the credential': reader((stack, secret) => {
      written(stack, 'Change', 'AWS::Lambda::Function', { Role: roleOf(stack, 'ChangeRole').getAtt('Arn') });
      rotation(stack, secret.ref, { RotationLambdaARN: (stack.node.findChild('Change') as CfnResource).getAtt('Arn') });
      letting(stack, roleOf(stack, 'ChangeRole'), READ, secret.ref);
    }),
  },
  violating: {
    'the Core': {
      build: reader((stack, secret) => {
        written(stack, 'Core', 'AWS::ECS::TaskDefinition', { TaskRoleArn: roleOf(stack, 'CoreRole').getAtt('Arn') });
        letting(stack, roleOf(stack, 'CoreRole'), READ, secret.ref);
      }),
      message: /lets Core read Credential/,
      severity: 'error',
    },
    'what starts a worker': {
      build: reader((stack, secret) => {
        pool(stack);
        letting(stack, roleOf(stack, 'PoolStarter'), READ, secret.ref);
      }),
      message: /lets what starts Pool read Credential/,
    },
    'a role that nothing of the templates has': { build: reader((stack, secret) => letting(stack, roleOf(stack, 'People'), READ, secret.ref)), message: /lets People read Credential/ },
    'by its name': { build: reader((stack) => letting(stack, roleOf(stack, 'People'), READ, `${SECRETS}production/credentials/router/ssh-??????`)), message: READS },
    'by a pattern': {
      build: reader((stack) => letting(stack, roleOf(stack, 'People'), 'secretsmanager:*', `arn:aws:secretsmanager:${stack.region}:${stack.account}:secret:production/credentials/*`)), message: READS,
    },
    'by a pattern for one region': { build: reader((stack) => letting(stack, roleOf(stack, 'People'), READ, `${SECRETS}production/*`)), message: READS },
    'every secret': { build: reader((stack) => letting(stack, roleOf(stack, 'People'), READ, '*')), message: READS },
    'every secret but another': {
      build: reader((stack) => written(stack, 'Policy', 'AWS::IAM::Policy', {
        Roles: [roleOf(stack, 'People').ref], PolicyDocument: policyOf({ Action: READ, NotResource: `${SECRETS}other-AbCdEf` }),
      })),
      message: READS,
    },
    'the secret itself': {
      build: reader((stack, secret) => written(stack, 'Own', 'AWS::SecretsManager::ResourcePolicy', {
        SecretId: secret.ref, ResourcePolicy: policyOf({ Principal: { AWS: roleOf(stack, 'People').getAtt('Arn') }, Action: READ, Resource: '*' }),
      })),
      message: /lets People read Credential/,
    },
    'a parameter that the broker lends out': { build: reader((stack) => letting(stack, roleOf(stack, 'People'), 'ssm:GetParameter', PARAMETER)), message: /lets People read parameter \/production\/switch/ },
    'a tagged credential where there is no broker': { build: (stack) => letting(stack, roleOf(stack, 'People'), READ, credentialOf(stack).ref), message: READS },
    'a credential without a tag that a broker lends out': {
      build: reader((stack, secret) => {
        secret.addPropertyDeletionOverride('Tags');
        letting(stack, roleOf(stack, 'People'), READ, secret.ref);
      }),
      message: READS,
    },
  },
  override: {
    build: reader((stack) => {
      letting(stack, roleOf(stack, 'People'), READ, `${SECRETS}other-AbCdEf`).addPropertyOverride('PolicyDocument.Statement.0.Resource', credentialOf(stack).ref);
    }),
    message: READS,
  },
  raw: { build: reader((stack, secret) => written(stack, 'Raw', 'AWS::IAM::User', { Policies: [{ PolicyDocument: policyOf({ Action: READ, Resource: secret.ref }) }] })), message: /lets Raw read Credential/ },
  undecidable: {
    'a secret known at deployment': reader((stack) => letting(stack, roleOf(stack, 'People'), READ, deployTimeValue(stack))),
    'a role known at deployment': reader((stack, secret) => {
      written(stack, 'Policy', 'AWS::IAM::Policy', { Roles: [deployTimeValue(stack)], PolicyDocument: policyOf({ Action: READ, Resource: secret.ref }) });
    }),
  },
  notApplicable: {
    'who describes it': (stack) => letting(stack, roleOf(stack, 'People'), 'secretsmanager:DescribeSecret', credentialOf(stack).ref),
    'an app without credentials of devices': (stack) => letting(stack, roleOf(stack, 'People'), READ, '*'),
  },
});

const KNOWS = /know Masters, from which the keys of all workers are made/;
const knower = (make: Reader) => (stack: Stack): void => {
  brokered(stack, { phase: OWN });
  make(stack, mastersOf(stack));
};

describeRule('WCC-7.ring-readers', {
  compliant: {
    'the broker': (stack) => brokered(stack, { phase: OWN }),
    'what rotates the ring': knower((stack, ring) => letting(stack, roleOf(stack, 'RotatorRole'), [READ, 'secretsmanager:PutSecretValue'], ring.ref)),
  },
  violating: {
    'a worker': {
      build: knower((stack, ring) => {
        pool(stack);
        letting(stack, roleOf(stack, 'PoolRole'), READ, ring.ref);
      }),
      message: /lets Pool know Masters/,
      severity: 'error',
    },
    'who sets it': { build: knower((stack, ring) => letting(stack, roleOf(stack, 'People'), 'secretsmanager:PutSecretValue', ring.ref)), message: KNOWS },
  },
  override: {
    build: knower((stack, ring) => {
      pool(stack);
      letting(stack, roleOf(stack, 'PoolRole'), READ, `${SECRETS}other-AbCdEf`).addPropertyOverride('PolicyDocument.Statement.0.Resource', ring.ref);
    }),
    message: KNOWS,
  },
  raw: { build: knower((stack, ring) => written(stack, 'Raw', 'AWS::IAM::Group', { Policies: [{ PolicyDocument: policyOf({ Action: READ, Resource: ring.ref }) }] })), message: KNOWS },
  undecidable: knower((stack) => letting(stack, roleOf(stack, 'People'), READ, deployTimeValue(stack))),
  notApplicable: {
    'what workers sign with': (stack) => {
      brokered(stack);
      letting(stack, roleOf(stack, 'People'), READ, (stack.node.findChild('Ring') as CfnResource).ref);
    },
  },
});
