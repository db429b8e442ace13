import type { App } from 'aws-cdk-lib';

export type ComparedName = 'cdk-secure-core' | 'ecs-patterns' | 'Solutions Constructs';
export type StackName = ComparedName | 'cdk-secure-core workers';

/** The stacks, each loaded by the synth that is of it: no stack pays for what another one imports. */
export const STACKS: Readonly<Record<StackName, () => Promise<(app: App) => void>>> = {
  'cdk-secure-core': async () => (await import('./secure-core.js')).secureCore,
  'cdk-secure-core workers': async () => (await import('./workers.js')).workers,
  'ecs-patterns': async () => (await import('./ecs-patterns.js')).ecsPatterns,
  'Solutions Constructs': async () => (await import('./solutions-constructs.js')).solutionsConstructs,
};

/** The stacks of the comparison: the same service, three times. */
export const COMPARED: readonly ComparedName[] = ['cdk-secure-core', 'ecs-patterns', 'Solutions Constructs'];

/** Ours, of which every finding is explained; to the second nobody else has anything to compare. */
export const OURS: readonly StackName[] = ['cdk-secure-core', 'cdk-secure-core workers'];
