import { secretReference } from '../../src/cli/secret-reference';

const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:production/core-AbCdEf';
const WHOLE = { secretId: ARN, field: '', label: '', version: '' };

test.each([
  [ARN, WHOLE],
  [`${ARN}:::`, WHOLE],
  [`${ARN}:password::`, { ...WHOLE, field: 'password' }],
  [`${ARN}:password:AWSPREVIOUS:`, { ...WHOLE, field: 'password', label: 'AWSPREVIOUS' }],
  [`${ARN}::AWSCURRENT:6a4f1e0c`, { ...WHOLE, label: 'AWSCURRENT', version: '6a4f1e0c' }],
  ['production/core', { ...WHOLE, secretId: 'production/core' }],
  ['arn:aws:ssm:eu-central-1:111122223333:parameter/core', { ...WHOLE, secretId: 'arn:aws:ssm:eu-central-1:111122223333:parameter/core' }],
])('%s', (text, parts) => {
  expect(secretReference(text)).toEqual(parts);
});
