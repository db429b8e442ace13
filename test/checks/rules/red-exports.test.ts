import { CfnCondition, CfnOutput, CfnParameter, Fn, type Stack } from 'aws-cdk-lib';
import { CfnApiKey } from 'aws-cdk-lib/aws-appsync';
import { CfnUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { CfnAccessKey } from 'aws-cdk-lib/aws-iam';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnParameter as SsmParameter } from 'aws-cdk-lib/aws-ssm';
import { judge } from '../../../src/checks/judge';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { ARN, DYNAMIC_REFERENCE, LOOKS_LIKE_A_SECRET } from '../../support/secrets';
import { written } from '../../support/written';

const output = (stack: Stack, value: string, id = 'Out'): CfnOutput => new CfnOutput(stack, id, { value });
const stored = (stack: Stack, value: string, name?: string): SsmParameter => new SsmParameter(stack, 'Stored', { type: 'String', value, name });
const noEcho = (stack: Stack): string => new CfnParameter(stack, 'Given', { noEcho: true }).valueAsString;
const accessKey = (stack: Stack): string => new CfnAccessKey(stack, 'AccessKey', { userName: 'core' }).attrSecretAccessKey;

const FETCHED = /^tells a secret that is fetched by dynamic reference/;
const LOOKS = /^tells something that looks like a credential/;
const NAMED = /^has the name of a secret and a value that is written out/;

describeRule('RED-4.no-secret-exported', {
  compliant: {
    'an address': (stack) => output(stack, 'https://core.acme.internal/'),
    'the ARN of a secret': (stack) => output(stack, new CfnSecret(stack, 'ProviderKey').ref, 'ApiKey'),
    'an ARN that is written out, under the name of a secret': (stack) => output(stack, ARN, 'ApiKey'),
    'a value of the deployment': (stack) => output(stack, `https://${deployTimeValue(stack)}/`),
    'a plain setting that is fetched': (stack) => output(stack, '{{resolve:ssm:/core/setting}}'),
    'the id of an access key': (stack) => output(stack, new CfnAccessKey(stack, 'AccessKey', { userName: 'core' }).ref),
    'a setting in a parameter': (stack) => stored(stack, 'info', '/core/log-level'),
  },
  violating: {
    'a dynamic reference': { build: (stack) => output(stack, DYNAMIC_REFERENCE), message: FETCHED, severity: 'warning' },
    'one to a secret of the template': {
      build: (stack) => {
        new CfnSecret(stack, 'Key');
        output(stack, Fn.sub('{{resolve:secretsmanager:${Key}:SecretString}}'));
      },
      message: FETCHED,
    },
    'one to a secure parameter': { build: (stack) => output(stack, '{{resolve:ssm-secure:/core/key:1}}'), message: FETCHED },
    'a secret parameter': { build: (stack) => output(stack, noEcho(stack)), message: /^tells what the secret parameter Given \(NoEcho\) holds/ },
    'a secret parameter within a text': { build: (stack) => output(stack, `key=${noEcho(stack)}`), message: /secret parameter Given/ },
    'the secret of an access key': { build: (stack) => output(stack, accessKey(stack)), message: /^tells the attribute SecretAccessKey/ },
    'the secret of an access key within a text': { build: (stack) => output(stack, `aws_secret_access_key=${accessKey(stack)}`), message: /^tells the attribute SecretAccessKey/ },
    'the secret of a client': { build: (stack) => output(stack, new CfnUserPoolClient(stack, 'Client', { userPoolId: 'pool', generateSecret: true }).attrClientSecret), message: /^tells the attribute ClientSecret/ },
    'the key of an API': { build: (stack) => output(stack, new CfnApiKey(stack, 'Key', { apiId: 'api' }).attrApiKey), message: /^tells the attribute ApiKey/ },
    'a credential': { build: (stack) => output(stack, LOOKS_LIKE_A_SECRET['an OpenAI key']), message: LOOKS },
    'a password in a URL': { build: (stack) => output(stack, LOOKS_LIKE_A_SECRET['a URL with a password']), message: LOOKS },
    'a value under the name of a secret': { build: (stack) => output(stack, 'T7#kq2!vR9', 'DbPassword'), message: NAMED },
    'a value under the name of a secret, in a parameter': { build: (stack) => stored(stack, 'T7#kq2!vR9', '/core/db-password'), message: NAMED },
    'a secret parameter, in a parameter': { build: (stack) => stored(stack, noEcho(stack)), message: /secret parameter Given/ },
    'an output that is only there on a condition': {
      build: (stack) => { output(stack, DYNAMIC_REFERENCE).condition = new CfnCondition(stack, 'Told', { expression: Fn.conditionEquals(deployTimeValue(stack), 'yes') }); }, message: FETCHED,
    },
  },
  override: { build: (stack) => stored(stack, 'info').addPropertyOverride('Value', DYNAMIC_REFERENCE), message: FETCHED },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::SSM::Parameter', { Type: 'String', Value: DYNAMIC_REFERENCE }), message: FETCHED },
  undecidable: (stack) => output(stack, `postgres://core:${deployTimeValue(stack)}@db/core`),
  notApplicable: { 'a stack that tells nothing': (stack) => new CfnSecret(stack, 'Key') },
});

test('a finding leads to the output, and does not repeat its value', () => {
  const body = { Resources: {}, Outputs: { Key: { Value: LOOKS_LIKE_A_SECRET['an OpenAI key'] } } };
  const { findings } = judge([{ name: 'Stack', body }]);
  expect(findings).toMatchObject([{ rule: 'RED-4.no-secret-exported', stack: 'Stack', logicalId: 'Key', path: 'Outputs.Key.Value' }]);
  expect(JSON.stringify(findings)).not.toContain('sk-');
});
