import type { KeyConfiguration, ProofKind, TokenConfiguration } from '../gate/contract';

/** A token's demands, and where its signing keys are published; how they get to the gate is the gate's to say. */
export interface AuthorizerToken extends Omit<TokenConfiguration, 'keys'> {
  readonly jwksUri: string;
}

/** What the gate verifies behind an authorizer: once more what the load balancer did, and what that cannot. */
export interface AuthorizerIdentity {
  /** One of them is enough; of each, every proof is needed. */
  readonly accept: readonly (readonly ProofKind[])[];
  readonly tokens: readonly AuthorizerToken[];
  /** Whether the load balancer verifies certificates and names their subjects. */
  readonly certificate: boolean;
  readonly key?: KeyConfiguration;
}
