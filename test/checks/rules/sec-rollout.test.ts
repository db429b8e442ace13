import type { CfnResource, Stack } from 'aws-cdk-lib';
import { task } from '../../support/containers';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { callable, permission, rotation, secret, written } from '../../support/written';

const CHANGES = { 'source': ['aws.secretsmanager'], 'detail-type': ['Secret Label Updated'] };
const EXEMPT = 'cdk-secure-core:rollout-exempt';
const rule = (stack: Stack, properties: Readonly<Record<string, unknown>> = {}): CfnResource => written(stack, 'Rule', 'AWS::Events::Rule', {
  EventPattern: CHANGES, Targets: [{ Id: 'Rollout', Arn: 'arn:aws:lambda:eu-central-1:111122223333:function:rollout' }], ...properties,
});

/** A secret that is rotated, and taken by a container. */
function taken(stack: Stack, metadata: Readonly<Record<string, unknown>> = {}): CfnResource {
  const key = secret(stack, {}, metadata);
  rotation(stack, key.ref);
  task(stack, { secrets: [{ name: 'INTERNAL_VLLM_API_KEY', valueFrom: `${key.ref}:current::` }] });
  return key;
}

describeRule('SEC-11.rollout', {
  compliant: {
    'a rule on all secrets': (stack) => { taken(stack); rule(stack); },
    'a rule on this secret': (stack) => { rule(stack, { EventPattern: { ...CHANGES, resources: [taken(stack).ref] } }); },
    'a rule on a detail of it': (stack) => { rule(stack, { EventPattern: { ...CHANGES, detail: { secretId: [taken(stack).ref], labelUpdated: ['AWSCURRENT'] } } }); },
    'a reason': (stack) => taken(stack, { [EXEMPT]: 'It is read anew for every request.' }),
  },
  violating: {
    'nothing': { build: (stack) => taken(stack), message: /^is rotated, and container core of Task goes on with the value/, severity: 'error' },
    'a rule on another secret': { build: (stack) => { taken(stack); rule(stack, { EventPattern: { ...CHANGES, resources: [secret(stack, {}, {}, 'Other').ref] } }); }, message: /goes on with the value/ },
    'a rule on other events': { build: (stack) => { taken(stack); rule(stack, { EventPattern: { ...CHANGES, 'detail-type': ['AWS API Call via CloudTrail'] } }); }, message: /goes on with the value/ },
    'a rule that is off': { build: (stack) => { taken(stack); rule(stack, { State: 'DISABLED' }); }, message: /^is rotated, and Rule, which is told of it, is off/ },
    'a rule without a target': { build: (stack) => { taken(stack); rule(stack, { Targets: [] }); }, message: /is off or has no target/ },
    'an empty reason': { build: (stack) => taken(stack, { [EXEMPT]: '' }), message: /gives no reason/ },
  },
  override: { build: (stack) => { taken(stack); rule(stack).addPropertyOverride('State', 'DISABLED'); }, message: /is off or has no target/ },
  raw: {
    build: (stack) => {
      written(stack, 'Raw', 'AWS::SecretsManager::Secret', { Name: 'core/key' });
      rotation(stack, 'core/key');
      task(stack, { secrets: [{ name: 'KEY', valueFrom: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:core/key-AbCdEf' }] });
    },
    message: /goes on with the value/,
  },
  undecidable: {
    'a pattern of the deployment': (stack) => { taken(stack); rule(stack, { EventPattern: deployTimeValue(stack) }); },
    'a state of the deployment': (stack) => { taken(stack); rule(stack, { State: deployTimeValue(stack) }); },
  },
  notApplicable: {
    'a secret that no container takes': (stack) => rotation(stack, secret(stack).ref),
    'a secret that stays the same': (stack) => task(stack, { secrets: [{ name: 'KEY', valueFrom: secret(stack).ref }] }),
  },
});

const SERVICE = 'events.amazonaws.com';

interface Clock {
  readonly clock?: Readonly<Record<string, unknown>>;
  readonly lets?: Readonly<Record<string, unknown>>;
}

/** A function that is told of changes, and by a clock as well. */
function clocked(stack: Stack, { clock = {}, lets = {} }: Clock = {}): CfnResource {
  const fn = callable(stack, 'Rollout');
  const targets = [{ Id: 'Rollout', Arn: fn.getAtt('Arn') }];
  permission(stack, fn, SERVICE, { SourceArn: rule(stack, { Targets: targets }).getAtt('Arn') });
  const tick = written(stack, 'Clock', 'AWS::Events::Rule', { ScheduleExpression: 'rate(15 minutes)', Targets: targets, ...clock });
  permission(stack, fn, SERVICE, { SourceArn: tick.getAtt('Arn'), ...lets }, 'Lets');
  return tick;
}

describeRule('SEC-11.callers', {
  compliant: {
    'a clock beside the events': (stack) => clocked(stack),
    'whatever rule it is': (stack) => clocked(stack, { lets: { SourceArn: undefined } }),
    'said to be on': (stack) => clocked(stack, { clock: { State: 'ENABLED' } }),
  },
  violating: {
    'a clock that is off': { build: (stack) => clocked(stack, { clock: { State: 'DISABLED' } }), message: /^is DISABLED, so that Rollout, which rolls secrets out, is not called/, severity: 'error' },
    'a clock that calls nobody': { build: (stack) => clocked(stack, { clock: { Targets: [] } }), message: /^do not name Rollout, which rolls secrets out/ },
    'a clock that calls another': { build: (stack) => clocked(stack, { clock: { Targets: [{ Id: 'Other', Arn: callable(stack, 'Other').getAtt('Arn') }] } }), message: /^do not name Rollout/ },
    'a clock that is not let in': { build: (stack) => clocked(stack, { lets: { Principal: 'sns.amazonaws.com' } }), message: /^name Rollout, which does not let the rule call it/ },
    'a permission of another function': { build: (stack) => clocked(stack, { lets: { FunctionName: callable(stack, 'Other').getAtt('Arn') } }), message: /does not let the rule call it/ },
    'events of which nobody may tell': {
      build: (stack) => rule(stack, { Targets: [{ Id: 'Rollout', Arn: callable(stack, 'Rollout').getAtt('Arn') }] }),
      message: /^name Rollout, which does not let the rule call it, so that no secret is rolled out by it/,
    },
  },
  override: { build: (stack) => clocked(stack).addPropertyOverride('State', 'DISABLED'), message: /^is DISABLED/ },
  raw: {
    build: (stack) => {
      written(stack, 'Raw', 'AWS::Serverless::Function');
      rule(stack, { Targets: [{ Id: 'Raw', Arn: { 'Fn::GetAtt': ['Raw', 'Arn'] } }] });
    },
    message: /^name Raw, which does not let/,
  },
  undecidable: {
    'a state of the deployment': (stack) => clocked(stack, { clock: { State: deployTimeValue(stack) } }),
    'a permission for whom the deployment says': (stack) => clocked(stack, { lets: { FunctionName: deployTimeValue(stack) } }),
  },
  notApplicable: {
    'a function of somebody else\'s': (stack) => rule(stack),
    'a clock of another function': (stack) => written(stack, 'Clock', 'AWS::Events::Rule', { State: 'DISABLED', Targets: [{ Id: 'Other', Arn: callable(stack, 'Other').getAtt('Arn') }] }),
  },
});
