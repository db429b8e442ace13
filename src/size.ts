import { RemovalPolicy } from 'aws-cdk-lib';

/** How much a Core costs, and how hard it is to lose. */
export enum Size {
  /** For trying it: one task and one NAT gateway. `cdk destroy` leaves nothing behind. */
  DEV = 'DEV',

  /** For a stage that others rely on: two tasks, scaled. `cdk destroy` leaves nothing behind. */
  STANDARD = 'STANDARD',

  /** For production: two tasks at least, scaled further, a NAT gateway a zone; what holds data or takes traffic resists deletion. */
  PRODUCTION = 'PRODUCTION',
}

/** What a size stands for. */
export interface Sizing {
  readonly minTasks: number;
  readonly maxTasks: number;
  /** Of the ingress tier, where it needs any. */
  readonly natGatewayPerZone: boolean;
  readonly deletionProtection: boolean;
  /** What a gate may use of its task: Fargate's units, MiB, and connections, which take up to 100 KB each with TLS. */
  readonly gate: { readonly cpu: number; readonly memoryLimitMiB: number; readonly connections: number };
  /** Of logs and other data. */
  readonly removalPolicy: RemovalPolicy;
}

const SMALL_GATE = { cpu: 256, memoryLimitMiB: 512, connections: 2000 };
const LARGE_GATE = { cpu: 512, memoryLimitMiB: 1024, connections: 5000 };

export const SIZING: Readonly<Record<Size, Sizing>> = {
  [Size.DEV]: { minTasks: 1, maxTasks: 1, natGatewayPerZone: false, deletionProtection: false, gate: SMALL_GATE, removalPolicy: RemovalPolicy.DESTROY },
  [Size.STANDARD]: { minTasks: 2, maxTasks: 4, natGatewayPerZone: false, deletionProtection: false, gate: SMALL_GATE, removalPolicy: RemovalPolicy.DESTROY },
  [Size.PRODUCTION]: { minTasks: 2, maxTasks: 10, natGatewayPerZone: true, deletionProtection: true, gate: LARGE_GATE, removalPolicy: RemovalPolicy.RETAIN },
};
