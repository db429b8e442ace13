import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct, IConstruct } from 'constructs';
import type { ICoreStore } from '../data/core-store';
import { invalidProp } from '../invalid-prop';
import type { CoreContainerProps } from './core-container-props';
import { checkObservedVariables } from './observed-variables';
import { checkPlainEnvironment } from './plain-environment';

/** What a container is told: by whoever writes the app, and by its stores. */
export interface Told {
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, ecs.Secret>>;
}

/** For those whose compiler does not tell them: a database is given by its user. */
function checkStore(scope: Construct, prop: string, store: Partial<ICoreStore & IConstruct> | undefined): void {
  if (typeof store?.grantUse === 'function' && store.environment && store.secrets) return;
  throw invalidProp(scope, prop, store?.node?.path ?? typeof store, 'Name what a Core keeps data in: what postgres.addUser(…) or redis.addUser(…) returns, an AssetBucket or a SecureMemcached.');
}

/** Who tells some of them, as errors say it. */
export interface Teller extends Partial<Told> {
  readonly source: string;
}

/**
 * One map for each kind of variable, in which nobody overrules anybody.
 *
 * @param todo where two name the same one
 */
export function toldOnce(scope: Construct, tellers: readonly Teller[], todo: string): Told {
  const givenBy = new Map<string, string>();
  for (const { source, environment = {}, secrets = {} } of tellers) {
    for (const name of [...Object.keys(environment), ...Object.keys(secrets)]) {
      const other = givenBy.get(name);
      if (other !== undefined) throw invalidProp(scope, source, name, `${other} names the variable too: ${todo}`);
      givenBy.set(name, source);
    }
  }
  return {
    environment: Object.assign({}, ...tellers.map(({ environment }) => environment)) as Record<string, string>,
    secrets: Object.assign({}, ...tellers.map(({ secrets }) => secrets)) as Record<string, ecs.Secret>,
  };
}

/** What a Core is told by its container's props and its stores. */
export function toldBy(scope: Construct, container: CoreContainerProps, stores: readonly ICoreStore[]): Told {
  const { environment = {}, secrets = {}, telemetry, errorTracking } = container;
  stores.forEach((store, index) => { checkStore(scope, `stores[${index}]`, store); });
  checkObservedVariables(scope, environment);
  checkPlainEnvironment(scope, environment);
  return toldOnce(scope, [
    { source: 'container.environment', environment },
    { source: 'container.secrets', secrets },
    { source: 'container.telemetry', environment: telemetry?._environment(scope, 'container.telemetry') },
    { source: 'container.errorTracking', secrets: errorTracking?._secrets(scope, 'container.errorTracking') },
    ...stores.map((store, index) => ({ source: `stores[${index}]`, environment: store.environment, secrets: store.secrets })),
  ], 'name it once, or give the container one of the two stores.');
}
