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
  /** Of logs and other data. */
  readonly removalPolicy: RemovalPolicy;
}

export const SIZING: Readonly<Record<Size, Sizing>> = {
  [Size.DEV]: { minTasks: 1, maxTasks: 1, natGatewayPerZone: false, deletionProtection: false, removalPolicy: RemovalPolicy.DESTROY },
  [Size.STANDARD]: { minTasks: 2, maxTasks: 4, natGatewayPerZone: false, deletionProtection: false, removalPolicy: RemovalPolicy.DESTROY },
  [Size.PRODUCTION]: { minTasks: 2, maxTasks: 10, natGatewayPerZone: true, deletionProtection: true, removalPolicy: RemovalPolicy.RETAIN },
};
