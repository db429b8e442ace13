import { CfnParameter, type Stack } from 'aws-cdk-lib';
import { CfnUser } from 'aws-cdk-lib/aws-elasticache';
import { DatabaseSecret } from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { MASTER_KEY_METADATA, ROTATION_BY_ISSUER_METADATA } from '../../../src/secrets/contract';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule, type RuleCases } from '../../support/rule-cases';
import { secret, written } from '../../support/written';

type Build = RuleCases['compliant'][string];

const made = (generated: Readonly<Record<string, unknown>>): Build => (stack) => secret(stack, { GenerateSecretString: generated });
const NO_HEX = 'ghijklmnopqrstuvwxyz';
const hex = { ExcludeUppercase: true, ExcludePunctuation: true, ExcludeCharacters: NO_HEX };
const LOGIN = { SecretStringTemplate: '{"username":"core"}', GenerateStringKey: 'password' };

/** A secret that a Redis user has as its password. */
const ofUser = (stack: Stack, generated: Readonly<Record<string, unknown>>): void => {
  const password = secret(stack, { GenerateSecretString: generated });
  const authenticationMode = { Type: 'password', Passwords: [`{{resolve:secretsmanager:${password.ref}:SecretString:::}}`] };
  new CfnUser(stack, 'User', { engine: 'valkey', userId: 'core', userName: 'core', authenticationMode });
};

describeRule('SEC-4.generated', {
  compliant: {
    '64 letters and digits': (stack) => secret(stack),
    '64 hexadecimal digits': made({ ...hex, PasswordLength: 64 }),
    '40 of all characters': made({ PasswordLength: 40 }),
    'a login as the CDK makes it': (stack) => new DatabaseSecret(stack, 'Secret', { username: 'core' }),
    'a login of twenty characters': made({ ...LOGIN, PasswordLength: 20, ExcludePunctuation: true }),
    'a password of a Redis user': (stack) => ofUser(stack, { ExcludePunctuation: true }),
  },
  violating: {
    'as the CDK makes it': { build: (stack) => new Secret(stack, 'Secret'), message: /^makes 32 of 94 characters, 209 bits; a key has 256 bits/, severity: 'error' },
    '63 hexadecimal digits': { build: made({ ...hex, PasswordLength: 63 }), message: /^makes 63 of 16 characters, 252 bits/ },
    'few characters left': { build: made({ PasswordLength: 64, ExcludeLowercase: true, ExcludeUppercase: true, ExcludePunctuation: true }), message: /^makes 64 of 10 characters, 212 bits/ },
    'a login of nineteen characters': { build: made({ ...LOGIN, PasswordLength: 19 }), message: /^makes 19 of 94 characters.*a password has 20 characters/ },
    'a login of digits': { build: made({ ...LOGIN, PasswordLength: 20, ...hex, ExcludeCharacters: `${NO_HEX}abcdef` }), message: /^makes 20 of 10 characters, 66 bits/ },
    'a short password of a Redis user': { build: (stack) => ofUser(stack, { PasswordLength: 16 }), message: /a password has 20 characters/ },
    'the same as a key': { build: made({ ExcludePunctuation: true }), message: /a key has 256 bits/ },
    'an empty secret': { build: (stack) => secret(stack, { GenerateSecretString: undefined }), message: /^is not set, so the secret is empty until somebody types/ },
  },
  override: { build: (stack) => secret(stack).addPropertyOverride('GenerateSecretString.PasswordLength', 6), message: /^makes 6 of 62/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::SecretsManager::Secret', { GenerateSecretString: {} }), message: /^makes 32 of 94/ },
  undecidable: (stack) => made({ PasswordLength: deployTimeValue(stack) })(stack),
  notApplicable: {
    'a value that is written down': (stack) => secret(stack, { GenerateSecretString: undefined, SecretString: 'any' }),
    'what an issuer makes': (stack) => secret(stack, { GenerateSecretString: undefined }, { [ROTATION_BY_ISSUER_METADATA]: 90 }),
    'what a function makes': (stack) => secret(stack, { GenerateSecretString: undefined }, { [MASTER_KEY_METADATA]: 'true' }),
  },
});

const withValue = (value: unknown): Build => (stack) => secret(stack, { GenerateSecretString: undefined, SecretString: value });
const PLACEHOLDERS = [
  'changeme', 'Change-Me-Please-0000000000', 'your-strong-key', '<strong-password>', 'password123', 'shared-secret-key', 'this-is-an-example-secret', 'XXXXXXXXXXXXXXXXXXXXXXXX', '123456789012',
];
const LONG = 'correct horse battery staple';

describeRule('SEC-4.weak-value', {
  compliant: {
    'a long value': withValue(LONG),
    'a value from elsewhere': (stack) => written(stack, 'Db', 'AWS::RDS::DBInstance', { MasterUserPassword: '{{resolve:secretsmanager:db:SecretString:password}}' }),
    'a parameter without a default': (stack) => withValue(new CfnParameter(stack, 'Given', { noEcho: true }).valueAsString)(stack),
    'fields': withValue('{"username":"core"}'),
  },
  violating: {
    ...Object.fromEntries(PLACEHOLDERS.map((value) => [value, { build: withValue(value), message: /^is a placeholder/, severity: 'error' as const }])),
    'a short value': { build: withValue('T7#kq2!vR9'), message: /^has 10 characters; 20/ },
    'a parameter whose default is one': { build: (stack) => withValue(new CfnParameter(stack, 'Given', { noEcho: true, default: 'changeme' }).valueAsString)(stack), message: /^is a placeholder/ },
    'a token of Redis': { build: (stack) => written(stack, 'Redis', 'AWS::ElastiCache::ReplicationGroup', { AuthToken: 'redis-password-1' }), message: /^has 16 characters|^is a placeholder/ },
  },
  override: { build: (stack) => secret(stack, { SecretString: LONG }).addPropertyOverride('SecretString', 'admin'), message: /^is a placeholder/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::DocDB::DBCluster', { MasterUserPassword: 'password' }), message: /^is a placeholder/ },
  undecidable: (stack) => withValue(deployTimeValue(stack))(stack),
  notApplicable: { 'a secret that is made': (stack) => secret(stack) },
});
