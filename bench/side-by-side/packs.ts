import type { App, IPolicyValidationPlugin } from 'aws-cdk-lib';

export type PackName = 'bare' | 'AwsSolutions' | 'SecureCore';

/** What a synth is judged by, loaded by the synth that is judged by it: no pack pays for what another one imports. */
export const PACKS: Readonly<Record<PackName, (app: App) => Promise<IPolicyValidationPlugin | undefined>>> = {
  bare: () => Promise.resolve(undefined),
  AwsSolutions: async (app) => new (await import('cdk-nag')).AwsSolutionsChecks(app),
  SecureCore: async (app) => new (await import('../../src/index.js')).SecureCoreChecks(app),
};

export const PACK_NAMES = Object.keys(PACKS) as readonly PackName[];
