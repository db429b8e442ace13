/**
 * One synth in a process of its own: `node synth-once.js <stack> <pack> <outdir>`. Prints how long the process has lived by then, in
 * milliseconds: starting Node and loading the CDK are part of what a user waits for.
 */
import { App, Validations } from 'aws-cdk-lib';
import { type PackName, PACKS } from './packs';
import { type StackName, STACKS } from './stacks';

async function main(stack: StackName, pack: PackName, outdir: string): Promise<void> {
  const app = new App({ outdir, analyticsReporting: false, context: { 'aws:cdk:enable-path-metadata': true } });
  const build = await STACKS[stack]();
  build(app);
  const plugin = await PACKS[pack](app);
  if (plugin !== undefined) Validations.of(app).addPlugins(plugin);
  try {
    app.synth();
  } catch (error) {
    // A pack has found something; everything is written and judged by then.
    if (!(error instanceof Error) || !error.message.startsWith('Validation failed.')) throw error;
  }
  process.stdout.write(`\nlived ${(process.uptime() * 1000).toFixed(1)}\n`);
}

const [stack, pack, outdir] = process.argv.slice(2) as [StackName, PackName, string];
void main(stack, pack, outdir);
