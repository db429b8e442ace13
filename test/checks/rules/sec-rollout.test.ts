import type { CfnResource, Stack } from 'aws-cdk-lib';
import { task } from '../../support/containers';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { rotation, secret, written } from '../../support/written';

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
