import { App, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BrokerCredential } from '../../src/broker/broker-credential';
import { BrokerPhase } from '../../src/broker/broker-phase';
import { DeviceCredentialKind } from '../../src/broker/device-credential-kind';
import { JobBinding } from '../../src/broker/job-binding';
import { JobTable } from '../../src/broker/job-table';
import { LeaseExit, LeaseTerms } from '../../src/broker/lease-terms';
import { WorkerJoin } from '../../src/broker/worker-join';
import { Exposure } from '../../src/ingress/exposure';
import { Size } from '../../src/size';
import { LOAD_BALANCER_GROUP } from '../support/ingress';
import { ENV, endpoints } from '../support/network-stack';
import { type BrokerChanges, brokerPlace, configurationOf, inDays, madeBroker, statementsOf, textOf } from './broker-stack';

const at = (id: string): { 'Fn::GetAtt': unknown[] } => ({ 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${id}`)) as string, 'Arn'] });
const ref = (id: string): { Ref: unknown } => ({ Ref: expect.stringMatching(new RegExp(`^${id}`)) as string });
const viaService = (service: string): object => ({ StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', [`${service}.`, { Ref: 'AWS::Region' }, '.amazonaws.com']] } } });
const READ_SECRET = ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'];
const templateOf = (props: BrokerChanges = {}): Template => Template.fromStack(madeBroker(props).stack);

// What most tests look at, made once.
const template = templateOf();
const handler = (of: Template): Record<string, unknown> => {
  const [found] = Object.entries(of.findResources('AWS::Lambda::Function')).filter(([id]) => id.startsWith('BrokerHandlerFunction')).map(([, resource]) => resource);
  return found as Record<string, unknown>;
};

describe('The function of a CredentialBroker', () => {
  test('is told everything in one variable, and no secret', () => {
    expect(configurationOf(template)).toEqual({
      version: 1,
      host: 'broker.acme.internal',
      region: ENV.region,
      phase: { kind: 'per-worker-keys', own: { ring: expect.stringContaining('BrokerOwnKeysSecret') as string, keyLifeSeconds: 43_200, tokenSeconds: 600 } },
      windowSeconds: 60,
      requestsPerMinute: 120,
      leases: { ttlSeconds: 300, longestSeconds: 3600, onExit: 'revoke' },
      binding: 'assigned',
      tables: { jobs: '<Ref : BrokerJobsTable>', state: '<Ref : BrokerStateTable>' },
      secretArns: `arn:<Ref : AWS::Partition>:secretsmanager:${ENV.region}:${ENV.account}:secret:`,
      credentials: [expect.stringContaining('Secretcorerouter') as string],
      metrics: { namespace: expect.stringMatching(/^SecureCore\/Field-Broker/) as string },
    });
  });

  test('may read jobs, keep its own state, list workers, read its ring and its credentials, write its log, and nothing else', () => {
    expect(statementsOf(template, /^BrokerHandlerRole/)).toEqual([
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: at('AuditHot') },
      {
        Effect: 'Allow', Sid: 'AddressesByLambda', Resource: '*', Condition: { Null: { 'lambda:SourceFunctionArn': 'true' } },
        Action: ['ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:UnassignPrivateIpAddresses'],
      },
      { Effect: 'Allow', Action: 'dynamodb:BatchGetItem', Resource: at('BrokerJobsTable') },
      { Effect: 'Allow', Sid: 'StateItems', Action: ['dynamodb:BatchGetItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], Resource: at('BrokerStateTable') },
      {
        Effect: 'Allow', Sid: 'Roster', Action: 'dynamodb:Query', Resource: at('BrokerStateTable'),
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['roster'] }, 'Null': { 'dynamodb:LeadingKeys': 'false' } },
      },
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: at('BrokerOwnKeys'), Condition: viaService('secretsmanager') },
      { Effect: 'Allow', Action: READ_SECRET, Resource: ref('BrokerOwnKeysSecret') },
      { Effect: 'Allow', Action: READ_SECRET, Resource: ref('Secretcorerouter') },
    ]);
  });

  test('uses a customer\'s key through DynamoDB alone', () => {
    const place = brokerPlace();
    const { stack } = madeBroker({ encryptionKey: Key.fromKeyArn(place.stack, 'Given', `arn:aws:kms:${ENV.region}:${ENV.account}:key/given`) }, place);
    const made = Template.fromStack(stack);
    expect(statementsOf(made, /^BrokerHandlerRole/).filter(({ Resource }) => JSON.stringify(Resource).includes('key/given'))).toEqual([
      { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:DescribeKey'], Resource: expect.anything() as unknown, Condition: viaService('dynamodb') },
      {
        Effect: 'Allow', Resource: expect.anything() as unknown, Condition: viaService('dynamodb'),
        Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
      },
    ]);
    made.allResourcesProperties('AWS::DynamoDB::Table', { SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: `arn:aws:kms:${ENV.region}:${ENV.account}:key/given` } });
  });

  test('writes its own lines and nothing else where records are taken away, and serves so many at once that a flood leaves the account some', () => {
    expect(handler(template)).toMatchObject({
      Properties: {
        LoggingConfig: { LogGroup: ref('AuditHot'), LogFormat: 'JSON', SystemLogLevel: 'WARN', ApplicationLogLevel: 'INFO' },
        ReservedConcurrentExecutions: 50,
        Timeout: 10,
        Runtime: 'nodejs24.x',
        Tags: [{ Key: 'cdk-secure-core:broker', Value: 'per-worker-keys' }],
      },
      Metadata: {
        'cdk-secure-core:broker-phase': { phase: 'per-worker-keys', environment: 'staging' },
        'cdk-secure-core:kept-credentials': ['core-router'],
      },
    });
    expect(handler(templateOf({ size: Size.DEV })).Properties).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  test('waits for the first value of its ring', () => {
    expect(handler(template).DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^BrokerOwnKeysRotationEnsure/)]));
  });

  test('stands in the core tier, and has endpoints for what it is granted', () => {
    const { stack } = madeBroker();
    expect(Object.keys(endpoints(stack))).toEqual(['dynamodb', 'logs', 'secretsmanager']);
    expect(JSON.stringify(handler(Template.fromStack(stack)).Properties)).toContain('NetworkVpcCoreSubnet1');
  });

  test('is called by target groups of this account and region, by nobody else, and once', () => {
    const permissions = Object.values(template.findResources('AWS::Lambda::Permission')).map(({ Properties }) => Properties as { FunctionName: unknown });
    expect(permissions.filter(({ FunctionName }) => JSON.stringify(FunctionName).includes('BrokerHandlerFunction'))).toEqual([{
      Action: 'lambda:InvokeFunction',
      FunctionName: at('BrokerHandlerFunction'),
      Principal: 'elasticloadbalancing.amazonaws.com',
      SourceAccount: ENV.account,
      SourceArn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:elasticloadbalancing:${ENV.region}:${ENV.account}:targetgroup/*`]] },
    }]);
  });
});

/** What may connect to the load balancer. */
function doors(of: Template): unknown[] {
  const [own] = Object.values(of.findResources('AWS::EC2::SecurityGroup', { Properties: LOAD_BALANCER_GROUP })).map(({ Properties }) => Properties as { SecurityGroupIngress?: unknown[] });
  const rules = Object.values(of.findResources('AWS::EC2::SecurityGroupIngress')).map(({ Properties }) => Properties as { GroupId: unknown });
  return [...own?.SecurityGroupIngress ?? [], ...rules.filter(({ GroupId }) => JSON.stringify(GroupId).includes('BrokerIngressSecurityGroup'))];
}

describe('The way to a CredentialBroker', () => {
  test('is one target group with the function alone, which is told every value of a header', () => {
    const groups = Object.values(template.findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
    expect(groups).toEqual([{
      Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
      Properties: {
        TargetType: 'lambda',
        Targets: [{ Id: at('BrokerHandlerFunction') }],
        TargetGroupAttributes: [{ Key: 'lambda.multi_value_headers.enabled', Value: 'true' }],
        Tags: [{ Key: 'cdk-secure-core:broker', Value: 'per-worker-keys' }],
      },
      DependsOn: [expect.stringMatching(/^BrokerIngressInvokeFunction/)],
    }]);
  });

  test('is POST of five exact paths under its own name; anything else is answered 404', () => {
    const rules = Object.values(template.findResources('AWS::ElasticLoadBalancingV2::ListenerRule')).map(({ Properties }) => Properties as {
      Actions: { Type: string }[]; Conditions: { Field: string; PathPatternConfig?: { Values: string[] }; HttpRequestMethodConfig?: { Values: string[] }; HostHeaderConfig?: { Values: string[] } }[];
    });
    const forwarding = rules.filter(({ Actions }) => Actions.some(({ Type }) => Type === 'forward'));
    expect(forwarding.map(({ Conditions }) => Conditions.find(({ Field }) => Field === 'path-pattern')?.PathPatternConfig?.Values).sort())
      .toEqual([['/credentials/checkout'], ['/credentials/release'], ['/credentials/renew'], ['/worker/exit'], ['/worker/register']]);
    for (const { Conditions } of forwarding) {
      expect(Conditions).toContainEqual({ Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['POST'] } });
      expect(Conditions).toContainEqual({ Field: 'host-header', HostHeaderConfig: { Values: ['broker.acme.internal'] } });
    }
    expect(rules.filter((rule) => !forwarding.includes(rule)).map(({ Actions }) => Actions[0]?.Type)).toEqual(['fixed-response']);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 443, Protocol: 'HTTPS', DefaultActions: [Match.objectLike({ Type: 'fixed-response' })] });
  });

  test('has no public address, and lets nobody connect who was not let', () => {
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' });
    expect(doors(template)).toEqual([]);
    const { stack, network, broker } = madeBroker();
    broker.grantConnect(new SecurityGroup(stack, 'Worker', { vpc: network.vpc }));
    expect(doors(Template.fromStack(stack))).toEqual([
      expect.objectContaining({ FromPort: 443, ToPort: 443, SourceSecurityGroupId: { 'Fn::GetAtt': [expect.stringMatching(/^Worker/), 'GroupId'] } }),
    ]);
    expect(broker.url).toBe('https://broker.acme.internal');
  });

  test('counts joins apart, and leaves one worker what the broker leaves it', () => {
    const limits = (props?: BrokerChanges): number[] => {
      const [acl] = Object.values(templateOf(props).findResources('AWS::WAFv2::WebACL'));
      const { Rules } = acl?.Properties as { Rules: { Statement: { RateBasedStatement?: { Limit: number } } }[] };
      return Rules.flatMap(({ Statement }) => Statement.RateBasedStatement?.Limit ?? []).sort((one, other) => one - other);
    };
    expect(limits()).toEqual([240, 6000]);
    expect(limits({ requestsPerWorker: 6000 })).toEqual([12_000, 12_000]);
    expect(limits({ requestsPerWorker: 1 })).toEqual([10, 6000]);
    expect(limits({ ingress: { webAcl: { rateLimit: 100 } } })).toEqual([100, 100]);
    expect(limits({ ingress: { webAcl: { rateWindow: Duration.minutes(5) } } })).toEqual([1200, 30_000]);
  });

  test('is gone while exposure is off, and all else stays', () => {
    const closed = templateOf({ exposure: Exposure.OFF });
    closed.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 0);
    closed.resourcePropertiesCountIs('AWS::Lambda::Permission', { Principal: 'elasticloadbalancing.amazonaws.com' }, 0);
    closed.resourceCountIs('AWS::DynamoDB::Table', 2);
  });
});

describe('The tables of a CredentialBroker', () => {
  test('forget by themselves, can be set back, and resist deletion', () => {
    const kept = {
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      DeletionProtectionEnabled: true,
    };
    const PK = { AttributeName: 'pk', KeyType: 'HASH' };
    template.hasResource('AWS::DynamoDB::Table', { Properties: { ...kept, KeySchema: [PK], Tags: [{ Key: 'cdk-secure-core:broker-table', Value: 'jobs' }] }, DeletionPolicy: 'Retain' });
    template.hasResource('AWS::DynamoDB::Table', {
      Properties: { ...kept, KeySchema: [PK, { AttributeName: 'sk', KeyType: 'RANGE' }], Tags: [{ Key: 'cdk-secure-core:broker-table', Value: 'state' }] }, DeletionPolicy: 'Retain',
    });
  });

  test('go with their stack where they are told to', () => {
    for (const props of [{ size: Size.STANDARD }, { removalPolicy: RemovalPolicy.DESTROY }]) {
      templateOf(props).allResources('AWS::DynamoDB::Table', { DeletionPolicy: 'Delete', Properties: Match.objectLike({ DeletionProtectionEnabled: false }) });
    }
  });

  test('let the orchestrator put and delete jobs, and nothing else', () => {
    const { stack, broker } = madeBroker();
    broker.grantAssignJobs(new Role(stack, 'Orchestrator', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }));
    expect(statementsOf(Template.fromStack(stack), /^Orchestrator/)).toEqual([{ Effect: 'Allow', Action: ['dynamodb:PutItem', 'dynamodb:DeleteItem'], Resource: at('BrokerJobsTable') }]);
  });

  test('can be made before the broker, for an orchestrator that has to know them first', () => {
    const place = brokerPlace();
    const jobTable = new JobTable(place.stack, 'Jobs');
    const { broker, stack } = madeBroker({ jobTable }, place);
    expect(broker.jobTable).toBe(jobTable.table);
    const made = Template.fromStack(stack);
    made.resourceCountIs('AWS::DynamoDB::Table', 2);
    expect(configurationOf(made).tables.jobs).toBe('<Ref : JobsTable>');
    expect(statementsOf(made, /^BrokerHandlerRole/)).toContainEqual({ Effect: 'Allow', Action: 'dynamodb:BatchGetItem', Resource: at('JobsTable') });
  });
});

describe('A CredentialBroker', () => {
  test('lets an operator call its function and reach no table', () => {
    const { stack, broker } = madeBroker();
    broker.grantManageWorkers(new Role(stack, 'Operator', { assumedBy: new AccountPrincipal(ENV.account) }));
    expect(statementsOf(Template.fromStack(stack), /^Operator/)).toEqual([{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: at('BrokerHandlerFunction') }]);
  });

  test('has terms, windows and budgets as they are named', () => {
    const made = configurationOf(templateOf({ leases: LeaseTerms.of({ onExit: LeaseExit.KEEP }), jobs: JobBinding.firstToClaim('Workers pull from a queue.'), requestsPerWorker: 30 }));
    expect(made).toMatchObject({ leases: { ttlSeconds: 300, longestSeconds: 3600, onExit: 'keep' }, binding: 'first-to-claim', requestsPerMinute: 30 });
    expect(handler(templateOf({ jobs: JobBinding.firstToClaim('Workers pull from a queue.') }))).toMatchObject({ Metadata: { 'cdk-secure-core:first-to-claim': 'Workers pull from a queue.' } });
  });

  test('tells of refusals, replays, spent tokens, trespassers, stores, faults, floods and lost lines, and of reads past it', () => {
    const place = brokerPlace();
    const { broker, stack } = madeBroker({ alarmTopic: new Topic(place.stack, 'Topic') }, place);
    const made = Template.fromStack(stack);
    const alarms = Object.entries(made.findResources('AWS::CloudWatch::Alarm')) as [string, { Properties: Record<string, unknown>; Metadata?: Record<string, unknown> }][];
    const named = alarms.flatMap(([, { Metadata }]) => Metadata?.['cdk-secure-core:alarm'] ?? []).sort();
    expect(named).toEqual([
      'BrokerEdgeClientErrors', 'BrokerEdgeServerErrors', 'BrokerErrors', 'BrokerForbidden', 'BrokerRefusals',
      'BrokerReplays', 'BrokerSpentJoin', 'BrokerStores', 'BrokerThrottles', 'BrokerUnrecorded',
    ]);
    for (const [, { Properties }] of alarms) expect(Properties).toMatchObject({ AlarmActions: [ref('Topic')], OKActions: [ref('Topic')] });
    expect(broker.alarms).toHaveLength(alarms.length);
    made.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: Match.stringLikeRegexp('^SecureCore/Field-Broker'), MetricName: 'broker_refusals_total', Statistic: 'Sum',
      Period: 300, Threshold: 10, EvaluationPeriods: 1, TreatMissingData: 'notBreaching',
      AlarmDescription: Match.stringLikeRegexp('^Field/Broker: Requests were refused .* docs/runbooks/worker-compromise.md$'),
    });
    const [rule] = Object.values(made.findResources('AWS::CloudWatch::InsightRule'));
    expect(JSON.parse(textOf((rule?.Properties as { RuleBody: unknown }).RuleBody))).toMatchObject({
      LogGroupNames: ['<Ref : AuditHot>'],
      Contribution: { Keys: ['$.worker'], Filters: [{ Match: '$.event', In: ['audit'] }, { Match: '$.worker', IsPresent: true }, { Match: '$.status', EqualTo: 403 }] },
    });
    made.resourceCountIs('AWS::Logs::QueryDefinition', 2);
    // The ring and the one credential.
    expect(JSON.stringify(made.findResources('AWS::Events::Rule', { Properties: { EventPattern: { detail: { eventName: ['GetSecretValue'] } } } }))).toContain('Secretcorerouter');
  });

  test('stands in another stack than its network, its records and its orchestrator, without any two needing each other', () => {
    const app = new App();
    const place = brokerPlace(app);
    const other = new Stack(app, 'Other', { env: ENV });
    const { broker } = madeBroker({}, { ...place, stack: other });
    broker.grantAssignJobs(new Role(new Stack(app, 'Orchestrator', { env: ENV }), 'Role', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }));
    expect(() => app.synth()).not.toThrow();
    expect(place.stack.dependencies).toEqual([]);
    expect(other.dependencies).toEqual([place.stack]);
  });

  test('shows what it counts', () => {
    const { broker } = madeBroker();
    expect([broker.metricCheckouts(), broker.metricRefusals(), broker.metricReplays(), broker.metricFailures()].map(({ metricName }) => metricName))
      .toEqual(['broker_checkouts_total', 'broker_refusals_total', 'broker_replays_total', 'broker_failures_total']);
  });

  test('leaves nothing to AwsSolutions that is not answered', () => {
    const app = new App();
    const place = brokerPlace(app);
    const credentials = [BrokerCredential.secretsManager('router', DeviceCredentialKind.SSH, Secret.fromSecretNameV2(place.stack, 'Named', 'credentials/router/ssh'))];
    const role = new Role(place.stack, 'Tasks', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    madeBroker({ credentials, phase: BrokerPhase.migration({ until: inDays(30), to: { joins: [WorkerJoin.task({ role, prefix: 'w' })] } }), size: Size.STANDARD }, place);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});
