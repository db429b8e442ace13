import { FLAWS, wrongIn } from '../../../src/drill/gate/attacks/start';
import { CONFIGURATION_VARIABLE } from '../../../src/gate/contract';
import { configured } from '../../support/gated';
import { readConfiguration } from '../../../src/runtime/gate/read-configuration';

const REFUSED = { isUp: false, code: 1, output: 'GATE_CONFIGURATION.core: is missing' };
const ENVIRONMENT = { [CONFIGURATION_VARIABLE]: configured(), GATE_AUDIT_KEY: 'a'.repeat(48), GATE_REDIS_PASSWORD: 'secret-of-the-store' };

test('a gate that ends with an error, and says nothing of what it was told, has refused', () => {
  expect(wrongIn(REFUSED, ['canary'])).toBeUndefined();
});

test.each([
  ['it starts', { ...REFUSED, isUp: true }],
  ['it neither starts nor ends', { isUp: false, output: '' }],
  ['it ends as if all were well', { ...REFUSED, code: 0 }],
  ['it writes down what it was told', { ...REFUSED, output: 'GATE_CONFIGURATION is {"canary' }],
])('another one has not: %s', (wrong, trial) => {
  expect(wrongIn(trial, ['canary'])).toBe(wrong);
});

test('one that a signal has ended has not ended well, and has not started', () => {
  expect(wrongIn({ ...REFUSED, code: null }, ['canary'])).toBeUndefined();
});

test('the configuration that is changed is one with which a gate starts', () => {
  expect(() => readConfiguration(ENVIRONMENT)).not.toThrow();
});

test.each(FLAWS.map((flaw) => [flaw.name, flaw] as const))('a gate %s is told otherwise', (_, { change }) => {
  expect(change(ENVIRONMENT, 'canary')).not.toEqual(ENVIRONMENT);
  expect(() => readConfiguration(change(ENVIRONMENT, 'canary'))).toThrow(/^(?!.*canary)/);
});
