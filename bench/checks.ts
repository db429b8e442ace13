/**
 * Times the pack beside AwsSolutions of cdk-nag over the same app in the same run: 2,000 buckets and 100 load balancers.
 *
 * Two figures each: what the pack adds to a synth (`validate`, with the templates written), and what a unit test pays
 * (`validateScope`, from the construct tree). The sides alternate within a round, and a ratio is that of the medians.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, type IPolicyValidationContext, type IPolicyValidationPlugin, Stack } from 'aws-cdk-lib';
import { CfnListener, CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { SecureCoreChecks } from '../src';

const BUCKETS = 2000;
const LOAD_BALANCERS = 100;
/** CloudFormation takes 500 resources a stack. */
const PER_STACK = 250;
const ROUNDS = 7;
const GOAL = 0.2;

function build(outdir: string, scale: number): App {
  const app = new App({ outdir });
  let stack = new Stack(app, 'Stack');
  let count = 0;
  const place = (): Stack => {
    count += 1;
    if (count % PER_STACK === 0) stack = new Stack(app, `Stack${count}`);
    return stack;
  };
  for (let index = 0; index < BUCKETS * scale; index += 1) new CfnBucket(place(), `Bucket${index}`);
  for (let index = 0; index < LOAD_BALANCERS * scale; index += 1) {
    const scope = place();
    const balancer = new CfnLoadBalancer(scope, `LoadBalancer${index}`, { scheme: 'internal', type: 'application' });
    const redirect = { type: 'redirect', redirectConfig: { protocol: 'HTTPS', port: '443', statusCode: 'HTTP_301' } };
    new CfnListener(scope, `Listener${index}`, { loadBalancerArn: balancer.ref, protocol: 'HTTP', port: 80, defaultActions: [redirect] });
  }
  return app;
}

/** What the CDK hands to a plugin once the templates are written. */
function contextOf(app: App): IPolicyValidationContext {
  const stackTemplates = app.synth().stacks.map((stack) => ({ templatePath: stack.templateFullPath, stackConstructPath: stack.hierarchicalId, accountId: undefined, region: undefined }));
  return { appConstruct: app, stackTemplates, templatePaths: stackTemplates.map((stack) => stack.templatePath) };
}

function milliseconds(run: () => unknown): number {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function main(folder: string): void {
  const [app, double] = [build(path.join(folder, 'one'), 1), build(path.join(folder, 'two'), 2)];
  const [context, doubleContext] = [contextOf(app), contextOf(double)];
  const ours = (): SecureCoreChecks => new SecureCoreChecks(app);
  const theirs: () => IPolicyValidationPlugin & { validateScope(scope: App): unknown } = () => new AwsSolutionsChecks(app);
  const subjects: Readonly<Record<string, () => unknown>> = {
    'SecureCore, at synth': () => ours().validate(context),
    'AwsSolutions, at synth': () => theirs().validate(context),
    'SecureCore, validateScope': () => ours().validateScope(app),
    'AwsSolutions, validateScope': () => theirs().validateScope(app),
    'SecureCore, at synth, twice the app': () => new SecureCoreChecks(double).validate(doubleContext),
  };
  const times = new Map<string, number[]>(Object.keys(subjects).map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    process.stdout.write(`round ${round} of ${ROUNDS}${round === 0 ? ' (warm-up, not counted)' : ''}\n`);
    for (const [name, subject] of Object.entries(subjects)) {
      const time = milliseconds(subject);
      if (round > 0) times.get(name)?.push(time);
    }
  }
  const of = (name: string): number => median(times.get(name) ?? []);
  console.log(`\n${BUCKETS} buckets and ${LOAD_BALANCERS} load balancers, medians of ${ROUNDS}:`);
  for (const name of Object.keys(subjects)) console.log(`  ${of(name).toFixed(0).padStart(6)} ms  ${name}`);
  const ratio = (how: string): string => (of(`SecureCore, ${how}`) / of(`AwsSolutions, ${how}`)).toFixed(3);
  console.log(`ratio SecureCore / AwsSolutions: ${ratio('at synth')} at synth, ${ratio('validateScope')} by validateScope (goal ${GOAL})`);
  console.log(`twice the app: ${(of('SecureCore, at synth, twice the app') / of('SecureCore, at synth')).toFixed(2)} times as long (linear is 2)`);
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-checks-'));
try {
  main(folder);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
