import { messageOf } from '../message-of';
import type { Supervisor } from '../processes/supervisor';
import { type Cast, withCast } from './cast';
import type { VpcModel } from './model';
import { planOf } from './plan';
import { findNamespaces, type Namespaces, startWire, type Wire } from './wire';

/** Where networks come to life. */
export interface NetworkGround {
  /** A VPC that stands, or why it does not, as a sentence. */
  build(vpc: VpcModel, cast: Cast): Promise<Wire | string>;
}

export interface NetworkSurroundings {
  readonly supervisor: Supervisor;
  /** Absolute path of the proxy that stands in for a firewall. */
  readonly envoy: string;
  /** How namespaces are made here, or why they cannot be. @default - what the machine offers */
  readonly namespaces?: Namespaces | string;
}

export function networkGround({ supervisor, envoy, namespaces = findNamespaces() }: NetworkSurroundings): NetworkGround {
  return {
    build: async (vpc, cast) => {
      if (typeof namespaces === 'string') return namespaces;
      try {
        return await startWire(planOf(withCast(vpc, cast), cast, envoy), supervisor, namespaces);
      } catch (error) {
        return messageOf(error);
      }
    },
  };
}
