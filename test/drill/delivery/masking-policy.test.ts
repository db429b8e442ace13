import type { JsonMap } from '../../../src/checks/template/template';
import { maskOf } from '../../../src/drill/delivery/masking-policy';

const ADDRESS = 'somebody@example.com';
const LINE = `from ${ADDRESS} with ctx_0123456789abcdef`;
const EMAIL = 'arn:aws:dataprotection::aws:data-identifier/EmailAddress';

const policy = (dataIdentifier: readonly string[], operation: JsonMap): JsonMap => (
  { statement: [{ dataIdentifier, operation }], configuration: { customDataIdentifier: [{ name: 'Key', regex: 'ctx_[a-z0-9]{16,}' }] } }
);
const DEIDENTIFY = { deidentify: { maskConfig: {} } };

test('what the statements de-identify is masked, sign by sign', () => {
  expect(maskOf(policy([EMAIL, 'Key'], DEIDENTIFY))(LINE)).toBe(`from ${'*'.repeat(ADDRESS.length)} with ${'*'.repeat(20)}`);
});

test('nothing else is', () => {
  expect(maskOf(policy(['Key'], DEIDENTIFY))(LINE)).toContain(ADDRESS);
  expect(maskOf(policy([EMAIL], DEIDENTIFY))(LINE)).toContain('ctx_');
});

test('a statement that merely audits masks nothing', () => {
  expect(maskOf(policy([EMAIL, 'Key'], { audit: { findingsDestination: {} } }))(LINE)).toBe(LINE);
});

test('names may have capitals', () => {
  const mask = maskOf({
    Statement: [{ DataIdentifier: ['Key'], Operation: { Deidentify: { MaskConfig: {} } } }], Configuration: { CustomDataIdentifier: [{ Name: 'Key', Regex: 'ctx_[a-z0-9]{16,}' }] },
  });
  expect(mask(LINE)).not.toContain('ctx_');
});

test.each([undefined, 'text', {}])('without a policy lines stay as they are: %p', (none) => {
  expect(maskOf(none)(LINE)).toBe(LINE);
});
