import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BrokerPhase } from '../../src/broker/broker-phase';
import { EXIT_VARIABLE } from '../../src/broker/contract';
import type { CredentialBroker } from '../../src/broker/credential-broker';
import { WorkerJoin } from '../../src/broker/worker-join';
import { RotatingSecret } from '../../src/secrets/rotating-secret';
import { Rotation } from '../../src/secrets/rotation';
import { SecretKind } from '../../src/secrets/secret-kind';
import { Size } from '../../src/size';
import { endpoints, ENV } from '../support/network-stack';
import { type BrokerPlace, brokerPlace, configurationOf, inDays, madeBroker, statementsOf, toldTo } from './broker-stack';

const tasksRole = (stack: Stack, id = 'Tasks'): Role => new Role(stack, id, { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });

function pool({ stack, network }: Pick<BrokerPlace, 'stack' | 'network'>, broker: CredentialBroker, prefix = 'field', place = stack): ecs.FargateService {
  const task = new ecs.FargateTaskDefinition(place, `Task-${prefix}`);
  task.addContainer('Worker', { image: ecs.ContainerImage.fromRegistry('worker') });
  const cluster = new ecs.Cluster(place, `Cluster-${prefix}`, { vpc: network.vpc });
  const service = new ecs.FargateService(place, `Service-${prefix}`, { cluster, taskDefinition: task, vpcSubnets: network.coreSubnets });
  broker._enlist({ service, role: task.taskRole, prefix });
  return service;
}

describe('A shared key', () => {
  test('is a ring that the broker reads, and workers are told', () => {
    const { broker, stack } = madeBroker({ phase: BrokerPhase.sharedKey({ rotation: Rotation.every(Duration.days(7)) }) });
    const template = Template.fromStack(stack);
    expect(configurationOf(template).phase).toEqual({ kind: 'shared-key', shared: { ring: expect.stringContaining('BrokerWorkerKeySecret') as string } });
    template.hasResourceProperties('AWS::SecretsManager::Secret', { Name: 'staging/Field/Broker/WorkerKey' });
    template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', { RotationRules: { AutomaticallyAfterDays: 7 } });
    expect(broker.workerKey?.secret.node.path).toBe('Field/Broker/WorkerKey/Secret');
    expect(broker._takesTasks).toBe(false);
  });

  test('may be one that others are told too, which its maker watches', () => {
    const place = brokerPlace();
    const key = new RotatingSecret(place.stack, 'Key', { kind: SecretKind.hmacKey(), network: place.network, environment: 'staging' });
    const { broker, stack } = madeBroker({ phase: BrokerPhase.sharedKey({ key }) }, place);
    const template = Template.fromStack(stack);
    expect(broker.workerKey).toBe(key);
    expect(configurationOf(template).phase).toEqual({ kind: 'shared-key', shared: { ring: expect.stringContaining('KeySecret') as string } });
    template.resourceCountIs('AWS::SecretsManager::Secret', 2);
    expect(JSON.stringify(template.findResources('AWS::Events::Rule', { Properties: { EventPattern: { detail: { eventName: ['GetSecretValue'] } } } }))).not.toContain('KeySecret');
  });
});

describe('Keys of workers', () => {
  test('come from a ring that no task holds and nobody rolls out', () => {
    const { broker, stack } = madeBroker({ phase: BrokerPhase.perWorkerKeys({ keyLife: Duration.hours(1), joins: [WorkerJoin.token({ life: Duration.minutes(1) })] }) });
    const template = Template.fromStack(stack);
    expect(configurationOf(template).phase).toMatchObject({ own: { keyLifeSeconds: 3600, tokenSeconds: 60 } });
    template.hasResource('AWS::SecretsManager::Secret', {
      Properties: { Name: 'staging/Field/Broker/OwnKeys' }, Metadata: { 'cdk-secure-core:rollout-exempt': 'Only the broker holds it, which reads it anew within seconds; no task does.' },
    });
    expect(broker.workerKey).toBeUndefined();
  });

  test('are given to tasks by their role, whom AWS STS is asked about', () => {
    const place = brokerPlace();
    const role = tasksRole(place.stack);
    const { broker, stack } = madeBroker({ phase: BrokerPhase.perWorkerKeys({ joins: [WorkerJoin.task({ role, prefix: 'elsewhere' })] }) }, place);
    const template = Template.fromStack(stack);
    const { phase } = configurationOf(template);
    expect(phase).toMatchObject({ own: { tasks: { account: ENV.account, roles: [{ name: '<Ref : Tasks>', prefix: 'elsewhere' }] } } });
    expect('own' in phase && phase.own.tokenSeconds).toBeUndefined();
    expect(statementsOf(template, /^BrokerHandlerRole/)).toContainEqual({ Effect: 'Allow', Sid: 'WhoATaskIs', Action: 'sts:GetCallerIdentity', Resource: '*' });
    expect(Object.keys(endpoints(stack))).toContain('sts');
    expect(broker._takesTasks).toBe(true);
  });

  test('are given to the tasks of pools, whose leases end when they stop', () => {
    const made = madeBroker({ phase: BrokerPhase.perWorkerKeys({ joins: [WorkerJoin.task(), WorkerJoin.token()] }) });
    for (const prefix of ['north', 'south']) pool(made, made.broker, prefix);
    const template = Template.fromStack(made.stack);
    expect(configurationOf(template).phase).toMatchObject({ own: { tokenSeconds: 600, tasks: { roles: [{ prefix: 'north' }, { prefix: 'south' }] } } });
    expect(toldTo(template, EXIT_VARIABLE)).toEqual({
      version: 1,
      region: ENV.region,
      stateTable: '<Ref : BrokerStateTable>',
      pools: ['north', 'south'].map((prefix) => ({
        cluster: expect.stringContaining(`Cluster${prefix}`) as string, group: expect.stringMatching(new RegExp(`^service:.*Service${prefix}`)) as string, prefix,
      })),
    });
    expect(statementsOf(template, /^BrokerStoppedExitRole/)).toEqual([
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: { 'Fn::GetAtt': [expect.stringMatching(/^AuditHot/), 'Arn'] } },
      {
        Effect: 'Allow', Sid: 'EndLeases', Action: 'dynamodb:UpdateItem', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^BrokerStateTable/), 'Arn'] },
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['worker#*'] }, 'Null': { 'dynamodb:LeadingKeys': 'false' } },
      },
    ]);
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'source': ['aws.ecs'], 'detail-type': ['ECS Task State Change'], 'detail': { lastStatus: ['STOPPED'] } },
    });
    expect(made.broker.alarms.map(({ node }) => node.id)).toContain('BrokerExitFailures');
  });

  test('take no more than one pool for each prefix, and pools of the broker\'s own stack', () => {
    const made = madeBroker({ phase: BrokerPhase.perWorkerKeys({ joins: [WorkerJoin.task()] }) });
    pool(made, made.broker);
    expect(() => pool(made, made.broker, 'Field_Two!')).toThrow('Field/Broker: pool.prefix is "Field_Two!". Begin with a letter or digit');
    const task = new ecs.FargateTaskDefinition(made.stack, 'Again');
    const service = new ecs.FargateService(made.stack, 'Other', { cluster: new ecs.Cluster(made.stack, 'OtherCluster', { vpc: made.network.vpc }), taskDefinition: task });
    expect(() => made.broker._enlist({ service, role: task.taskRole, prefix: 'field' })).toThrow('Field/Broker: pool.prefix is "field". Another one has this prefix or this role');
    expect(() => pool(made, made.broker, 'far', new Stack(made.app, 'Far', { env: ENV }))).toThrow('Field/Broker: pool is "Far/Service-far". It stands in another stack');
  });

  test('are refused where nobody could join, and where a pool joins by a token that is good once', () => {
    const phase = (joins: WorkerJoin[]): BrokerPhase => BrokerPhase.perWorkerKeys({ joins });
    expect(() => madeBroker({ phase: phase([]) })).toThrow('Field/Broker: phase.joins is []. Name WorkerJoin.token()');
    expect(() => madeBroker({ phase: phase([WorkerJoin.token(), WorkerJoin.token()]) })).toThrow('phase.joins is ["token","token"]');
    const { app } = madeBroker({ phase: phase([WorkerJoin.task()]) });
    expect(() => app.synth()).toThrow('has WorkerJoin.task() among its joins, and no task that could.');
  });

  test.each([
    ['keyLife', BrokerPhase.perWorkerKeys({ keyLife: Duration.hours(25) }), 'phase.keyLife is "Duration.hours(25)". Name 3600 to 86400 whole seconds.'],
    ['life', BrokerPhase.perWorkerKeys({ joins: [WorkerJoin.token({ life: Duration.minutes(61) })] }), 'phase.joins.token.life is "Duration.minutes(61)". Name 60 to 3600 whole seconds.'],
  ])('are refused with a %s out of bounds', (_, phase, message) => {
    expect(() => madeBroker({ phase })).toThrow(message);
  });

  test('are refused to tasks of another account', () => {
    const place = brokerPlace();
    const role = Role.fromRoleArn(place.stack, 'Foreign', 'arn:aws:iam::999900001111:role/worker');
    expect(() => madeBroker({ phase: BrokerPhase.perWorkerKeys({ joins: [WorkerJoin.task({ role, prefix: 'w' })] }) }, place)).toThrow('phase.joins.task[0].role is "of account 999900001111"');
  });
});

describe('A migration', () => {
  const until = inDays(30);
  const size = Size.STANDARD;

  test('has keys of both kinds, and says until when', () => {
    const { broker, stack } = madeBroker({ phase: BrokerPhase.migration({ until }), size });
    const template = Template.fromStack(stack);
    expect(configurationOf(template).phase).toMatchObject({ kind: 'migration', until, shared: { ring: expect.stringContaining('BrokerWorkerKeySecret') as string }, own: { tokenSeconds: 600 } });
    expect(broker.workerKey).toBeDefined();
    template.hasResource('AWS::Lambda::Function', {
      Metadata: { 'cdk-secure-core:broker-phase': { phase: 'migration', environment: 'staging', until, writtenOn: inDays(0) } },
      Properties: { Tags: [{ Key: 'cdk-secure-core:broker', Value: 'migration' }] },
    });
    expect(broker.alarms.map(({ node }) => node.id)).toContain('BrokerLegacyKeys');
  });

  test('goes on from the key that workers have', () => {
    const place = brokerPlace();
    const key = new RotatingSecret(place.stack, 'Key', { kind: SecretKind.hmacKey(), network: place.network, environment: 'staging' });
    expect(madeBroker({ phase: BrokerPhase.migration({ until, sharedKey: { key }, to: { keyLife: Duration.hours(2) } }), size }, place).broker.workerKey).toBe(key);
    expect(configurationOf(Template.fromStack(place.stack)).phase).toMatchObject({ own: { keyLifeSeconds: 7200 } });
  });

  test.each(['2020-01-01', inDays(91), inDays(0), '2030-02-30', 'soon', ''])('is refused until %p', (day) => {
    expect(() => madeBroker({ phase: BrokerPhase.migration({ until: day }), size })).toThrow(`phase.until is ${JSON.stringify(day)}. Name a day to come, as YYYY-MM-DD, at most 90 days away.`);
  });

  test.each([[{ size: Size.PRODUCTION }], [{ environment: 'production' }], [{ environment: 'prod-eu' }]])('is refused in production: %j', (props) => {
    expect(() => madeBroker({ phase: BrokerPhase.migration({ until }), size, ...props }))
      .toThrow('phase is "BrokerPhase.migration". Size.PRODUCTION and environments that begin with prod have one phase at a time');
  });
});
