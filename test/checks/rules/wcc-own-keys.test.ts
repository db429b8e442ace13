import { type Stack } from 'aws-cdk-lib';
import { brokered, MIGRATION, mastersOf, orchestrator, OWN, pool, ringOf } from '../../support/brokered';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { secret } from '../../support/written';

const HMAC = 'TOM_CORE_WORKER_HMAC_SECRET';
const filled = (Name: string, ValueFrom: unknown): Readonly<Record<string, unknown>> => ({ Secrets: [{ Name, ValueFrom }] });
const beside = (make: (stack: Stack) => unknown) => (stack: Stack): void => {
  brokered(stack, { phase: OWN });
  make(stack);
};
const LEFT = /is told TOM_CORE_WORKER_HMAC_SECRET, and every worker has a key of its own/;
const MASTER = /from Masters, from which the keys of all workers are made/;

describeRule('WCC-7.own-keys', {
  compliant: {
    'workers that are told nothing secret': beside((stack) => pool(stack)),
    'workers that are told another secret': beside((stack) => pool(stack, filled('REDIS_PASSWORD', secret(stack, {}, {}, 'Redis').ref))),
    'a shared key for a while': (stack) => {
      brokered(stack, { phase: MIGRATION });
      pool(stack, filled(HMAC, ringOf(stack).ref));
    },
  },
  violating: {
    'a shared key that is left': { build: beside((stack) => pool(stack, filled(HMAC, ringOf(stack).ref))), message: LEFT, severity: 'error' },
    'a shared key in plain sight': { build: beside((stack) => pool(stack, { Environment: [{ Name: HMAC, Value: 'x' }] })), message: LEFT },
    'a Core that is told one': { build: beside((stack) => orchestrator(stack, filled(HMAC, ringOf(stack).ref))), message: LEFT },
    'the masters, by another name': { build: beside((stack) => pool(stack, filled('KEYS', `${mastersOf(stack).ref}:current::`))), message: MASTER, severity: 'error' },
  },
  override: { build: beside((stack) => pool(stack).addPropertyOverride('ContainerDefinitions.0.Secrets', [{ Name: HMAC, ValueFrom: mastersOf(stack).ref }])), message: MASTER },
  raw: { build: beside((stack) => pool(stack, filled(HMAC, 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:x-AbCdEf'))), message: LEFT },
  undecidable: beside((stack) => pool(stack, { Environment: deployTimeValue(stack) })),
  notApplicable: {
    'a broker of one key': (stack) => {
      brokered(stack);
      pool(stack, filled(HMAC, ringOf(stack).ref));
    },
  },
});
