import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Authorizer } from '../authorizer/authorizer';
import type { Ingress } from '../ingress/ingress';
import { type Size, SIZING } from '../size';
import type { Egress } from './egress';
import { PrivateNetwork } from './private-network';

/** What a Core's own network depends on. */
export interface NetworkNeeds {
  readonly ingress: Ingress;
  readonly authorizer: Authorizer;
  readonly size: Size;
  readonly egress?: Egress;
  readonly encryptionKey?: kms.IKey;
}

/** The network of a Core that is given none. */
export function networkFor(parent: Construct, { ingress, authorizer, size, egress, encryptionKey }: NetworkNeeds): PrivateNetwork {
  const { natGatewayPerZone, removalPolicy } = SIZING[size];
  return new PrivateNetwork(parent, 'Network', {
    // A load balancer with public addresses needs no gateway to ask others.
    ingressReachesInternet: !ingress._isInternetFacing && (authorizer.fetchesKeysFromInternet || ingress._reachesInternet),
    internetFacing: ingress._isInternetFacing,
    natGatewayPerZone,
    coreEgress: egress,
    removalPolicy,
    encryptionKey,
  });
}
