import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { PrivateNetwork, RotatingSecret, SecretKind, SecurePostgres, SecureRedis } from '../../src';
import { ENV } from '../support/network-stack';

function ofEachKind(): Stack {
  const stack = new Stack(new App(), 'Data', { env: ENV });
  const network = new PrivateNetwork(stack, 'Network');
  new RotatingSecret(stack, 'Ring', { kind: SecretKind.randomValue(), network });
  new SecurePostgres(stack, 'Postgres', { network }).addUser('User', { role: 'core' });
  new SecureRedis(stack, 'Redis', { network }).addUser('User', { keyPrefix: 'core', commands: ['get'] });
  return stack;
}

const template = Template.fromStack(ofEachKind());

/** What has to stand before a resource is made. */
function before(type: string, id: RegExp): readonly string[] {
  const [[, found] = []] = Object.entries(template.findResources(type)).filter(([logicalId]) => id.test(logicalId));
  if (!found) throw new Error(`There is no ${type} that is called ${String(id)}.`);
  return [found.DependsOn ?? []].flat() as string[];
}

describe('Nobody calls a function that renews a secret before it can reach', () => {
  test.each<[string, string, RegExp, RegExp[]]>([
    ['AWS services, to make a ring', 'Custom::Trigger', /^RingRotationEnsure/, [/^RingRotationHandlerSecurityGroupto/]],
    ['AWS services, on schedule', 'AWS::SecretsManager::RotationSchedule', /^RingRotationSchedule/, [/^RingRotationEnsure/]],
    ['its database, to make a login', 'Custom::Trigger', /^PostgresUserRotationEnsure/, [/^PostgresUserRotationHandlerSecurityGroupto.*5432/, /^PostgresSecurityGroupfrom.*5432/]],
    ['its database, on schedule', 'AWS::SecretsManager::RotationSchedule', /^PostgresUser/, [/^PostgresUserRotationEnsure/]],
    ['its cache, on schedule', 'AWS::SecretsManager::RotationSchedule', /^RedisUser/, [/^RedisUserRotationHandlerSecurityGroupto.*6379/, /^RedisSecurityGroupfrom.*6379/]],
  ])('%s', (_, type, id, rules) => {
    for (const rule of rules) expect(before(type, id)).toContainEqual(expect.stringMatching(rule));
  });

  test('and there is such a rule at either end', () => {
    template.resourcePropertiesCountIs('AWS::EC2::SecurityGroupEgress', { FromPort: 6379 }, 1);
    template.resourcePropertiesCountIs('AWS::EC2::SecurityGroupIngress', { FromPort: 6379 }, 1);
    template.resourcePropertiesCountIs('AWS::EC2::SecurityGroupEgress', { FromPort: 5432 }, 1);
  });
});

test('An alarm on age stands only when its secret has been asked about once', () => {
  const ages = Object.entries(template.findResources('AWS::CloudWatch::Alarm', { Properties: { Namespace: 'SecureCore/Secrets', TreatMissingData: 'breaching' } }));
  expect(ages).toHaveLength(3);
  for (const [, { DependsOn }] of ages) expect(DependsOn).toContainEqual(expect.stringMatching(/RotationSchedule/));
});

test('Nobody is warned of what he can do nothing about', () => {
  expect(Annotations.fromStack(ofEachKind()).findWarning('*', Match.anyValue())).toEqual([]);
});
