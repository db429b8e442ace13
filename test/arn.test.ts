import { regionAndAccountOf } from '../src/arn';

test.each([
  ['arn:aws:secretsmanager:eu-central-1:111122223333:secret:core-AbCdEf', 'eu-central-1', '111122223333'],
  ['arn:aws:s3:::bucket', '', ''],
  ['core', '', ''],
])('%s', (arn, region, account) => {
  expect(regionAndAccountOf(arn)).toEqual({ region, account });
});
