import { isIP } from 'net';
import { Token } from 'aws-cdk-lib';
import type { IPrivateNetwork } from '../network/private-network';

/** Has the resolver answer for the name of a store that stands elsewhere; those of AWS it knows, and what only a deployment knows is one of them. */
export function letResolve(network: IPrivateNetwork, host: string): void {
  if (!Token.isUnresolved(host) && isIP(host) === 0 && !host.endsWith('.amazonaws.com')) network.allowNames(host);
}
