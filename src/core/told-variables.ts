import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct, IConstruct } from 'constructs';
import type { ICoreStore } from '../data/core-store';
import { invalidProp } from '../invalid-prop';
import type { CoreContainerProps } from './core-container-props';
import { checkObservedVariables } from './observed-variables';
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
  checkObservedVariables(scope, environment);
  checkPlainEnvironment(scope, environment);
  const measured = container.telemetry?._environment(scope, 'container.telemetry') ?? {};
  const reported = container.errorTracking?._secrets(scope, 'container.errorTracking') ?? {};
  const sources = [
    { source: 'container.environment', names: Object.keys(environment) },
    { source: 'container.secrets', names: Object.keys(secrets) },
    { source: 'container.telemetry', names: Object.keys(measured) },
    { source: 'container.errorTracking', names: Object.keys(reported) },
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
    environment: Object.assign({}, environment, measured, ...stores.map((store) => store.environment)) as Record<string, string>,
    secrets: Object.assign({}, secrets, reported, ...stores.map((store) => store.secrets)) as Record<string, ecs.Secret>,
  };
}
