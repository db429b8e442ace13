import { type CfnResource, Fn, type Stack } from 'aws-cdk-lib';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { DECLARED_TRAIL_METADATA } from '../../../src/secrets/contract';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { secret, written } from '../../support/written';

const ALL = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
const READS = {
  'source': ['aws.secretsmanager'], 'detail-type': ['AWS API Call via CloudTrail'], 'detail': { eventSource: ['secretsmanager.amazonaws.com'], eventName: ['GetSecretValue'] },
};
const TARGET = [{ Id: 'Topic', Arn: 'arn:aws:sns:eu-central-1:111122223333:alarms' }];
const DECLARED = { [DECLARED_TRAIL_METADATA]: 'The organization records them.' };

const rule = (stack: Stack, properties: Readonly<Record<string, unknown>> = {}, metadata: Readonly<Record<string, unknown>> = DECLARED): CfnResource =>
  written(stack, 'Rule', 'AWS::Events::Rule', { State: ALL, EventPattern: READS, Targets: TARGET, ...properties }, metadata);
const trail = (stack: Stack, properties: Readonly<Record<string, unknown>> = {}): CfnResource =>
  written(stack, 'Trail', 'AWS::CloudTrail::Trail', { IsLogging: true, S3BucketName: 'trail', ...properties });
const user = (stack: Stack, accessString: unknown, password: CfnResource, id = 'User'): CfnResource => written(stack, id, 'AWS::ElastiCache::User', {
  Engine: 'valkey', UserId: id, UserName: 'default', AccessString: accessString,
  AuthenticationMode: { Type: 'password', Passwords: [Fn.join('', ['{{resolve:secretsmanager:', password.ref, ':SecretString:::}}'])] },
});
const about = (requestParameters: unknown) => ({ ...READS, detail: { ...READS.detail, requestParameters } });

describeRule('SEC-8.reads', {
  compliant: {
    'a rule on all secrets': (stack) => { secret(stack); rule(stack); },
    'a rule on this secret': (stack) => { rule(stack, { EventPattern: about({ secretId: [secret(stack).ref] }) }); },
    'a rule on its name': (stack) => { secret(stack, { Name: 'core/key' }); rule(stack, { EventPattern: about({ secretId: ['core/key'] }) }); },
    'a trail of the template': (stack) => { secret(stack); trail(stack); rule(stack, {}, {}); },
    'a trail that selects': (stack) => { secret(stack); trail(stack, { EventSelectors: [{ ReadWriteType: 'ReadOnly' }] }); rule(stack, {}, {}); },
    'a trail with fields': (stack) => { secret(stack); trail(stack, { AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }] }); rule(stack, {}, {}); },
    'a trail of somebody else': (stack) => { secret(stack); rule(stack, {}, {}); },
    'a trail of data beside one that is declared': (stack) => { secret(stack); trail(stack, { EventSelectors: [{ IncludeManagementEvents: false }] }); rule(stack); },
    'an alarm in place of a target': (stack) => {
      secret(stack);
      const counted = rule(stack, { Targets: undefined });
      new Alarm(stack, 'Alarm', { metric: new Metric({ namespace: 'AWS/Events', metricName: 'MatchedEvents', dimensionsMap: { RuleName: counted.ref } }), threshold: 1, evaluationPeriods: 1 });
    },
    'the password of a user that is off, beside a secret that is watched': (stack) => {
      rule(stack, { EventPattern: about({ secretId: [secret(stack).ref] }) });
      user(stack, 'off -@all', secret(stack, {}, {}, 'Password'));
    },
    'every event of the service': (stack) => { secret(stack); rule(stack, { EventPattern: { source: [{ prefix: 'aws.' }] } }); },
  },
  violating: {
    'nothing': { build: (stack) => secret(stack), message: /^is watched by nobody/, severity: 'warning' },
    'the password of a user that is on': { build: (stack) => { user(stack, 'off -@all on', secret(stack)); }, message: /^is watched by nobody/ },
    'the password of one user that is off and of one that is on': {
      build: (stack) => { const password = secret(stack); user(stack, 'off -@all', password); user(stack, 'on ~gate:* +get', password, 'Other'); }, message: /^is watched by nobody/,
    },
    'the password of a user who is on or off as the deployment says': { build: (stack) => { user(stack, deployTimeValue(stack), secret(stack)); }, message: /^is watched by nobody/ },
    'the password of a user that is off, which a container is given': {
      build: (stack) => {
        const password = secret(stack);
        user(stack, 'off -@all', password);
        written(stack, 'Task', 'AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Name: 'core', Secrets: [{ Name: 'PASSWORD', ValueFrom: password.ref }] }] });
      },
      message: /^is watched by nobody/,
    },
    'a rule that sees no reads': { build: (stack) => { secret(stack); rule(stack, { State: 'ENABLED' }); }, message: /which is ENABLED and so never told of a call that reads/ },
    'a rule by default': { build: (stack) => { secret(stack); rule(stack, { State: undefined }); }, message: /which is ENABLED and so never told/ },
    'a rule that is off': { build: (stack) => { secret(stack); rule(stack, { State: 'DISABLED' }); }, message: /which is DISABLED/ },
    'nobody who hears': { build: (stack) => { secret(stack); rule(stack, { Targets: [] }); }, message: /has no target/ },
    'a declaration that says nothing': { build: (stack) => { secret(stack); rule(stack, {}, { [DECLARED_TRAIL_METADATA]: ' ' }); }, message: /does not say which trail records reads/ },
    'a trail that is off': { build: (stack) => { secret(stack); trail(stack, { IsLogging: false }); rule(stack, {}, {}); }, message: /Trail records no reads/ },
    'a trail of writes': { build: (stack) => { secret(stack); trail(stack, { EventSelectors: [{ ReadWriteType: 'WriteOnly' }] }); rule(stack, {}, {}); }, message: /Trail records no reads/ },
    'a trail of data': { build: (stack) => { secret(stack); trail(stack, { EventSelectors: [{ IncludeManagementEvents: false }] }); rule(stack, {}, {}); }, message: /Trail records no reads/ },
    'a rule on another secret': { build: (stack) => { secret(stack); rule(stack, { EventPattern: about({ secretId: [secret(stack, {}, {}, 'Other').ref] }) }); }, message: /^is watched by nobody/ },
    'a rule on something else': { build: (stack) => { secret(stack); rule(stack, { EventPattern: { ...READS, detail: { eventName: ['DeleteSecret'] } } }); }, message: /^is watched by nobody/ },
    'a rule on failures': {
      build: (stack) => { secret(stack); rule(stack, { EventPattern: { ...READS, detail: { ...READS.detail, errorCode: [{ exists: true }] } } }); }, message: /^is watched by nobody/,
    },
    'a rule on a schedule': { build: (stack) => { secret(stack); rule(stack, { EventPattern: undefined, ScheduleExpression: 'rate(1 day)' }); }, message: /^is watched by nobody/ },
  },
  override: { build: (stack) => { secret(stack); rule(stack).addPropertyOverride('State', 'ENABLED'); }, message: /never told of a call that reads/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::SecretsManager::Secret'), message: /^is watched by nobody/ },
  undecidable: {
    'a pattern of the deployment': (stack) => { secret(stack); rule(stack, { EventPattern: deployTimeValue(stack) }); },
    'a state of the deployment': (stack) => { secret(stack); rule(stack, { State: deployTimeValue(stack) }); },
  },
});

const refused = (stack: Stack, properties: Readonly<Record<string, unknown>> = {}): CfnResource =>
  rule(stack, { EventPattern: { ...READS, detail: { ...READS.detail, errorCode: [{ exists: true }] } }, ...properties });

describeRule('SEC-8.refusals', {
  compliant: {
    'a rule that sees reads': (stack) => { refused(stack); },
    'an alarm in place of a target': (stack) => {
      const counted = refused(stack, { Targets: undefined });
      new Alarm(stack, 'Alarm', { metric: new Metric({ namespace: 'AWS/Events', metricName: 'TriggeredRules', dimensionsMap: { RuleName: counted.ref } }), threshold: 1, evaluationPeriods: 1 });
    },
  },
  violating: {
    'a rule by default': { build: (stack) => refused(stack, { State: undefined }), message: /is ENABLED, so that the rule is never told/, severity: 'warning' },
    'a rule that sees no reads': { build: (stack) => refused(stack, { State: 'ENABLED' }), message: /is ENABLED, so that the rule is never told/ },
    'a rule that is off': { build: (stack) => refused(stack, { State: 'DISABLED' }), message: /is DISABLED/ },
    'nobody who hears': { build: (stack) => refused(stack, { Targets: [] }), message: /nobody hears of refused reads/ },
  },
  notApplicable: {
    'a rule on reads that went well': (stack) => { rule(stack, { State: 'ENABLED' }); },
    'a rule on failures of another call': (stack) => { refused(stack, { State: 'ENABLED', EventPattern: { ...READS, detail: { eventName: ['DeleteSecret'], errorCode: [{ exists: true }] } } }); },
    'a rule on a schedule': (stack) => { rule(stack, { EventPattern: undefined, ScheduleExpression: 'rate(1 day)', State: 'DISABLED' }); },
  },
  override: { build: (stack) => { refused(stack).addPropertyOverride('State', 'DISABLED'); }, message: /is DISABLED/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::Events::Rule', { EventPattern: { detail: { eventName: ['GetSecretValue'], errorCode: ['AccessDenied'] } } }), message: /is ENABLED/ },
  undecidable: {
    'a state of the deployment': (stack) => { refused(stack, { State: deployTimeValue(stack) }); },
  },
});
