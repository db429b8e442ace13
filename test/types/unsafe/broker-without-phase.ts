// expect: Property 'phase' is missing
// control: WCC-1
import type { BrokerCredential, BrokerIngressOptions, CredentialBrokerProps, IAuditTrail, IPrivateNetwork } from '../../../src';

/** A broker that nobody has to sign anything for. */
export function unsafe(network: IPrivateNetwork, ingress: BrokerIngressOptions, audit: IAuditTrail, credentials: BrokerCredential[]): CredentialBrokerProps {
  return { network, ingress, audit, credentials, environment: 'production' };
}
