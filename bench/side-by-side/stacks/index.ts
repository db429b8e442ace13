import type { App } from 'aws-cdk-lib';

export type StackName = 'cdk-secure-core' | 'ecs-patterns' | 'Solutions Constructs';

/** The stacks of the comparison, each loaded by the synth that is of it: no stack pays for what another one imports. */
export const STACKS: Readonly<Record<StackName, () => Promise<(app: App) => void>>> = {
  'cdk-secure-core': async () => (await import('./secure-core.js')).secureCore,
  'ecs-patterns': async () => (await import('./ecs-patterns.js')).ecsPatterns,
  'Solutions Constructs': async () => (await import('./solutions-constructs.js')).solutionsConstructs,
};

export const STACK_NAMES = Object.keys(STACKS) as readonly StackName[];
