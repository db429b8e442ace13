import { serviceName, servicesOf } from '../../src/network/endpoint-services';

test.each<[string, string[]]>([
  ['sqs:SendMessage', ['sqs']],
  ['SQS:SendMessage', ['sqs']],
  ['logs:PutLogEvents', ['logs']],
  ['cloudwatch:PutMetricData', ['monitoring']],
  ['ecr:GetAuthorizationToken', ['ecr.api', 'ecr.dkr']],
  ['ecr:GetDownloadUrlForLayer', ['ecr.api', 'ecr.dkr', 's3']],
  ['ecr:*', ['ecr.api', 'ecr.dkr', 's3']],
  ['bedrock:InvokeModelWithResponseStream', ['bedrock-runtime']],
  ['bedrock:InvokeAgent', ['bedrock-agent-runtime']],
  ['bedrock:ListFoundationModels', ['bedrock']],
  ['bedrock:Invoke*', ['bedrock-runtime', 'bedrock-agent-runtime', 'bedrock']],
  ['bedrock:InvokeModel*', ['bedrock-runtime']],
  ['dynamodb:GetItem', ['dynamodb']],
  ['dynamodb:GetRecords', []],
  ['dynamodb:*', ['dynamodb']],
  ['sagemaker:InvokeEndpoint', ['sagemaker.runtime']],
  ['rds-db:connect', []],
  ['elasticache:Connect', []],
  ['iam:PassRole', []],
  ['iam:GetRole', ['iam']],
  ['states:StartSyncExecution', ['sync-states']],
  ['states:StartExecution', ['states']],
])('%s needs %j', (action, services) => {
  expect(servicesOf(action)).toEqual(services);
});

test.each(['geo:GetMapTile', 'dynamodb:DescribeStream', 'nonsense', '__proto__:a', 'constructor:b'])('%s has no endpoint that is known', (action) => {
  expect(servicesOf(action)).toBeUndefined();
});

test('every service that an action needs has a name to ask for', () => {
  const actions = ['aps', 'appconfig', 'appsync', 'bedrock', 'cloudwatch', 'codeartifact', 'dynamodb', 'ecr', 'elasticache', 'elasticfilesystem', 'firehose', 'iam', 'iot', 'kinesis',
    'memorydb', 'mobiletargeting', 'rds-db', 's3', 'sagemaker', 'servicediscovery', 'ses', 'sms-voice', 'states', 'tag', 'transcribe'].flatMap((prefix) => servicesOf(`${prefix}:*`) ?? [prefix]);
  for (const service of actions) expect(serviceName(service)).not.toBe('');
});
