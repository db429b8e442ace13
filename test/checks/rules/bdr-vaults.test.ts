import { CfnDeletionPolicy, CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnBackupSelection, CfnBackupVault, CfnLogicallyAirGappedBackupVault } from 'aws-cdk-lib/aws-backup';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

type Props = Partial<ConstructorParameters<typeof CfnBackupVault>[2]>;

const VAULT = 'AWS::Backup::BackupVault';
const KEPT = { Effect: 'Deny', Principal: '*', Action: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'], Resource: '*' };
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6';
const policyOf = (...statements: object[]): Props => ({ accessPolicy: { Version: '2012-10-17', Statement: statements } });

const vault = (stack: Stack, props: Props = {}): CfnBackupVault => new CfnBackupVault(stack, 'Vault', { backupVaultName: 'vault', ...props });

describeRule('BDR-2.vault-key', {
  compliant: {
    'a key of the app': (stack) => vault(stack, { encryptionKeyArn: new CfnKey(stack, 'Key', { keyPolicy: {} }).attrArn }),
    'a key by its ARN': (stack) => vault(stack, { encryptionKeyArn: KEY }),
    'a vault of another kind': (stack) => new CfnLogicallyAirGappedBackupVault(stack, 'Gapped', { backupVaultName: 'gapped', minRetentionDays: 7, maxRetentionDays: 35, encryptionKeyArn: KEY }),
  },
  violating: {
    'no key': { build: (stack) => vault(stack), message: /is not set, so a key of AWS encrypts the backups/, severity: 'error' },
    'the key of AWS': { build: (stack) => vault(stack, { encryptionKeyArn: 'arn:aws:kms:eu-central-1:111122223333:alias/aws/backup' }), message: /is a key of AWS/ },
  },
  override: { build: (stack) => vault(stack, { encryptionKeyArn: KEY }).addPropertyOverride('EncryptionKeyArn', 'alias/aws/backup'), message: /is a key of AWS/ },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: VAULT }), message: /is not set/ },
  undecidable: (stack) => vault(stack, { encryptionKeyArn: deployTimeValue(stack) }),
});

describeRule('BDR-2.vault-policy', {
  compliant: {
    'nobody deletes': (stack) => vault(stack, policyOf(KEPT)),
    'nobody deletes but who deploys': (stack) => vault(stack, policyOf({ ...KEPT, Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/deploy' } } })),
    'an account is let in': (stack) => vault(stack, policyOf(KEPT, { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'backup:CopyIntoBackupVault', Resource: '*' })),
    'an organization is let in': (stack) => vault(stack, policyOf(KEPT, {
      Effect: 'Allow', Principal: '*', Action: 'backup:CopyIntoBackupVault', Resource: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abc' } },
    })),
  },
  violating: {
    'no policy': { build: (stack) => vault(stack), message: /is not set, so whoever may do everything/, severity: 'error' },
    'a policy about something else': { build: (stack) => vault(stack, policyOf({ ...KEPT, Action: 'backup:StartRestoreJob' })), message: /denies nobody backup:DeleteRecoveryPoint/ },
    'one who may not delete': { build: (stack) => vault(stack, policyOf({ ...KEPT, Principal: { AWS: 'arn:aws:iam::111122223333:role/dev' } })), message: /denies nobody/ },
    'who comes without TLS': { build: (stack) => vault(stack, policyOf({ ...KEPT, Condition: { Bool: { 'aws:SecureTransport': 'false' } } })), message: /denies nobody/ },
    'everybody but an administrator': {
      build: (stack) => vault(stack, policyOf({ ...KEPT, Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::111122223333:role/admin' } })), message: /denies nobody/,
    },
    'all but every role': { build: (stack) => vault(stack, policyOf({ ...KEPT, Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' } } })), message: /denies nobody/ },
    'all but one role, and then only sometimes': {
      build: (stack) => vault(stack, policyOf({
        ...KEPT, Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/deploy' }, Bool: { 'aws:MultiFactorAuthPresent': 'false' } },
      })),
      message: /denies nobody/,
    },
    'an allowance': { build: (stack) => vault(stack, policyOf({ ...KEPT, Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/dev' } })), message: /denies nobody/ },
    'everybody is let in': { build: (stack) => vault(stack, policyOf(KEPT, { Effect: 'Allow', Principal: '*', Action: 'backup:CopyIntoBackupVault', Resource: '*' })), message: /lets everybody in/ },
  },
  override: { build: (stack) => vault(stack, policyOf(KEPT)).addPropertyDeletionOverride('AccessPolicy'), message: /is not set/ },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: VAULT }), message: /is not set/ },
  undecidable: (stack) => vault(stack).addPropertyOverride('AccessPolicy', stack.resolve(deployTimeValue(stack))),
});

function locked(stack: Stack, lockConfiguration?: Props['lockConfiguration'], policy?: CfnDeletionPolicy): CfnBackupVault {
  const made = vault(stack, { lockConfiguration });
  made.cfnOptions.deletionPolicy = policy;
  return made;
}

describeRule('BDR-2.vault-lock', {
  compliant: {
    'a lock that becomes final, of what is kept': (stack) => locked(stack, { minRetentionDays: 35, changeableForDays: 3 }, CfnDeletionPolicy.RETAIN),
    'a lock that becomes final in a month': (stack) => locked(stack, { minRetentionDays: 35, changeableForDays: 30 }, CfnDeletionPolicy.RETAIN),
    'a lock that can be lifted, of what goes with its stack': (stack) => locked(stack, { minRetentionDays: 7 }, CfnDeletionPolicy.DELETE),
  },
  violating: {
    'no lock': { build: (stack) => locked(stack), message: /is not set, so whoever may change a plan/, severity: 'error' },
    'a lock for a day': { build: (stack) => locked(stack, { minRetentionDays: 1, changeableForDays: 3 }, CfnDeletionPolicy.RETAIN), message: /is less than 7 days/ },
    'a lock that can be lifted, of what is kept': { build: (stack) => locked(stack, { minRetentionDays: 35 }, CfnDeletionPolicy.RETAIN), message: /is not set, so the lock can be lifted for ever/ },
    'a lock that can be lifted for years, of what is kept': {
      build: (stack) => locked(stack, { minRetentionDays: 35, changeableForDays: 3000 }, CfnDeletionPolicy.RETAIN), message: /is 3000: for so many days the lock can be lifted/,
    },
    'a lock that AWS Backup does not take': { build: (stack) => locked(stack, { minRetentionDays: 35, changeableForDays: 1 }, CfnDeletionPolicy.RETAIN), message: /is 1: for so many days/ },
  },
  override: { build: (stack) => locked(stack, { minRetentionDays: 35 }).addPropertyOverride('LockConfiguration.MinRetentionDays', 1), message: /is less than 7/ },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: VAULT }), message: /is not set/ },
  undecidable: (stack) => locked(stack, { minRetentionDays: 35 }).addPropertyOverride('LockConfiguration.MinRetentionDays', stack.resolve(deployTimeValue(stack))),
});

const trust = (...services: string[]): object => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: services } }] });
const POLICY = 'arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup';

function selection(stack: Stack, props: Partial<ConstructorParameters<typeof CfnRole>[2]> = {}): CfnRole {
  const role = new CfnRole(stack, 'Role', { assumeRolePolicyDocument: trust('backup.amazonaws.com'), managedPolicyArns: [POLICY], ...props });
  new CfnBackupSelection(stack, 'Selection', { backupPlanId: 'plan', backupSelection: { iamRoleArn: role.attrArn, selectionName: 'Sources' } });
  return role;
}

describeRule('BDR-2.backup-role', {
  compliant: { 'a role for backups': (stack) => selection(stack) },
  violating: {
    'a role that may do everything': {
      build: (stack) => selection(stack, { managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
      message: /lets whoever makes backups do everything/, severity: 'error',
    },
    'a role that functions may take': {
      build: (stack) => selection(stack, { assumeRolePolicyDocument: trust('backup.amazonaws.com', 'lambda.amazonaws.com') }),
      message: /is let take a role that reads everything/,
    },
    'a role that people may take': {
      build: (stack) => selection(stack, { assumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::111122223333:root' } }] } }),
      message: /is let take a role/,
    },
  },
  override: { build: (stack) => selection(stack).addPropertyOverride('ManagedPolicyArns.1', 'arn:aws:iam::aws:policy/PowerUserAccess'), message: /do everything/ },
  raw: {
    build: (stack) => {
      const role = new CfnResource(stack, 'Role', { type: 'AWS::IAM::Role', properties: { AssumeRolePolicyDocument: trust('ec2.amazonaws.com') } });
      new CfnResource(stack, 'Raw', { type: 'AWS::Backup::BackupSelection', properties: { BackupSelection: { IamRoleArn: role.getAtt('Arn') } } });
    },
    message: /is let take a role/,
  },
  undecidable: (stack) => selection(stack, { assumeRolePolicyDocument: trust(deployTimeValue(stack)) }),
  notApplicable: {
    'a role of another template': (stack) => new CfnBackupSelection(stack, 'Selection', { backupPlanId: 'plan', backupSelection: { iamRoleArn: deployTimeValue(stack), selectionName: 'Sources' } }),
  },
});
