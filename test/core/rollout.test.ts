import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { type IRedis, MasterKey, PrivateNetwork, Rollout, RotationRollout, SecureRedis } from '../../src';
import { ROLLOUT_VARIABLE, ROTATION_VARIABLE } from '../../src/secrets/contract';
import { SecretRotation } from '../../src/secrets/secret-rotation';
import { ENV } from '../support/network-stack';
import { remoteCore } from '../support/remote-core';

const app = (): Stack => new Stack(new App(), 'Test', { env: ENV });

/** The variable of every function that has it, as text. */
function told(template: Template, variable: string): string[] {
  const functions = Object.values(template.findResources('AWS::Lambda::Function')) as { Properties: { Environment?: { Variables: Record<string, unknown> } } }[];
  return functions.map(({ Properties }) => Properties.Environment?.Variables[variable]).filter((value) => value !== undefined).map((value) => JSON.stringify(value));
}

/** One whose password nobody of ours renews. */
function existingRedis(stack: Construct): IRedis {
  return SecureRedis.fromExisting(stack, 'Redis', {
    host: 'redis.acme.internal',
    securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1'),
    userName: 'gate',
    keyPrefix: 'gate',
    password: Secret.fromSecretCompleteArn(stack, 'Password', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:gate-AbCdEf'),
  });
}

/** A password of a Redis that the container knows itself. */
function sharedUser(stack: Stack): { readonly rotation: SecretRotation } {
  const { rotation } = new SecureRedis(stack, 'Shared', { network: new PrivateNetwork(stack, 'SharedNetwork') }).addUser('Shared', { keyPrefix: 'shared', commands: ['get'] });
  if (!(rotation instanceof SecretRotation)) throw new Error('The password is renewed.');
  return { rotation };
}

describe('A service whose secrets are renewed', () => {
  test('is deployed anew when its gate\'s password is, by what stands beside it', () => {
    const stack = app();
    const core = remoteCore(stack);
    expect(core.rollout).toBe(core.core.rollout);
    expect(core.rollout?.node.path).toBe('Test/Core/Service/Rollout');
    const [rollout, ...others] = told(Template.fromStack(stack), ROLLOUT_VARIABLE);
    expect(others).toEqual([]);
    expect(rollout).toMatch(/CoreServiceGateRedisGatePassword[0-9A-F]{8}/);
    expect(rollout).toMatch(/CoreService[0-9A-F]{8}/);
    expect(told(Template.fromStack(stack), ROTATION_VARIABLE)).toEqual([expect.stringContaining('\\"isRolledOut\\":true')]);
  });

  test('is not where its operator says how else the tasks get the new value', () => {
    const stack = app();
    const core = remoteCore(stack, { rollout: Rollout.none('The pipeline deploys it every night') });
    expect(core.rollout).toBeUndefined();
    Template.fromStack(stack).hasResource('AWS::SecretsManager::Secret', { Metadata: Match.objectLike({ 'cdk-secure-core:rollout-exempt': 'The pipeline deploys it every night' }) });
    expect(told(Template.fromStack(stack), ROLLOUT_VARIABLE)).toEqual([]);
    expect(told(Template.fromStack(stack), ROTATION_VARIABLE)).toEqual([expect.stringContaining('\\"isRolledOut\\":false')]);
  });

  test('is, however its container was given the secret', () => {
    const stack = app();
    const { secret } = new SecureRedis(stack, 'Shared', { network: new PrivateNetwork(stack, 'SharedNetwork') }).addUser('Shared', { keyPrefix: 'shared', commands: ['get'] });
    remoteCore(stack, { container: { secrets: { REDIS_PASSWORD: EcsSecret.fromSecretsManager(secret) } } });
    const [rollout] = told(Template.fromStack(stack), ROLLOUT_VARIABLE);
    expect(rollout).toMatch(/SharedPassword[0-9A-F]{8}/);
    for (const rotation of told(Template.fromStack(stack), ROTATION_VARIABLE)) expect(rotation).toContain('\\"isRolledOut\\":true');
  });

  test('waits for the master key that its container is given', () => {
    const stack = app();
    const master = new MasterKey(stack, 'Master', { backupAttestation: 'In the safe of the second site, on paper' });
    remoteCore(stack, { container: { secrets: { SECRETS_MASTER_KEY: master.container() } } });
    const [service] = Object.values(Template.fromStack(stack).findResources('AWS::ECS::Service'));
    expect(service?.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^MasterValue/)]));
  });

  test('finds the Redis of somebody else by its name, where the network answers for names that it was told', () => {
    const stack = app();
    remoteCore(stack, { gate: { redis: existingRedis(stack) } });
    Template.fromStack(stack).hasResourceProperties('AWS::Route53Resolver::FirewallDomainList', { Domains: Match.arrayWith(['redis.acme.internal']) });
  });

  test('has nothing beside it where nobody renews what it holds', () => {
    const stack = app();
    const core = remoteCore(stack, { gate: { redis: existingRedis(stack) } });
    expect(core.rollout).toBeUndefined();
    expect(told(Template.fromStack(stack), ROLLOUT_VARIABLE)).toEqual([]);
  });

  test('joins what rolls a secret out already, so that nobody who holds it is shut out', () => {
    const stack = app();
    const { rotation } = sharedUser(stack);
    const [first, second] = ['First', 'Second'].map((id) => {
      const scope = new Construct(stack, id);
      return remoteCore(scope, { gate: { redis: existingRedis(scope) }, container: { secrets: { SHARED: rotation.container() } } });
    });
    expect(first?.rollout).toBeInstanceOf(RotationRollout);
    expect(second?.rollout).toBeUndefined();
    const [rollout, ...others] = told(Template.fromStack(stack), ROLLOUT_VARIABLE);
    expect(others).toEqual([]);
    for (const id of ['First', 'Second']) expect(rollout).toMatch(new RegExp(`${id}CoreService[0-9A-F]{8}`));
  });

  test('is told of where the other one is in another stack, which cannot name it', () => {
    const shared = app();
    const { rotation } = sharedUser(shared);
    const holder = new RotationRollout(shared, 'Rollout');
    const elsewhere = remoteCore(shared, { gate: { redis: existingRedis(shared) } }, 'First');
    holder.roll(rotation, elsewhere.service);
    const stack = new Stack(shared.node.scope, 'Other', { env: ENV });
    const core = remoteCore(stack, { gate: { redis: existingRedis(stack) }, container: { secrets: { SHARED: rotation.container() } } });
    expect(core.rollout).toBeUndefined();
    Annotations.fromStack(stack).hasWarning('/Other/Core/Service',
      Match.stringLikeRegexp('Test/Rollout rolls Test/Shared/Shared/Password out, and this service holds it as well: name the service there'));
  });
});
