import { type Stack } from 'aws-cdk-lib';
import { PHASE_METADATA } from '../../../src/broker/contract';
import { brokered, brokerText, MIGRATION, OWN, TOLD } from '../../support/brokered';
import { deployTimeValue } from '../../support/load-balancing';
import { metadataOf } from '../../support/profiled-task';
import { describeRule } from '../../support/rule-cases';
import { callable, written } from '../../support/written';

const stated = (changes: object) => (stack: Stack): unknown => brokered(stack, { phase: MIGRATION }, { stated: changes });
const tom = (...choices: string[]) => (stack: Stack): unknown => tomIn('staging', ...choices)(stack);
const tomIn = (environment: string, ...choices: string[]) => (stack: Stack): unknown =>
  written(stack, 'Task', 'AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Name: 'Core' }] }, metadataOf('tom', { environment, choices }));
const PRODUCTION = /is a migration in production, where a key that all workers share/;
const DAYS = /it has to end 1 to 90 days later/;
const OTHER = /is shared-key, and Metadata cdk-secure-core:broker-phase says per-worker-keys/;

describeRule('WCC-10.phase', {
  compliant: {
    'one key for all': (stack) => brokered(stack),
    'a key for each': (stack) => brokered(stack, { phase: OWN }),
    'a migration of a month': (stack) => brokered(stack, { phase: MIGRATION }),
    'a migration of ninety days': stated({ writtenOn: '2026-09-02' }),
    'a Core whose workers check out': tom('checkout'),
    'a Core whose workers have keys': tom('per-worker-keys'),
    'a Core whose workers migrate': tom('migration', 'until:2026-12-01'),
    'a Core and its broker': (stack) => {
      tom('checkout')(stack);
      brokered(stack);
    },
  },
  violating: {
    'no word of it': { build: (stack) => brokered(stack, {}, { metadata: { [PHASE_METADATA]: undefined } }), message: /does not say how workers prove who they are/, severity: 'error' },
    'another phase than the broker has': { build: (stack) => brokered(stack, {}, { stated: { phase: 'per-worker-keys' } }), message: OTHER },
    'nobody whose credentials these are': { build: (stack) => brokered(stack, {}, { stated: { environment: ' ' } }), message: /does not say whose credentials these are/ },
    'a migration in production': { build: stated({ environment: 'Production' }), message: PRODUCTION },
    'a migration in a production of several': { build: stated({ environment: 'prod-eu' }), message: PRODUCTION },
    'a migration of years': { build: stated({ writtenOn: '2025-11-01' }), message: DAYS },
    'a migration of ninety-one days': { build: stated({ writtenOn: '2026-09-01' }), message: DAYS },
    'a migration that was over before': { build: stated({ writtenOn: '2026-12-01' }), message: DAYS },
    'a migration without a date': { build: stated({ until: undefined }), message: /is a migration until no day/ },
    'a migration to a day that is none': { build: stated({ until: '2026-13-40' }), message: DAYS },
    'a migration that was written on no day': { build: stated({ writtenOn: undefined }), message: /written on no day/ },
    'a date that the broker is not told': { build: stated({ until: '2026-11-30' }), message: /is 2026-12-01, and Metadata cdk-secure-core:broker-phase says 2026-11-30/ },
    'a Core of no phase': { build: tom(), message: /says of checkout, per-worker-keys, migration none as the phase of its workers/ },
    'a Core of two phases': { build: tom('checkout', 'migration'), message: /more than one as the phase/ },
    'a Core that migrates in production': { build: tomIn('production', 'migration', 'until:2026-12-01'), message: PRODUCTION },
    'a Core that migrates for ever': { build: tom('migration'), message: /is a migration that ends on no day/ },
    'a Core and a broker of another phase': {
      build: (stack) => {
        tom('per-worker-keys')(stack);
        brokered(stack);
      },
      message: /no broker of the templates is in that phase/,
    },
  },
  override: { build: (stack) => brokered(stack, { phase: OWN }).addPropertyOverride(TOLD, brokerText()), message: OTHER },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::Serverless::Function', { Environment: { Variables: { BROKER_CONFIGURATION: brokerText() } } }), message: /does not say how workers prove/ },
  undecidable: {
    'what only a deployment says': (stack) => brokered(stack, {}, { stated: { environment: deployTimeValue(stack) } }),
    'a phase known at deployment': (stack) => brokered(stack, {}, { text: brokerText({ phase: { kind: deployTimeValue(stack) } }) }),
  },
  notApplicable: {
    'a function that is no broker': (stack) => callable(stack, 'Other'),
    'a task of another profile': (stack) => written(stack, 'Task', 'AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Name: 'Core' }] }, metadataOf('cortex')),
  },
});
