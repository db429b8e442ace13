import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { ColdStorage, RetentionTiers, type RetentionTiersProps } from '../../src';

const days = (count: number): Duration => Duration.days(count);
const figures = (tiers: RetentionTiers): number[] => [tiers.hotUntil, tiers.warmUntil, tiers.coldUntil, tiers.lockedUntil, tiers.expiresAfter].map((one) => one.toDays());

describe('RetentionTiers', () => {
  test('reads the checklist\'s 7, 30 and 180 days as ages, and locks and keeps records until the last', () => {
    expect(figures(RetentionTiers.ages())).toEqual([7, 30, 180, 180, 180]);
    expect(RetentionTiers.ages().coldStorage).toBe(ColdStorage.GLACIER_INSTANT_RETRIEVAL);
  });

  test('adds durations up', () => {
    expect(figures(RetentionTiers.durations())).toEqual([7, 37, 217, 217, 217]);
    expect(figures(RetentionTiers.durations({ hot: days(14), warm: days(60), cold: days(200) }))).toEqual([14, 74, 274, 274, 274]);
  });

  test('locks longer, and keeps as long as it locks unless longer is asked for', () => {
    expect(figures(RetentionTiers.ages({ lockedFor: days(365) }))).toEqual([7, 30, 180, 365, 365]);
    expect(figures(RetentionTiers.ages({ lockedFor: days(365), expiry: days(400) }))).toEqual([7, 30, 180, 365, 400]);
  });

  test('takes units that come to whole days', () => {
    expect(figures(RetentionTiers.ages({ hot: Duration.hours(168) }))[0]).toBe(7);
  });

  test.each<[string, RetentionTiersProps, RegExp]>([
    ['a hot tier that CloudWatch Logs does not take', { hot: days(8) }, /^RetentionTiers\.ages: hot is 8 days\. Name a figure that CloudWatch Logs takes: 7, 14, 30, /],
    ['a hot tier that is too short', { hot: days(5) }, /^RetentionTiers\.ages: hot is 5 days\. Name 7 days or more/],
    ['a warm tier that ends before the hot one', { hot: days(14), warm: days(13) }, /warm is 13 days\. Name the age at which the warm tier ends: not before the hot one does, after 14 days\./],
    ['a cold tier that ends before the warm one', { warm: days(200), cold: days(190) }, /cold is 190 days\. Name the age at which the cold tier ends: after the warm one, which ends after 200 days\./],
    ['fewer than 180 days', { cold: days(179) }, /cold is 179 days\. Name an age of 180 days or more: nothing is deleted before/],
    ['infrequent access before its 30th day', { warm: days(29), coldStorage: ColdStorage.INFREQUENT_ACCESS }, /warm is 29 days\. Name 30 days or more: S3 takes no younger objects into STANDARD_IA\./],
    ['a lock that ends before the cold tier', { lockedFor: days(179) }, /lockedFor is 179 days\. Name 180 days or more/],
    ['an expiry before the lock ends', { lockedFor: days(365), expiry: days(364) }, /expiry is 364 days\. Name 365 days or more: until then it is locked/],
    ['half a day', { hot: Duration.hours(180) }, /hot is 7 days 12 hours\. Name whole days, 1 or more/],
    ['no days', { warm: Duration.days(0) }, /warm is .*\. Name whole days, 1 or more/],
  ])('refuses %s', (_, props, message) => {
    expect(() => RetentionTiers.ages(props)).toThrow(message);
  });

  test('refuses days that only a deployment knows, since all are checked together', () => {
    const token = Duration.days(new CfnParameter(new Stack(), 'Days', { type: 'Number' }).valueAsNumber);
    expect(() => RetentionTiers.durations({ cold: token })).toThrow('RetentionTiers.durations: cold is a token. Name whole days that are known now');
  });

  test.each([ColdStorage.GLACIER_INSTANT_RETRIEVAL, ColdStorage.GLACIER, ColdStorage.DEEP_ARCHIVE])('takes %s at any age', (coldStorage) => {
    expect(figures(RetentionTiers.ages({ warm: days(7), coldStorage }))[1]).toBe(7);
  });

  test('says what Athena can read without anybody restoring it', () => {
    const { GLACIER_INSTANT_RETRIEVAL, INFREQUENT_ACCESS, GLACIER, DEEP_ARCHIVE } = ColdStorage;
    expect([GLACIER_INSTANT_RETRIEVAL, INFREQUENT_ACCESS, GLACIER, DEEP_ARCHIVE].map(({ isQueryable }) => isQueryable)).toEqual([true, true, false, false]);
  });
});
