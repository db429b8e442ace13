import { type CfnResource, Duration, type Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Credentials, DatabaseInstance, DatabaseInstanceEngine, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ROTATION_BY_ISSUER_METADATA, ROTATION_EXEMPT_METADATA } from '../../../src/secrets/contract';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule, type RuleCases } from '../../support/rule-cases';
import { callable, permission, rotation, secret, written } from '../../support/written';

const rotated = (rules: unknown): RuleCases['compliant'][string] => (stack) => rotation(stack, secret(stack).ref, { RotationRules: rules });
const TAKEN = ['rate(90 days)', 'rate(4 hours)', 'cron(0 8 1 * ? *)', 'cron(0 8 1 1/2 ? *)', 'cron(0 4 ? * SUN#1 *)', 'cron(0 4 ? JAN,MAR,MAY,JUL,SEP,NOV L *)'];
const REFUSED = ['rate(91 days)', 'cron(0 8 1 1/3 ? *)', 'cron(0 8 1 JAN ? *)', 'cron(0 8 31 3,6,9,12 ? *)', 'cron(0 8 31 2 ? *)', 'sometimes'];

describeRule('SEC-3.schedule', {
  compliant: {
    'thirty days': (stack) => rotation(stack, secret(stack).ref),
    'by text': rotated({ AutomaticallyAfterDays: '90' }),
    ...Object.fromEntries(TAKEN.map((expression) => [expression, rotated({ ScheduleExpression: expression })])),
    'a function of the CDK': (stack) => new Secret(stack, 'Secret').addRotationSchedule('Schedule', {
      automaticallyAfter: Duration.days(30), rotationLambda: new LambdaFunction(stack, 'Rotate', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('//') }),
    }),
    'a secret that is attached to a database': (stack) => {
      const engine = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 });
      const database = new DatabaseInstance(stack, 'Database', { engine, vpc: new Vpc(stack, 'Vpc'), credentials: Credentials.fromGeneratedSecret('core') });
      rotation(stack, database.secret?.secretArn);
    },
    'a secret by name': (stack) => {
      secret(stack, { Name: 'core/key' });
      rotation(stack, 'core/key');
    },
    'a reason': (stack) => secret(stack, {}, { [ROTATION_EXEMPT_METADATA]: 'It opens nothing.' }),
    'a key of an issuer': (stack) => secret(stack, {}, { [ROTATION_BY_ISSUER_METADATA]: 180 }),
  },
  violating: {
    'nothing': { build: (stack) => secret(stack), message: /^has no rotation schedule/, severity: 'error' },
    'the schedule of another secret': { build: (stack) => { secret(stack); rotation(stack, secret(stack, {}, {}, 'Other').ref); }, message: /^has no rotation schedule/ },
    'too many days': { build: rotated({ AutomaticallyAfterDays: 91 }), message: /^rotate after 91 days; 1 to 90/ },
    'no days': { build: rotated({ Duration: '2h' }), message: /^say nothing of when/ },
    ...Object.fromEntries(REFUSED.map((expression) => [expression, { build: rotated({ ScheduleExpression: expression }), message: /^rotate after|no schedule$/ }])),
    'nobody who rotates': { build: (stack) => rotation(stack, secret(stack).ref, { RotationLambdaARN: undefined }), message: /^is not set, so nothing rotates/ },
    'an empty reason': { build: (stack) => secret(stack, {}, { [ROTATION_EXEMPT_METADATA]: ' ' }), message: /gives no reason/ },
    'an issuer who takes years': { build: (stack) => secret(stack, {}, { [ROTATION_BY_ISSUER_METADATA]: 366 }), message: /overdue after 366 days/ },
  },
  override: { build: (stack) => rotation(stack, secret(stack).ref).addPropertyOverride('RotationRules.AutomaticallyAfterDays', 365), message: /^rotate after 365 days/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::SecretsManager::Secret'), message: /^has no rotation schedule/ },
  undecidable: {
    'days of the deployment': (stack) => rotated({ AutomaticallyAfterDays: deployTimeValue(stack) })(stack),
    'a schedule of an unknown secret': (stack) => { secret(stack); rotation(stack, deployTimeValue(stack)); },
  },
});

const SERVICE = 'secretsmanager.amazonaws.com';

/** A secret that a function of the template renews, which may be called as the permission says. */
function renewed(stack: Stack, properties: Readonly<Record<string, unknown>> = {}): CfnResource {
  const [key, fn] = [secret(stack), callable(stack, 'Rotate')];
  rotation(stack, key.ref, { RotationLambdaARN: fn.getAtt('Arn') });
  return permission(stack, fn, SERVICE, { SourceArn: key.ref, ...properties });
}

describeRule('SEC-3.invoke', {
  compliant: {
    'a function that lets it be called for the secret': (stack) => renewed(stack),
    'for every secret of the account': (stack) => renewed(stack, { SourceArn: `arn:aws:secretsmanager:${stack.region}:${stack.account}:secret:*` }),
    'for whatever secret': (stack) => renewed(stack, { SourceArn: undefined, SourceAccount: stack.account }),
    'by every action': (stack) => renewed(stack, { Action: 'lambda:*' }),
    'a function of the CDK': (stack) => new Secret(stack, 'Secret').addRotationSchedule('Schedule', {
      rotationLambda: new LambdaFunction(stack, 'Rotate', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('//') }),
    }),
    'an alias': (stack) => {
      const [key, alias] = [secret(stack), written(stack, 'Alias', 'AWS::Lambda::Alias', { FunctionName: callable(stack, 'Rotate').ref, FunctionVersion: '1', Name: 'live' })];
      rotation(stack, key.ref, { RotationLambdaARN: alias.ref });
      permission(stack, alias, SERVICE, { FunctionName: alias.ref });
    },
  },
  violating: {
    'nobody let in': {
      build: (stack) => rotation(stack, secret(stack).ref, { RotationLambdaARN: callable(stack, 'Rotate').getAtt('Arn') }),
      message: /^is Rotate, which Secrets Manager may not call for this secret, so that every rotation fails/,
      severity: 'error',
    },
    'another service': { build: (stack) => renewed(stack, { Principal: 'events.amazonaws.com' }), message: /may not call for this secret/ },
    'another secret': { build: (stack) => renewed(stack, { SourceArn: secret(stack, {}, {}, 'Other').ref }), message: /may not call for this secret/ },
    'another action': { build: (stack) => renewed(stack, { Action: 'lambda:GetFunction' }), message: /may not call for this secret/ },
    'another function': { build: (stack) => renewed(stack, { FunctionName: callable(stack, 'Other').ref }), message: /may not call for this secret/ },
  },
  override: { build: (stack) => renewed(stack).addPropertyOverride('Principal', 'sns.amazonaws.com'), message: /may not call/ },
  raw: {
    build: (stack) => {
      written(stack, 'Raw', 'AWS::Serverless::Function');
      written(stack, 'Schedule', 'AWS::SecretsManager::RotationSchedule', { SecretId: 'core/key', RotationLambdaARN: { 'Fn::GetAtt': ['Raw', 'Arn'] } });
    },
    message: /^is Raw, which Secrets Manager may not call/,
  },
  undecidable: {
    'a function of the deployment': (stack) => rotation(stack, secret(stack).ref, { RotationLambdaARN: deployTimeValue(stack) }),
    'whom a permission of the deployment is about': (stack) => renewed(stack, { FunctionName: deployTimeValue(stack) }),
    'a caller of the deployment': (stack) => renewed(stack, { Principal: deployTimeValue(stack) }),
  },
  notApplicable: {
    'a function of somebody else\'s': (stack) => rotation(stack, secret(stack).ref),
    'a function that AWS hosts': (stack) => rotation(stack, secret(stack).ref, { RotationLambdaARN: undefined, HostedRotationLambda: { RotationType: 'PostgreSQLSingleUser' } }),
  },
});
