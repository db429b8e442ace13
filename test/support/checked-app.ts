import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, type PolicyValidationPluginReport, Validations } from 'aws-cdk-lib';
import { CfnListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { type Construct } from 'constructs';
import { SecureCoreChecks } from '../../src';

const folders: string[] = [];
afterAll(() => folders.splice(0).forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })));

export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'checks-'));
  folders.push(folder);
  return folder;
}

// The CDK prints its report where a synth fails or warns.
let printed: jest.SpyInstance;
beforeEach(() => {
  printed = jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => printed.mockRestore());

export const POLICY = 'ELBSecurityPolicy-TLS13-1-3-2021-06';
const CERTIFICATE = 'arn:aws:acm:eu-central-1:111122223333:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6';
export const OLD_POLICY = 'ELBSecurityPolicy-2016-08';
export const POLICY_RULE = 'SecureCore::TLS-2.policy';

/** A listener of a network load balancer, of which few rules but the one about its policy have anything to say. */
export function listener(scope: Construct, sslPolicy?: string, loadBalancerArn = 'arn:elsewhere'): CfnListener {
  return new CfnListener(scope, 'Listener', { loadBalancerArn, protocol: 'TLS', port: 443, sslPolicy, certificates: [{ certificateArn: CERTIFICATE }], defaultActions: [] });
}

interface Report {
  readonly conclusion: string;
  readonly violations: readonly { readonly ruleName: string; readonly severity: string; readonly violatingConstructs: readonly { readonly constructPath: string }[] }[];
  readonly suppressedViolations?: readonly { readonly ruleName: string; readonly reason: string; readonly acknowledgedAt?: string }[];
}

interface Synth {
  readonly thrown: string | undefined;
  /** What the plugin wrote for the rule under test. */
  readonly policy: readonly string[];
  /** What was acknowledged of it: the place, which is empty for the app, and the reason. */
  readonly suppressed: readonly string[];
}

/** An app with the plugin, written to a folder of its own that goes after the tests. */
export class CheckedApp extends App {
  public constructor(context: Record<string, unknown> = {}) {
    super({ context, outdir: temporaryFolder() });
    Validations.of(this).addPlugins(new SecureCoreChecks(this));
  }

  public run(): Synth {
    let thrown: string | undefined;
    try {
      this.synth();
    } catch (error) {
      thrown = String(error);
    }
    const file = path.join(this.outdir, 'validation-report.json');
    const all = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as { pluginReports: (Report & { pluginName: string })[] }).pluginReports : [];
    const report = all.find(({ pluginName }) => pluginName === 'SecureCore');
    const policy = (report?.violations ?? []).filter(({ ruleName }) => ruleName.startsWith('TLS-2.policy'));
    return {
      thrown,
      policy: policy.flatMap(({ ruleName, severity, violatingConstructs }) => violatingConstructs.map(({ constructPath }) => `${severity} ${ruleName} ${constructPath}`)).sort(),
      suppressed: (report?.suppressedViolations ?? []).map(({ ruleName, reason, acknowledgedAt = '' }) => `${ruleName} at ${acknowledgedAt}: ${reason}`),
    };
  }
}

/** What a report finds, by the place. */
export function found({ violations }: Pick<PolicyValidationPluginReport, 'violations'>): string[] {
  return violations.flatMap(({ ruleName, severity, description, violatingResources }) => violatingResources
    .map(({ constructPath, locations }) => [severity, ruleName, constructPath, ...locations, description].join(' '))).sort();
}
