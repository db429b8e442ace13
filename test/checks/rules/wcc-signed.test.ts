import { Fn, type Stack } from 'aws-cdk-lib';
import type { BrokerConfiguration } from '../../../src/broker/contract';
import { brokered, brokerText, MIGRATION, orchestrator, OWN, pool, ringOf, SHARED, TOLD } from '../../support/brokered';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { callable, secret, written } from '../../support/written';

/** A part of the ring's name, of which hyphens stand between. */
const cut = (stack: Stack, index: number): string => Fn.select(index, Fn.split('-', Fn.select(6, Fn.split(':', ringOf(stack).ref))));

/** Two roles of the account that the broker's secrets are of, whose tasks may join. */
const TASKS = { account: '111122223333', roles: [{ name: 'core', prefix: 'a' }, { name: 'site', prefix: 'b' }] };
const joining = (tasks: object): Pick<BrokerConfiguration, 'phase'> => ({ phase: { ...OWN, own: { ...OWN.own, tasks: { ...TASKS, ...tasks } } } });
const ownArns = (stack: Stack): string => `arn:${stack.partition}:secretsmanager:${stack.region}:${stack.account}:secret:`;

const NONE = { phase: { kind: 'none' } } as never;
const NO_RING = /names no ring of keys \(phase\.shared\.ring\)/;

describeRule('WCC-1.signed-workers', {
  compliant: {
    'one key for all workers': (stack) => brokered(stack),
    'a key for each': (stack) => brokered(stack, { phase: OWN }),
    'both for a while': (stack) => brokered(stack, { phase: MIGRATION }),
    'a ring by reference': (stack) => brokered(stack, { phase: { kind: 'shared-key', shared: { ring: ringOf(stack).ref } } }),
    'a ring by its name, as AWS CDK cuts it': (stack) => brokered(stack, { phase: { kind: 'shared-key', shared: { ring: `${cut(stack, 0)}-${cut(stack, 1)}` } } }),
    'a ring by its ARN': (stack) => brokered(stack, { phase: { kind: 'shared-key', shared: { ring: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:production/workers/shared-AbCdEf' } } }),
    'tasks of its own account': (stack) => brokered(stack, joining({})),
    'tasks of its own account, whichever that is': (stack) => brokered(stack, { ...joining({ account: stack.account }), secretArns: ownArns(stack) }),
    'a ring whose ARN begins as the deployment has it': (stack) => brokered(stack, { secretArns: ownArns(stack) }),
  },
  violating: {
    'no phase': { build: (stack) => brokered(stack, {}, { text: brokerText({ phase: undefined }) }), message: /is not set, and of shared-key, per-worker-keys, migration a broker has one/, severity: 'error' },
    'a phase without a signature': { build: (stack) => brokered(stack, {}, { text: brokerText(NONE) }), message: /is none, and of shared-key/ },
    'no ring': { build: (stack) => brokered(stack, {}, { text: brokerText({ phase: { kind: 'shared-key' } }) }), message: NO_RING },
    'an empty name of a ring': { build: (stack) => brokered(stack, { phase: { kind: 'shared-key', shared: { ring: '' } } }), message: NO_RING },
    'one of two rings': { build: (stack) => brokered(stack, {}, { text: brokerText({ phase: { ...MIGRATION, own: undefined } }) }), message: /names no ring of keys \(phase\.own\.ring\)/ },
    'tasks of another account': { build: (stack) => brokered(stack, joining({ account: '444455556666' })), message: /is 444455556666, and the broker's secrets are those of 111122223333/ },
    'tasks of no account': { build: (stack) => brokered(stack, joining({ account: undefined })), message: /is not set, and the broker's secrets/ },
    'two roles of one prefix': { build: (stack) => brokered(stack, joining({ roles: [{ name: 'core', prefix: 'a' }, { name: 'site', prefix: 'a' }] })), message: /is a, as of another role/ },
    'two prefixes of one role': { build: (stack) => brokered(stack, joining({ roles: [{ name: 'core', prefix: 'a' }, { name: 'core', prefix: 'b' }] })), message: /is core, as of another role/ },
    'a role without a prefix': { build: (stack) => brokered(stack, joining({ roles: [{ name: 'core', prefix: '' }] })), message: /is empty, so that tasks join of which nobody knows whose they are/ },
    'one ring for both': {
      build: (stack) => brokered(stack, { phase: { ...MIGRATION, own: { ...OWN.own, ...SHARED.shared } } }),
      message: /each of them could make the key of every other/,
    },
    'one ring for both, in two words': {
      build: (stack) => brokered(stack, { phase: { ...MIGRATION, own: { ...OWN.own, ring: ringOf(stack).ref } } }),
      message: /each of them could make the key of every other/,
    },
  },
  override: { build: (stack) => brokered(stack).addPropertyOverride(TOLD, brokerText(NONE)), message: /is none, and of/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::Serverless::Function', { Environment: { Variables: { BROKER_CONFIGURATION: brokerText(NONE) } } }), message: /is none, and of/ },
  undecidable: {
    'a phase known at deployment': (stack) => brokered(stack, {}, { text: brokerText({ phase: { kind: deployTimeValue(stack) } }) }),
    'a ring whose name has other words in it': (stack) => brokered(stack, { phase: { kind: 'shared-key', shared: { ring: `elsewhere/${ringOf(stack).ref}` } } }),
    'a ring of none of the templates': (stack) => brokered(stack, {}, { text: brokerText({ phase: { kind: 'shared-key', shared: { ring: 'elsewhere' } } }) }),
    'tasks of an account known at deployment': (stack) => brokered(stack, joining({ account: deployTimeValue(stack) })),
    'a configuration known at deployment': (stack) => brokered(stack, {}, { text: deployTimeValue(stack) }),
    'a configuration that is no JSON': (stack) => brokered(stack, {}, { text: 'phase: shared-key' }),
  },
  notApplicable: {
    'a function that is no broker': (stack) => callable(stack, 'Other'),
    'a function whose variables are known at deployment': (stack) => written(stack, 'Other', 'AWS::Lambda::Function', { Environment: deployTimeValue(stack) }),
  },
});

const HMAC = 'TOM_CORE_WORKER_HMAC_SECRET';
const filled = (ValueFrom: unknown): Readonly<Record<string, unknown>> => ({ Secrets: [{ Name: HMAC, ValueFrom }] });
const plain = { Environment: [{ Name: HMAC, Value: 'x' }] };

const beside = (make: (stack: Stack) => unknown) => (stack: Stack): void => {
  brokered(stack);
  make(stack);
};

describeRule('WCC-1.one-key', {
  compliant: {
    'workers that sign with the broker\'s ring': beside((stack) => pool(stack, filled(`${ringOf(stack).ref}:current::`))),
    'a Core that checks with it': beside((stack) => orchestrator(stack, { Secrets: [{ Name: HMAC, ValueFrom: `${ringOf(stack).ref}:current::` }] })),
  },
  violating: {
    'a key in plain sight': { build: (stack) => pool(stack, plain), message: /in plain sight: whoever may describe it signs as any worker/, severity: 'error' },
    'another secret': {
      build: beside((stack) => pool(stack, filled(secret(stack, {}, {}, 'Other').ref))),
      message: /fills TOM_CORE_WORKER_HMAC_SECRET of container worker from Other, and no broker of the templates checks signatures with that/,
    },
  },
  override: { build: beside((stack) => pool(stack, filled(ringOf(stack).ref)).addPropertyOverride('ContainerDefinitions.0.Secrets.0.ValueFrom', secret(stack, {}, {}, 'Other').ref)), message: /from Other/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Name: 'worker', ...plain }] }), message: /in plain sight/ },
  undecidable: {
    'a secret of none of the templates': beside((stack) => pool(stack, filled('arn:aws:secretsmanager:eu-central-1:111122223333:secret:elsewhere-AbCdEf'))),
    'a secret known at deployment': beside((stack) => pool(stack, filled(deployTimeValue(stack)))),
  },
  notApplicable: {
    'a key where there is no broker': (stack) => pool(stack, filled('arn:aws:secretsmanager:eu-central-1:111122223333:secret:elsewhere-AbCdEf')),
    'workers that are told no key': beside((stack) => pool(stack)),
  },
});
