import { Annotations, Token } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { type IPrivateNetwork, PrivateNetwork } from '../network/private-network';
import { isSafeEndpoint, OTLP_ENDPOINT, SENTRY_DSN } from './contract';

/** A token passes: rule MON-5 looks at what it comes to. */
export function checkOtlpEndpoint(scope: IConstruct, prop: string, endpoint: string): void {
  if (Token.isUnresolved(endpoint) || isSafeEndpoint(endpoint)) return;
  // Some collectors take a key in the URL, and it stays out of the message.
  throw invalidProp(scope, prop, `of scheme ${/^[a-z][a-z0-9+.-]*(?=:)/i.exec(endpoint)?.[0] ?? 'none'}`,
    'Name https://…, or http://localhost of a collector in the same task, without a user: traces tell of callers and of what they asked.');
}

/** Refuses what the typed props would refuse, where it is written by hand. */
export function checkObservedVariables(scope: IConstruct, environment: { readonly [name: string]: string }): void {
  if (Object.hasOwn(environment, SENTRY_DSN)) {
    throw invalidProp(scope, `container.environment.${SENTRY_DSN}`, 'in plain sight', 'Whoever has it writes into the project: take container.errorTracking with a secret.');
  }
  for (const [name, value] of Object.entries(environment)) {
    if (OTLP_ENDPOINT.test(name)) checkOtlpEndpoint(scope, `container.environment.${name}`, value);
  }
}

/** Says which servers the container wants to reach and is not let: of a network that was not made here nobody knows. */
export function warnOfUnreached(scope: Construct, hosts: readonly (string | undefined)[], network: IPrivateNetwork): void {
  const domains = network instanceof PrivateNetwork ? network._coreDomains : [];
  const isReached = (host: string): boolean => domains.some((domain) => domain === host || (domain.startsWith('.') && (host.endsWith(domain) || host === domain.slice(1))));
  for (const host of hosts) {
    if (host === undefined || isReached(host.toLowerCase())) continue;
    Annotations.of(scope).addWarningV2(`cdk-secure-core:unreached:${host}`,
      `The container sends to ${host}, and its egress does not name it: add Egress.allowDomains(['${host}']), or see that the network which is given lets it out. `
      + 'Otherwise nothing arrives, without a word.');
  }
}
