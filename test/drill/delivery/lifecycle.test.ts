import { keepingOf, refusalOf, whereabouts } from '../../../src/drill/delivery/lifecycle';
import type { JsonMap } from '../../../src/checks/template/template';

const LARGE = 128 * 1024;
const RULE = { Status: 'Enabled', Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 30 }], ExpirationInDays: 180, NoncurrentVersionExpiration: { NoncurrentDays: 1 } };

function bucket(rule: object = {}, more: object = {}): JsonMap {
  return {
    VersioningConfiguration: { Status: 'Enabled' },
    ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 180 } } },
    LifecycleConfiguration: { Rules: [{ ...RULE, ...rule }] },
    ...more,
  };
}

const on = (day: number, of: JsonMap = bucket(), bytes = LARGE, key = 'k') => {
  const where = whereabouts(keepingOf(of), { key, bytes }, day);
  return where.state === 'gone' ? 'gone' : `${where.state} ${where.storageClass}`;
};

test.each([
  [6, 'current STANDARD'], [29, 'current STANDARD'], [30, 'current STANDARD'], [31, 'current GLACIER_IR'],
  [179, 'current GLACIER_IR'], [180, 'current GLACIER_IR'], [181, 'hidden GLACIER_IR'], [182, 'gone'],
])(
  'on day %i: %s', (day, where) => expect(on(day)).toBe(where),
);

test('a small object stays where it is, and goes with the others', () => {
  expect([31, 181, 182].map((day) => on(day, bucket(), LARGE - 1))).toEqual(['current STANDARD', 'hidden STANDARD', 'gone']);
});

test('a rule that names a size of its own moves small ones too', () => {
  expect(on(31, bucket({ ObjectSizeGreaterThan: 0 }), 1)).toBe('current GLACIER_IR');
});

test('where the floor varies, the archives of S3 take small ones', () => {
  const varies = (StorageClass: string): JsonMap => bucket({}, {
    LifecycleConfiguration: { TransitionDefaultMinimumObjectSize: 'varies_by_storage_class', Rules: [{ ...RULE, Transitions: [{ StorageClass, TransitionInDays: 30 }] }] },
  });
  expect([on(31, varies('GLACIER'), 1), on(31, varies('GLACIER_IR'), 1)]).toEqual(['current GLACIER', 'current STANDARD']);
});

test('without an end for versions they stay for ever', () => {
  expect(on(10_000, bucket({ NoncurrentVersionExpiration: null }))).toBe('hidden GLACIER_IR');
});

test('without expiration nothing goes', () => {
  expect(on(10_000, bucket({ ExpirationInDays: null }))).toBe('current GLACIER_IR');
});

test('a lock keeps a version that was to go sooner', () => {
  expect([95, 179, 180].map((day) => on(day, bucket({ ExpirationInDays: 90 })))).toEqual(['hidden GLACIER_IR', 'hidden GLACIER_IR', 'gone']);
});

test('years of a lock are years', () => {
  expect(keepingOf(bucket({}, { ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Years: 2 } } } })).lockDays).toBe(730);
});

test('without versions it is gone at once', () => {
  expect(on(181, bucket({}, { VersioningConfiguration: null, ObjectLockConfiguration: null }))).toBe('gone');
});

test.each([
  ['off', { Status: 'Disabled' }], ['for something else', { Prefix: 'other/' }], ['for what has a tag', { TagFilters: [{ Key: 'a', Value: 'b' }] }],
])('a rule that is %s means nothing', (_, rule) => {
  expect(on(10_000, bucket(rule))).toBe('current STANDARD');
});

test('S3 refuses to move an object to where it takes none so young', () => {
  expect(refusalOf(keepingOf(bucket({ Transitions: [{ StorageClass: 'STANDARD_IA', TransitionInDays: 7 }] })))).toBe('S3 moves nothing to STANDARD_IA before day 30, and the rule says 7');
  expect(refusalOf(keepingOf(bucket()))).toBeUndefined();
});

test('a single transition is written without a list', () => {
  expect(on(31, bucket({ Transitions: null, Transition: { StorageClass: 'GLACIER', TransitionInDays: 30 } }))).toBe('current GLACIER');
});
