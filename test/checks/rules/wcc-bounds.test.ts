import { brokered, brokerText, OWN, TOLD } from '../../support/brokered';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { callable, written } from '../../support/written';
import type { Stack } from 'aws-cdk-lib';

const told = (changes: object) => (stack: Stack): unknown => brokered(stack, {}, { text: brokerText(changes) });
const raw = (changes: object) => (stack: Stack): unknown => written(stack, 'Raw', 'AWS::Serverless::Function', { Environment: { Variables: { BROKER_CONFIGURATION: brokerText(changes) } } });
const NO_BROKER = { 'a function that is no broker': (stack: Stack) => callable(stack, 'Other') };

const WINDOW = /is 61, and has to be 5 to 60/;

describeRule('WCC-3.window', {
  compliant: { 'a minute': (stack) => brokered(stack), 'the least': told({ windowSeconds: 5, requestsPerMinute: 1 }), 'the most': told({ windowSeconds: 60, requestsPerMinute: 6000 }) },
  violating: {
    'more than a minute': { build: told({ windowSeconds: 61 }), message: WINDOW, severity: 'error' },
    'less than clocks agree by': { build: told({ windowSeconds: 4 }), message: /is 4, and has to be 5 to 60/ },
    'a part of a second': { build: told({ windowSeconds: 5.5 }), message: /is 5\.5, and has to be/ },
    'no window': { build: told({ windowSeconds: undefined }), message: /is not set, and has to be 5 to 60/ },
    'as many as anybody likes': { build: told({ requestsPerMinute: 6001 }), message: /is 6001, and has to be 1 to 6000/ },
    'no number': { build: told({ requestsPerMinute: 'many' }), message: /is NaN, and has to be 1 to 6000/ },
  },
  override: { build: (stack) => brokered(stack).addPropertyOverride(TOLD, brokerText({ windowSeconds: 61 })), message: WINDOW },
  raw: { build: raw({ windowSeconds: 61 }), message: WINDOW },
  undecidable: (stack) => told({ windowSeconds: deployTimeValue(stack) })(stack),
  notApplicable: NO_BROKER,
});

const leases = (changes: object): object => ({ leases: { ttlSeconds: 300, longestSeconds: 3600, onExit: 'revoke', ...changes } });
const TTL = /is 901, and has to be 60 to 900/;

describeRule('WCC-8.lease-bounds', {
  compliant: { 'five minutes': (stack) => brokered(stack), 'the most': told(leases({ ttlSeconds: 900, longestSeconds: 28_800, onExit: 'keep' })), 'no renewal': told(leases({ longestSeconds: 300 })) },
  violating: {
    'more than a quarter of an hour': { build: told(leases({ ttlSeconds: 901 })), message: TTL, severity: 'warning' },
    'years': { build: told(leases({ ttlSeconds: 315_360_000, longestSeconds: 315_360_000 })), message: /is 315360000, and has to be 60 to 28800/ },
    'more than a working day': { build: told(leases({ longestSeconds: 28_801 })), message: /is 28801, and has to be/ },
    'an end before it is due': { build: told(leases({ longestSeconds: 120 })), message: /is less than ttlSeconds/ },
    'no word of what leaves': { build: told(leases({ onExit: 'maybe' })), message: /is maybe, so whether leases end with their worker is not said/ },
    'nothing': { build: told({ leases: undefined }), message: /is not set, and has to be 60 to 900/ },
  },
  override: { build: (stack) => brokered(stack).addPropertyOverride(TOLD, brokerText(leases({ ttlSeconds: 901 }))), message: TTL },
  raw: { build: raw(leases({ ttlSeconds: 901 })), message: TTL },
  undecidable: (stack) => told(leases({ ttlSeconds: deployTimeValue(stack) }))(stack),
  notApplicable: NO_BROKER,
});

const own = (changes: object): object => ({ phase: { kind: 'per-worker-keys', own: { ring: 'production/workers/masters', keyLifeSeconds: 43_200, tokenSeconds: 600, ...changes } } });
const LIFE = /is 86401, and has to be 3600 to 86400/;

describeRule('WCC-7.key-life', {
  compliant: { 'half a day': (stack) => brokered(stack, { phase: OWN }), 'the most': told(own({ keyLifeSeconds: 86_400, tokenSeconds: 3600 })), 'no tokens': told(own({ tokenSeconds: undefined })) },
  violating: {
    'more than a day': { build: told(own({ keyLifeSeconds: 86_401 })), message: LIFE, severity: 'warning' },
    'no end': { build: told(own({ keyLifeSeconds: undefined })), message: /is not set, and has to be 3600 to 86400/ },
    'a token for a day': { build: told(own({ tokenSeconds: 86_400 })), message: /is 86400, and has to be 60 to 3600: whoever finds a token/ },
  },
  override: { build: (stack) => brokered(stack, { phase: OWN }).addPropertyOverride(TOLD, brokerText(own({ keyLifeSeconds: 86_401 }))), message: LIFE },
  raw: { build: raw(own({ keyLifeSeconds: 86_401 })), message: LIFE },
  undecidable: (stack) => told(own({ keyLifeSeconds: deployTimeValue(stack) }))(stack),
  notApplicable: { ...NO_BROKER, 'a broker of one key': (stack) => brokered(stack) },
});
