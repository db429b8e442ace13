#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { check, type CheckOptions } from './check';
import { colorsOf, NO_COLORS } from './colors';
import { UsageError } from './usage-error';

/** What a shell script may rely on. */
const EXIT = { clean: 0, findings: 1, usage: 2 };

const program = new Command('cdk-secure-core')
  .description('Judges CloudFormation templates and cloud assemblies against the cdk-secure-core checklist.')
  .exitOverride();

program.command('check')
  .description('judge a template (.json, .yaml) or the folder that cdk synth writes')
  .argument('<location>', 'a CloudFormation template, or a cloud assembly such as cdk.out')
  .addOption(new Option('--format <format>', 'how to print the findings').choices(['text', 'json']).default('text'))
  .option('--out <file>', 'write there instead of to standard output')
  .option('--parameter <name=value>', 'judge as if deployed with this parameter; may be repeated', (pair: string, pairs: string[]) => [...pairs, pair], [])
  .addHelpText('after', '\nExit code: 0 clean or warnings only, 1 an unacknowledged error or fatal finding, 2 bad usage or unreadable input.')
  .action((location: string, options: CheckOptions) => {
    // What goes to a file goes there as it is.
    const paint = options.out === undefined ? colorsOf(process.stdout) : NO_COLORS;
    process.exitCode = check(location, options, paint, (text) => process.stdout.write(text)) ? EXIT.clean : EXIT.findings;
  });

function explain(error: unknown): number {
  // Commander has printed its own sentence, and calls asking for help no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
  const sentence = error instanceof UsageError ? error.message : `This is a defect of cdk-secure-core: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown'}`;
  process.stderr.write(`${sentence}\n`);
  return EXIT.usage;
}

try {
  program.parse();
} catch (error) {
  process.exitCode = explain(error);
}
