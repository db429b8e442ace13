import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type CoreContainerProps, type CoreService, type ICoreStore, PrivateNetwork, SecurePostgres } from '../../src';
import { containersIn } from '../support/gate';
import { ENV } from '../support/network-stack';
import { remoteCore } from '../support/remote-core';

const region = (): Stack => new Stack(new App(), 'Test', { env: ENV });

/** Somebody else's store, which an app may write as well. */
class Store implements ICoreStore {
  public readonly users: CoreService[] = [];

  public constructor(public readonly environment: Record<string, string>, public readonly secrets: Record<string, ecs.Secret> = {}) {}

  public grantUse(core: CoreService): void {
    this.users.push(core);
  }
}

const secretOf = (stack: Stack): ecs.Secret => ecs.Secret.fromSecretsManager(Secret.fromSecretCompleteArn(stack, 'Given', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:given-AbCdEf'));

describe('What a Core is told by its stores', () => {
  test('stands beside what its container is told, each kind with its own', () => {
    const stack = region();
    const [queue, search] = [new Store({ QUEUE_HOST: 'queue.acme.internal' }), new Store({ SEARCH_HOST: 'search.acme.internal' }, { SEARCH_PASSWORD: secretOf(stack) })];
    remoteCore(stack, { container: { environment: { LOG_LEVEL: 'info' } }, stores: [queue, search] });
    const { Core: core } = containersIn(Template.fromStack(stack));
    expect(core?.Environment).toEqual([
      { Name: 'LOG_LEVEL', Value: 'info' }, { Name: 'QUEUE_HOST', Value: 'queue.acme.internal' }, { Name: 'SEARCH_HOST', Value: 'search.acme.internal' },
    ]);
    expect(core?.Secrets).toEqual([{ Name: 'SEARCH_PASSWORD', ValueFrom: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:given-AbCdEf' }]);
  });

  test('is asked of each store once, for this Core', () => {
    const store = new Store({});
    const { core } = remoteCore(region(), { stores: [store] });
    expect(store.users).toEqual([core]);
  });

  test.each<[string, Partial<CoreContainerProps>, (stack: Stack) => Store[], string]>([
    ['container and a store', { environment: { QUEUE_HOST: 'x' } }, () => [new Store({ QUEUE_HOST: 'y' })],
      'Test/Core/Service: stores[0] is "QUEUE_HOST". container.environment names the variable too: name it once, or give the container one of the two stores.'],
    ['a store\'s secret and the container', { environment: { QUEUE_HOST: 'x' } }, (stack) => [new Store({}, { QUEUE_HOST: secretOf(stack) })],
      'stores[0] is "QUEUE_HOST". container.environment names'],
    ['two stores', {}, () => [new Store({ A: '1' }), new Store({ QUEUE_HOST: 'x' }), new Store({ QUEUE_HOST: 'x' })], 'stores[2] is "QUEUE_HOST". stores[1] names the variable too'],
    ['the two maps of a store', {}, (stack) => [new Store({ QUEUE_HOST: 'x' }, { QUEUE_HOST: secretOf(stack) })], 'stores[0] is "QUEUE_HOST". stores[0] names the variable too'],
  ])('is refused where a name is given twice, by %s', (_, container, stores, message) => {
    const stack = region();
    expect(() => remoteCore(stack, { container, stores: stores(stack) })).toThrow(message);
  });

  test.each<[string, (stack: Stack) => unknown, string]>([
    ['a database instead of its user', (stack) => new SecurePostgres(stack, 'Postgres', { network: new PrivateNetwork(stack, 'Network') }), '"Test/Postgres"'],
    ['a bucket of the CDK', (stack) => new Bucket(stack, 'Bucket'), '"Test/Bucket"'],
    ['nothing', () => undefined, '"undefined"'],
  ])('is refused in a sentence where JavaScript gives %s', (_, store, got) => {
    const stack = region();
    expect(() => remoteCore(stack, { stores: [store(stack) as ICoreStore] }))
      .toThrow(`Test/Core/Service: stores[0] is ${got}. Name what a Core keeps data in: what postgres.addUser(…) or redis.addUser(…) returns, an AssetBucket or a SecureMemcached.`);
  });
});
