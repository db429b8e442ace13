import { App, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Trail } from 'aws-cdk-lib/aws-cloudtrail';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AwsSolutionsChecks } from 'cdk-nag';
import { judge } from '../../src/checks/judge';
import { treeTemplates } from '../../src/checks/tree-templates';
import { LlmProvider } from '../../src/network/llm-providers';
import { MasterKey, type MasterKeyProps } from '../../src/secrets/master-key';
import { type IProviderKey, ProviderKey, type ProviderKeyProps } from '../../src/secrets/provider-key';
import { SecretAccess, type SecretAccessProps } from '../../src/secrets/secret-access';
import { SecretKey } from '../../src/secrets/secret-key';
import { TrailCoverage } from '../../src/secrets/trail-coverage';
import { ENV } from '../support/network-stack';
import { remoteCore } from '../support/remote-core';

const stackOf = (app = new App(), id = 'Core'): Stack => new Stack(app, id, { env: ENV });
const REPLICA = { replicaRegions: [{ region: 'eu-west-1' }] };
const DECLARED = TrailCoverage.declared('The trail of the organization records management events.');

interface Statement { readonly Sid?: string; readonly Action: string | string[]; readonly Resource: unknown; readonly Principal?: unknown }

function statements(template: Template, policy: RegExp): Statement[] {
  return Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) => policy.test(id))
    .flatMap(([, { Properties }]) => (Properties as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument.Statement);
}

function masterKey(props: MasterKeyProps = REPLICA): { stack: Stack; key: MasterKey } {
  const stack = stackOf();
  return { stack, key: new MasterKey(stack, 'Master', props) };
}

describe('MasterKey', () => {
  test('has no value in the template, a copy in another region, and stays', () => {
    Template.fromStack(masterKey().stack).hasResource('AWS::SecretsManager::Secret', {
      Properties: { GenerateSecretString: Match.absent(), SecretString: Match.absent(), ReplicaRegions: [{ Region: 'eu-west-1' }], KmsKeyId: Match.anyValue() },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Metadata: { 'cdk-secure-core:master-key': true, 'cdk-secure-core:rotation-exempt': Match.stringLikeRegexp('^A master key') },
    });
  });

  test('leaves our own pack nothing to say of a copy that names a key of its region, and a word where it names none', () => {
    const found = (replica: { region: string; encryptionKey?: IKey }, stack = stackOf()): string[] => {
      new MasterKey(stack, 'Master', { replicaRegions: [replica] });
      return judge(treeTemplates(stack.node.root as App)).findings.filter(({ logicalId, control }) => logicalId.startsWith('MasterSecret') && control === 'SEC-2').map(({ message }) => message);
    };
    expect(found({ region: 'eu-west-1' })).toHaveLength(1);
    const stack = stackOf();
    expect(found({ region: 'eu-west-1', encryptionKey: Key.fromKeyArn(stack, 'There', 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9') }, stack)).toEqual([]);
  });

  test('is never rotated', () => {
    Template.fromStack(masterKey().stack).resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
  });

  test('is made by a function outside any VPC that can put it and cannot read it', () => {
    const template = Template.fromStack(masterKey().stack);
    template.hasResourceProperties('AWS::Lambda::Function', { VpcConfig: Match.absent(), Environment: Match.absent() });
    template.hasResourceProperties('Custom::SecureCoreMasterKey', { SecretArn: { Ref: Match.stringLikeRegexp('^MasterSecret') } });
    expect(statements(template, /^MasterMaker/).flatMap(({ Action }) => Action)).toEqual([
      'logs:CreateLogStream', 'logs:PutLogEvents', 'secretsmanager:DescribeSecret', 'secretsmanager:PutSecretValue', 'kms:Decrypt', 'kms:GenerateDataKey',
    ]);
    expect(statements(template, /^MasterMaker/).map(({ Resource }) => Resource)).not.toContain('*');
  });

  test('is told by name, or given as a value, to whom is let read it', () => {
    const { stack, key } = masterKey();
    expect(Object.keys(key.variables)).toEqual(['AWS_SECRETS_MASTER_KEY_NAME']);
    expect(stack.resolve(key.container().arn)).toEqual({ Ref: expect.stringMatching(/^MasterSecret/) as string });
    key.grantRead(new Role(stack, 'Task', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }));
    expect(statements(Template.fromStack(stack), /^Task/)).toMatchObject([
      { Action: 'kms:Decrypt', Condition: { StringEquals: { 'kms:ViaService': expect.anything() as unknown } } },
      { Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], Resource: { Ref: expect.stringMatching(/^MasterSecret/) as string } },
    ]);
  });

  test('takes a sentence for a copy', () => {
    Template.fromStack(masterKey({ backupAttestation: 'A sealed copy lies in the safe of the bank.' }).stack)
      .hasResource('AWS::SecretsManager::Secret', { Metadata: { 'cdk-secure-core:backup-attestation': 'A sealed copy lies in the safe of the bank.' } });
  });

  test.each<[string, MasterKeyProps, string]>([
    ['no copy', {}, 'Core/Master: replicaRegions is []. Name another region'],
    ['its own region', { replicaRegions: [{ region: 'eu-central-1' }] }, 'Core/Master: replicaRegions is "eu-central-1". Name each region once'],
    ['a region twice', { replicaRegions: [{ region: 'eu-west-1' }, { region: 'eu-west-1' }] }, 'Core/Master: replicaRegions is "eu-west-1"'],
    ['a word for a sentence', { backupAttestation: 'yes' }, 'Core/Master: backupAttestation is "yes". Say why in a sentence'],
    ['a name of another environment', { ...REPLICA, environment: 'production', secretName: 'staging/key' }, 'Core/Master: secretName is "staging/key". Begin with production/'],
  ])('refuses %s', (_, props, message) => {
    expect(() => masterKey(props)).toThrow(message);
  });
});

function providerKey(props: Partial<ProviderKeyProps> = {}): { stack: Stack; key: ProviderKey } {
  const stack = stackOf();
  return { stack, key: new ProviderKey(stack, 'OpenAi', { provider: LlmProvider.OPENAI, environment: 'production', ...props }) };
}

describe('ProviderKey', () => {
  test('is an empty secret of its environment that nothing pretends to rotate', () => {
    const { stack, key } = providerKey();
    const template = Template.fromStack(stack);
    expect(key.variable).toBe('OPENAI_API_KEY');
    template.hasResource('AWS::SecretsManager::Secret', {
      Properties: { Name: 'production/OPENAI_API_KEY', GenerateSecretString: Match.absent(), SecretString: Match.absent() },
      Metadata: { 'cdk-secure-core:rotated-by-issuer-days': 90 },
    });
    template.resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
  });

  test('says how old it is by a function that cannot read it, and sounds when it is overdue or empty', () => {
    const template = Template.fromStack(providerKey({ maxAge: Duration.days(30) }).stack);
    expect(statements(template, /^OpenAiAge/).flatMap(({ Action }) => Action)).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents', 'secretsmanager:ListSecretVersionIds']);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'AgeDays', Threshold: 30, TreatMissingData: 'breaching', EvaluationPeriods: 2 });
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 day)' });
  });

  test('stays when its stack goes, and not when its stack never came up, so that the next attempt does not meet its name', () => {
    const template = Template.fromStack(providerKey().stack);
    for (const type of ['AWS::SecretsManager::Secret', 'AWS::KMS::Key']) template.allResources(type, { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    Template.fromStack(providerKey({ removalPolicy: RemovalPolicy.DESTROY }).stack).allResources('AWS::SecretsManager::Secret', { DeletionPolicy: 'Delete' });
  });

  test('is asked how old it is as soon as it is filled, so that the alarm on an empty one ends', () => {
    const template = Template.fromStack(providerKey().stack);
    const [id] = Object.keys(template.findResources('AWS::Lambda::Function'));
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        'source': ['aws.secretsmanager'], 'detail-type': ['Secret Label Updated'], 'detail': { labelUpdated: ['AWSCURRENT'] }, 'resources': [{ Ref: Match.stringLikeRegexp('^OpenAiSecret') }],
      },
      Targets: [{ Arn: { 'Fn::GetAtt': [id, 'Arn'] } }],
    });
  });

  test('is refused a second time in a stack, where the two would have one name', () => {
    const { stack } = providerKey();
    expect(() => new ProviderKey(stack, 'Again', { provider: LlmProvider.OPENAI, environment: 'production' }))
      .toThrow('Core/Again: secretName is "production/OPENAI_API_KEY". Core/OpenAi of the same stack has that name: use what it holds in both places, or choose another name.');
    expect(() => new ProviderKey(stack, 'Batch', { provider: LlmProvider.OPENAI, environment: 'production', secretName: 'production/batch/OPENAI_API_KEY' })).not.toThrow();
    expect(() => new ProviderKey(new Stack(stack.node.scope, 'Other'), 'OpenAi', { provider: LlmProvider.OPENAI, environment: 'production' })).not.toThrow();
  });

  test.each<[string, Partial<ProviderKeyProps>, string]>([
    ['both a provider and a variable', { variable: 'X_KEY' }, 'Core/OpenAi: variable is "X_KEY". Name exactly one'],
    ['neither', { provider: undefined }, 'Core/OpenAi: variable is nothing. Name exactly one'],
    ['a name in small letters', { provider: undefined, variable: 'key' }, 'Core/OpenAi: variable is "key". Name a variable in capitals'],
    ['a year and a day', { maxAge: Duration.days(366) }, 'Core/OpenAi: maxAge is "366 days". Name whole days from 1 to 365'],
    ['another environment\'s name', { secretName: 'staging/OPENAI_API_KEY' }, 'Core/OpenAi: secretName is "staging/OPENAI_API_KEY". Begin with production/'],
  ])('refuses %s', (_, props, message) => {
    expect(() => providerKey(props)).toThrow(message);
  });
});

describe('a key that is there already', () => {
  const NAMED = { provider: LlmProvider.OPENAI, environment: 'production' };
  const readBy = (given: ecs.Secret, stack: Stack): Template => {
    given.grantRead(new Role(stack, 'Execution', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }));
    return Template.fromStack(stack);
  };

  test('is found by the name that a ProviderKey gives, makes nothing, and is read without knowing the end of its ARN', () => {
    const stack = stackOf();
    const key: IProviderKey = ProviderKey.fromSecretName(stack, 'OpenAi', NAMED);
    expect([key.variable, key.provider]).toEqual(['OPENAI_API_KEY', LlmProvider.OPENAI]);
    const template = readBy(key.container(), stack);
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    const [read, ...others] = statements(template, /^Execution/);
    expect(others).toEqual([]);
    expect(read?.Action).toEqual(['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret']);
    expect(JSON.stringify(read?.Resource)).toMatch(/:secret:production\/OPENAI_API_KEY-\?{6}"/);
  });

  test('is what the other stack has made, whose key its reader may use through AWS Secrets Manager', () => {
    const app = new App();
    const made = new ProviderKey(stackOf(app, 'Keys'), 'OpenAi', NAMED);
    const stack = stackOf(app);
    const encryptionKey = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:111122223333:key/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6');
    const key = ProviderKey.fromSecretName(stack, 'OpenAi', { ...NAMED, encryptionKey });
    expect([key.variable, key.provider]).toEqual([made.variable, made.provider]);
    const [use] = statements(readBy(key.container(), stack), /^Execution/);
    expect(use).toMatchObject({ Action: 'kms:Decrypt', Resource: encryptionKey.keyArn });
    Template.fromStack(Stack.of(made)).hasResourceProperties('AWS::SecretsManager::Secret', { Name: 'production/OPENAI_API_KEY' });
  });

  test('may be of an issuer and under a name that only its user knows', () => {
    const stack = stackOf();
    const key = ProviderKey.fromSecretName(stack, 'Stripe', { variable: 'STRIPE_API_KEY', environment: 'production', secretName: 'production/billing/stripe' });
    expect([key.variable, key.provider]).toEqual(['STRIPE_API_KEY', undefined]);
    expect(JSON.stringify(stack.resolve(key.container().arn))).toContain(':secret:production/billing/stripe');
  });

  test('is what reads of a Core are watched by, under any spelling', () => {
    const stack = stackOf();
    remoteCore(stack, { container: { secrets: { OPENAI_API_KEY: ProviderKey.fromSecretName(stack, 'OpenAi', NAMED).container() } }, trail: DECLARED });
    const watched = JSON.stringify(Template.fromStack(stack).findResources('AWS::Events::Rule'));
    expect(watched).toContain('"production/OPENAI_API_KEY"');
    expect(watched).toMatch(/:secret:production\/OPENAI_API_KEY-"/);
  });

  test.each<[string, object, string]>([
    ['both a provider and a variable', { variable: 'X_KEY' }, 'Core/OpenAi: variable is "X_KEY". Name exactly one'],
    ['another environment\'s name', { secretName: 'staging/OPENAI_API_KEY' }, 'Core/OpenAi: secretName is "staging/OPENAI_API_KEY". Begin with production/'],
  ])('is refused with %s', (_, props, message) => {
    expect(() => ProviderKey.fromSecretName(stackOf(), 'OpenAi', { ...NAMED, ...props })).toThrow(message);
  });

  test('is refused where the stack is another environment\'s', () => {
    const { stack } = providerKey();
    expect(() => ProviderKey.fromSecretName(stack, 'Staging', { ...NAMED, environment: 'staging' })).toThrow('Core/Staging: environment is "staging". Core/OpenAi of the same stack is of production');
  });
});

function access(props: Partial<SecretAccessProps> = {}): Stack {
  const { stack, key } = providerKey();
  const reader = new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
  new SecretAccess(stack, 'Access', { secrets: [key.secret], readers: [reader], trail: DECLARED, ...props });
  return stack;
}

/** The roles that a rule is not surprised by. */
function expectedBy(rule: { EventPattern: { detail: Record<string, unknown> } } | undefined): unknown {
  const [{ userIdentity }] = rule?.EventPattern.detail.$or as [{ userIdentity: { sessionContext: { sessionIssuer: { arn: [{ 'anything-but': unknown }] } } } }];
  return userIdentity.sessionContext.sessionIssuer.arn[0]['anything-but'];
}

describe('SecretAccess', () => {
  const rules = (stack: Stack): { State?: string; EventPattern: { detail: Record<string, unknown> } }[] => Object.entries(Template.fromStack(stack).findResources('AWS::Events::Rule'))
    .filter(([id]) => id.startsWith('Access')).map(([, { Properties }]) => Properties as { State?: string; EventPattern: { detail: Record<string, unknown> } });

  test('is told of reads, which ordinary rules are not', () => {
    expect(rules(access()).map(({ State }) => State)).toEqual(['ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']);
  });

  test('looks for the secret by its ARN, its name and its ARN without the end, read by anybody but the readers', () => {
    const [unexpected] = rules(access());
    const { requestParameters, $or } = unexpected?.EventPattern.detail as { requestParameters: { secretId: unknown[] }; $or: unknown };
    expect(requestParameters.secretId).toHaveLength(3);
    expect(requestParameters.secretId[0]).toEqual({ Ref: expect.stringMatching(/^OpenAiSecret/) as string });
    expect($or).toEqual([
      { userIdentity: { sessionContext: { sessionIssuer: { arn: [{ 'anything-but': [{ 'Fn::GetAtt': [expect.stringMatching(/^Reader/), 'Arn'] }] }] } } } },
      { userIdentity: { sessionContext: { sessionIssuer: { arn: [{ exists: false }] } } } },
    ]);
  });

  test('looks for denied reads by the ARN in the message, whoever it was', () => {
    expect(rules(access())[1]?.EventPattern.detail).toEqual({
      eventSource: ['secretsmanager.amazonaws.com'], eventName: ['GetSecretValue'], errorCode: [{ exists: true }],
      errorMessage: [{ wildcard: { 'Fn::Join': ['', ['*', { Ref: expect.stringMatching(/^OpenAiSecret/) as string }, '*']] } }],
    });
  });

  test('sounds on both, and keeps the records', () => {
    const template = Template.fromStack(access());
    const alarms = template.findResources('AWS::CloudWatch::Alarm', { Properties: { Namespace: 'AWS/Events', MetricName: 'TriggeredRules', TreatMissingData: 'notBreaching', Threshold: 1 } });
    expect(Object.values(alarms).map(({ Properties }) => JSON.stringify((Properties as { Dimensions: unknown }).Dimensions))).toEqual([expect.stringContaining('AccessUnexpected'),
      expect.stringContaining('AccessDenied')]);
    template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: Match.stringLikeRegexp('^/aws/events/'), RetentionInDays: 365 });
    template.resourceCountIs('AWS::Logs::ResourcePolicy', 1);
  });

  test('is not surprised by what CloudFormation fetches for a deployment', () => {
    const [unexpected, denied] = rules(access());
    expect(unexpected?.EventPattern.detail.sourceIPAddress).toEqual([{ 'anything-but': ['cloudformation.amazonaws.com'] }]);
    expect(denied?.EventPattern.detail).not.toHaveProperty('sourceIPAddress');
  });

  test('expects whom it is told of later, and everybody whom this library let read the secret, once', () => {
    const { stack, key } = providerKey();
    const [first, second] = ['First', 'Second'].map((id) => new Role(stack, id, { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') })) as [Role, Role];
    const watch = new SecretAccess(stack, 'Access', { secrets: [key.secret], readers: [first] });
    key.container().grantRead(first);
    key.container().grantRead(second);
    watch.expect(Role.fromRoleArn(stack, 'Elsewhere', 'arn:aws:iam::111122223333:role/elsewhere'));
    expect(expectedBy(rules(stack)[0])).toEqual([
      { 'Fn::GetAtt': [expect.stringMatching(/^First/), 'Arn'] }, 'arn:aws:iam::111122223333:role/elsewhere', { 'Fn::GetAtt': [expect.stringMatching(/^Second/), 'Arn'] },
    ]);
  });

  test('does not name readers of a stack that needs this one, which would need that one in turn', () => {
    const { stack, key } = providerKey();
    const reader = new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    new SecretAccess(stack, 'Access', { secrets: [key.secret], readers: [reader] });
    const other = stackOf(stack.node.root as App, 'Other');
    key.container().grantRead(new Role(other, 'Task', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }));
    expect(expectedBy(rules(stack)[0])).toEqual([{ 'Fn::GetAtt': [expect.stringMatching(/^Reader/), 'Arn'] }]);
    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });

  test('watches what is brought, in whatever way it is asked for', () => {
    const { stack } = providerKey();
    const reader = new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    const secrets = [
      Secret.fromSecretCompleteArn(stack, 'Complete', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:whole-AbCdEf'),
      Secret.fromSecretPartialArn(stack, 'Partial', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:half'),
    ];
    new SecretAccess(stack, 'Access', { secrets, readers: [reader] });
    const { secretId } = rules(stack)[0]?.EventPattern.detail.requestParameters as { secretId: unknown[] };
    const beginning = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:half';
    expect(secretId.slice(0, 2)).toEqual(['arn:aws:secretsmanager:eu-central-1:111122223333:secret:whole-AbCdEf', 'whole']);
    expect(secretId.slice(3)).toEqual([beginning, 'half', { prefix: `${beginning}-` }]);
  });

  test('divides many secrets among rules that Amazon EventBridge has room for, each with its alarms', () => {
    const { stack } = providerKey();
    const reader = new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    const secrets = ['a', 'b', 'c', 'd'].map((name) => Secret.fromSecretCompleteArn(stack, name, `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name.repeat(64)}-AbCdEf`));
    const { alarms } = new SecretAccess(stack, 'Access', { secrets: [...secrets, ...secrets], readers: [reader] });
    expect(rules(stack)).toHaveLength(4);
    expect(alarms).toHaveLength(4);
    // What a reference stands for is shorter than what the template says in its place.
    for (const { EventPattern } of rules(stack)) expect(JSON.stringify(EventPattern).length).toBeLessThan(2048);
  });

  test('has room for seven readers and says so', () => {
    const { stack, key } = providerKey();
    const readers = Array.from({ length: 8 }, (_, index) => Role.fromRoleArn(stack, `Reader${index}`, `arn:aws:iam::111122223333:role/reader-${index}`));
    new SecretAccess(stack, 'Access', { secrets: [key.secret], readers });
    expect(() => (stack.node.root as App).synth()).toThrow('has 8 readers of Core/OpenAi/Secret, and a rule of Amazon EventBridge has room for 7.');
  });

  test('keeps its records under a key that is given, which CloudWatch Logs is let use', () => {
    const { stack, key } = providerKey();
    const reader = new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    new SecretAccess(stack, 'Access', { secrets: [key.secret], readers: [reader], encryptionKey: new Key(stack, 'Logs') });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: Match.stringLikeRegexp('^/aws/events/'), KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Logs'), 'Arn'] } });
    expect(JSON.stringify(template.findResources('AWS::KMS::Key'))).toContain('kms:EncryptionContext:aws:logs:arn');
  });

  test('says whose trail records, or waits for its own', () => {
    Template.fromStack(access()).allResources('AWS::Logs::ResourcePolicy', {});
    Template.fromStack(access()).hasResource('AWS::Events::Rule', { Metadata: { 'cdk-secure-core:declared-trail': 'The trail of the organization records management events.' } });
    const { stack, key } = providerKey();
    const reader = new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    new SecretAccess(stack, 'Access', { secrets: [key.secret], readers: [reader], trail: TrailCoverage.trail(new Trail(stack, 'Trail')) });
    Template.fromStack(stack).hasResource('AWS::Events::Rule', { Metadata: Match.absent(), DependsOn: Match.arrayWith([Match.stringLikeRegexp('^Trail')]) });
  });

  test('refuses no secrets, no readers, and no reason', () => {
    expect(() => access({ secrets: [] })).toThrow('Core/Access: secrets is []. Name the secrets to watch.');
    expect(() => access({ readers: [] })).toThrow('Core/Access: readers is []. Name the roles');
    expect(() => TrailCoverage.declared('org')).toThrow('TrailCoverage.declared is "org". Say in a sentence');
  });
});

describe('SecretKey', () => {
  test('names who may use it where they are listed, and then no account', () => {
    const stack = stackOf();
    new SecretKey(stack, 'Key', { principals: ['arn:aws:iam::111122223333:role/deployer'] });
    const [key] = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'));
    expect((key?.Properties as { KeyPolicy: { Statement: Statement[] } }).KeyPolicy.Statement[1]).toMatchObject({ Sid: 'Use', Principal: { AWS: 'arn:aws:iam::111122223333:role/deployer' } });
    expect(key?.Properties).toMatchObject({ EnableKeyRotation: true });
  });

  test('refuses an empty list, and a role of another stack', () => {
    const app = new App();
    const key = new SecretKey(stackOf(app), 'Key');
    expect(() => new SecretKey(stackOf(app, 'Other'), 'Key', { principals: [] })).toThrow('Other/Key: principals is []. Name who deploys');
    const role = new Role(stackOf(app, 'Third'), 'Role', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    expect(() => { key.grantUse(role); }).toThrow('Core/Key: role is "Third/Role". It is of another stack');
  });
});

test('nothing is left to AwsSolutions that is not answered', () => {
  const app = new App();
  const stack = stackOf(app);
  const master = new MasterKey(stack, 'Master', { ...REPLICA, environment: 'production' });
  const provider = new ProviderKey(stack, 'OpenAi', { provider: LlmProvider.OPENAI, environment: 'production' });
  const reader = new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
  new SecretAccess(stack, 'Access', { secrets: [master.secret, provider.secret], readers: [reader], trail: DECLARED });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).not.toThrow();
});
