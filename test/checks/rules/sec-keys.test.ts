import type { Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { policyOf, secret, written } from '../../support/written';

describeRule('SEC-2.customer-key', {
  compliant: {
    'a key by its ARN': (stack) => secret(stack),
    'a key by its alias': (stack) => secret(stack, { KmsKeyId: 'alias/core' }),
    'a key of the template': (stack) => new Secret(stack, 'Secret', { encryptionKey: new Key(stack, 'Key') }),
    'a copy with a key there': (stack) => secret(stack, { ReplicaRegions: [{ Region: 'eu-west-1', KmsKeyId: 'alias/core' }] }),
    'an ARN with holes': (stack) => secret(stack, { KmsKeyId: `arn:aws:kms:${stack.region}:${stack.account}:alias/core` }),
  },
  violating: {
    'no key': { build: (stack) => new Secret(stack, 'Secret'), message: /^is not set, so the secret is encrypted with a key of AWS/, severity: 'error' },
    'the key of the service': { build: (stack) => secret(stack, { KmsKeyId: 'alias/aws/secretsmanager' }), message: /^is alias\/aws\/secretsmanager, a key of AWS/ },
    'a copy without a key': { build: (stack) => secret(stack, { ReplicaRegions: [{ Region: 'eu-west-1' }] }), message: /^is not set, so its copy in the other region/, severity: 'warning' },
    'the key of the service by ARN': { build: (stack) => secret(stack, { KmsKeyId: `arn:aws:kms:${stack.region}:111122223333:alias/aws/secretsmanager` }), message: /a key of AWS/ },
  },
  override: { build: (stack) => secret(stack).addPropertyDeletionOverride('KmsKeyId'), message: /^is not set/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::SecretsManager::Secret'), message: /^is not set/ },
  undecidable: (stack) => secret(stack, { KmsKeyId: deployTimeValue(stack) }),
});

const login = (stack: Stack, properties: Readonly<Record<string, unknown>> = {}, type = 'AWS::RDS::DBInstance') =>
  written(stack, 'Database', type, { Engine: 'postgres', ManageMasterUserPassword: true, MasterUserSecret: { KmsKeyId: 'alias/core' }, ...properties });

describeRule('SEC-2.managed-login', {
  compliant: {
    'a key by its alias': (stack) => login(stack),
    'a key of the template': (stack) => login(stack, { MasterUserSecret: { KmsKeyId: new Key(stack, 'Key').keyArn } }),
    'a cluster with a key': (stack) => login(stack, {}, 'AWS::RDS::DBCluster'),
  },
  violating: {
    'no word of the secret': { build: (stack) => login(stack, { MasterUserSecret: undefined }), message: /^is not set, so the login of the master user is encrypted with a key of AWS/, severity: 'error' },
    'no key': { build: (stack) => login(stack, { MasterUserSecret: {} }), message: /^is not set/ },
    'the key of the service': { build: (stack) => login(stack, { MasterUserSecret: { KmsKeyId: 'alias/aws/secretsmanager' } }), message: /^is alias\/aws\/secretsmanager, a key of AWS/ },
  },
  override: { build: (stack) => login(stack).addPropertyDeletionOverride('MasterUserSecret'), message: /^is not set/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::RDS::DBCluster', { ManageMasterUserPassword: 'true' }), message: /^is not set/ },
  undecidable: {
    'a key of the deployment': (stack) => login(stack, { MasterUserSecret: { KmsKeyId: deployTimeValue(stack) } }),
    'whether there is one': (stack) => login(stack, { ManageMasterUserPassword: deployTimeValue(stack) }),
  },
  notApplicable: {
    'a password of somebody else\'s': (stack) => login(stack, { ManageMasterUserPassword: undefined, MasterUserSecret: undefined }),
    'said to be none': (stack) => login(stack, { ManageMasterUserPassword: false }),
  },
});

const key = (stack: Stack, properties: Readonly<Record<string, unknown>> = {}) => written(stack, 'Key', 'AWS::KMS::Key', { EnableKeyRotation: true, ...properties });

describeRule('SEC-2.key-rotation', {
  compliant: { 'a key that is renewed': (stack) => key(stack), 'by text': (stack) => key(stack, { EnableKeyRotation: 'true' }) },
  violating: {
    'nothing said': { build: (stack) => new Key(stack, 'Key'), message: /^is not true, so the same key/, severity: 'error' },
    'a key that is never renewed': { build: (stack) => key(stack, { EnableKeyRotation: false }), message: /^is not true/ },
  },
  override: { build: (stack) => key(stack).addPropertyOverride('EnableKeyRotation', false), message: /^is not true/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::KMS::Key'), message: /^is not true/ },
  undecidable: (stack) => key(stack, { EnableKeyRotation: deployTimeValue(stack) }),
  notApplicable: {
    'a key that signs': (stack) => key(stack, { KeySpec: 'RSA_4096', EnableKeyRotation: undefined }),
    'material from elsewhere': (stack) => key(stack, { Origin: 'EXTERNAL', EnableKeyRotation: undefined }),
  },
});

const EVERYBODY = { Principal: { AWS: '*' }, Action: 'kms:Decrypt', Resource: '*' };
const ours = { StringEquals: { 'kms:CallerAccount': '111122223333' } };
const withPolicy = (statement: Readonly<Record<string, unknown>>) => (stack: Stack) => key(stack, { KeyPolicy: policyOf(statement) });

describeRule('SEC-2.principals', {
  compliant: {
    'a key without a policy of its own': (stack) => key(stack),
    'a key of the account': withPolicy({ ...EVERYBODY, Principal: { AWS: 'arn:aws:iam::111122223333:root' } }),
    'everybody of an account': withPolicy({ ...EVERYBODY, Condition: ours }),
    'everybody, refused': withPolicy({ ...EVERYBODY, Effect: 'Deny' }),
    'a service': withPolicy({ ...EVERYBODY, Principal: { Service: '*' } }),
    'a role of a service': (stack) => written(stack, 'Role', 'AWS::IAM::Role', { AssumeRolePolicyDocument: policyOf({ Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }) }),
  },
  violating: {
    'a key of everybody': { build: withPolicy(EVERYBODY), message: /^lets every account of AWS use the key/, severity: 'error' },
    'a key of everybody in one word': { build: withPolicy({ ...EVERYBODY, Principal: '*' }), message: /use the key/ },
    'a key of everybody through a service': {
      build: withPolicy({ ...EVERYBODY, Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-central-1.amazonaws.com' } } }),
      message: /use the key/,
    },
    'a condition that holds without a caller': { build: withPolicy({ ...EVERYBODY, Condition: { StringEqualsIfExists: { 'aws:PrincipalAccount': '111122223333' } } }), message: /use the key/ },
    'a condition that everybody meets': { build: withPolicy({ ...EVERYBODY, Condition: { StringLike: { 'aws:PrincipalAccount': '*' } } }), message: /use the key/ },
    'everybody but one': { build: withPolicy({ NotPrincipal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' }), message: /use the key/ },
    'a secret of everybody': {
      build: (stack) => written(stack, 'Policy', 'AWS::SecretsManager::ResourcePolicy', {
        SecretId: 'core', ResourcePolicy: policyOf({ Principal: '*', Action: 'secretsmanager:GetSecretValue', Resource: '*' }),
      }),
      message: /reach the secret/,
    },
    'a role of everybody': {
      build: (stack) => written(stack, 'Role', 'AWS::IAM::Role', { AssumeRolePolicyDocument: policyOf({ Principal: { AWS: ['*'] }, Action: 'sts:AssumeRole' }) }),
      message: /take the role/,
    },
  },
  override: { build: (stack) => withPolicy({ ...EVERYBODY, Condition: ours })(stack).addPropertyDeletionOverride('KeyPolicy.Statement.0.Condition'), message: /use the key/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::KMS::ReplicaKey', { KeyPolicy: policyOf(EVERYBODY) }), message: /use the key/ },
  undecidable: (stack) => key(stack, { KeyPolicy: deployTimeValue(stack) }),
});
