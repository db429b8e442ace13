import * as path from 'node:path';
import { App, type IPolicyValidationPlugin, type PolicyValidationPluginReport, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R4Checks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks } from 'cdk-nag';
import { type Baseline, note } from './baseline';

type Pack = new (scope: App) => IPolicyValidationPlugin & { validateScope(scope: App): PolicyValidationPluginReport };

const PACKS: Readonly<Record<string, Pack>> = {
  'cdk-nag AwsSolutions': AwsSolutionsChecks,
  'cdk-nag HIPAA.Security': HIPAASecurityChecks,
  'cdk-nag NIST.800-53.R4': NIST80053R4Checks,
  'cdk-nag NIST.800-53.R5': NIST80053R5Checks,
  'cdk-nag PCI.DSS.321': PCIDSS321Checks,
  'cdk-nag Serverless': ServerlessChecks,
};

/** The packs judge constructs, so every template is read back into constructs first. A rule that throws counts as a finding, as the packs themselves count it. */
export const NAG: Baseline = {
  name: 'cdk-nag',
  async run(files, folder) {
    const columns = new Map(Object.keys(PACKS).map((name) => [name, new Map<string, Set<string>>()]));
    const unread: string[] = [];
    for (const file of files) {
      // Lets the other tools' ends be noticed.
      await new Promise(setImmediate);
      const app = new App({ analyticsReporting: false, outdir: path.join(folder, 'nag.out') });
      try {
        new CfnInclude(new Stack(app, 'Stack'), 'Template', { templateFile: file.path });
      } catch {
        unread.push(file.name);
        continue;
      }
      for (const [name, Checks] of Object.entries(PACKS)) {
        const { violations } = new Checks(app).validateScope(app);
        for (const { ruleName, violatingResources } of violations) {
          for (const { constructPath } of violatingResources) note(columns.get(name) ?? new Map<string, Set<string>>(), file.name, `${ruleName} ${constructPath}`);
        }
      }
    }
    return { columns, unread };
  },
};
