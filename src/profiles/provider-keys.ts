import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { having, listOf } from '../check-kinds';
import { Egress } from '../network/egress';
import type { IProviderKey } from '../secrets/provider-key';

export const PROVIDER_KEYS = listOf(having('variable', 'List keys of providers, such as [new ProviderKey(…)], or leave it out.'));

/** What the container is filled with, each key as its own variable. */
export function secretsOf(keys: readonly IProviderKey[]): Record<string, ecs.Secret> {
  return Object.fromEntries(keys.map((key) => [key.variable, key.container()]));
}

/** The hosts of the providers whose keys these are; an issuer that `LlmProvider` does not know has none here. */
export function hostsOf(keys: readonly IProviderKey[]): Egress {
  const providers = keys.flatMap(({ provider }) => provider ?? []);
  return providers.length > 0 ? Egress.providers(...providers) : Egress.none();
}
