import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct, IConstruct } from 'constructs';
import type { ICoreStore } from '../data/core-store';
import { invalidProp } from '../invalid-prop';
import type { CoreContainerProps } from './core-container-props';
import { checkPlainEnvironment } from './plain-environment';

/** What a container is told: by whoever writes the app, and by its stores. */
export interface Told {
  readonly environment: Record<string, string>;
  readonly secrets: Record<string, ecs.Secret>;
}

/** For those whose compiler does not tell them: a database is given by its user. */
function checkStore(scope: Construct, prop: string, store: Partial<ICoreStore & IConstruct> | undefined): void {
  if (typeof store?.grantUse === 'function' && store.environment && store.secrets) return;
  throw invalidProp(scope, prop, store?.node?.path ?? typeof store, 'Name what a Core keeps data in: what postgres.addUser(…) or redis.addUser(…) returns, an AssetBucket or a SecureMemcached.');
}

/** One map for each kind of variable, in which nobody overrules anybody. */
export function toldBy(scope: Construct, container: CoreContainerProps, stores: readonly ICoreStore[]): Told {
  const { environment = {}, secrets = {} } = container;
  stores.forEach((store, index) => { checkStore(scope, `stores[${index}]`, store); });
  checkPlainEnvironment(scope, environment);
  const sources = [
    { source: 'container.environment', names: Object.keys(environment) },
    { source: 'container.secrets', names: Object.keys(secrets) },
    ...stores.map((store, index) => ({ source: `stores[${index}]`, names: [...Object.keys(store.environment), ...Object.keys(store.secrets)] })),
  ];
  const givenBy = new Map<string, string>();
  for (const { source, names } of sources) {
    for (const name of names) {
      const other = givenBy.get(name);
      if (other !== undefined) throw invalidProp(scope, source, name, `${other} names the variable too: name it once, or give the container one of the two stores.`);
      givenBy.set(name, source);
    }
  }
  return {
    environment: Object.assign({}, environment, ...stores.map((store) => store.environment)) as Record<string, string>,
    secrets: Object.assign({}, secrets, ...stores.map((store) => store.secrets)) as Record<string, ecs.Secret>,
  };
}
