#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { version } from '../../package.json';
import { check, type CheckOptions } from './check';
import { colorsOf, NO_COLORS } from './colors';
import type { DrillOptions } from './drill';
import type { ReportOptions } from './report';
import { UsageError } from './usage-error';

/** What a shell script may rely on. */
const EXIT = { clean: 0, findings: 1, usage: 2 };

const program = new Command('cdk-secure-core')
  .description('Judges CloudFormation templates and cloud assemblies against the cdk-secure-core checklist.')
  .version(version)
  .exitOverride();

program.command('check')
  .description('judge a template (.json, .yaml) or the folder that cdk synth writes')
  .argument('<location>', 'a CloudFormation template, or a cloud assembly such as cdk.out')
  .addOption(new Option('--format <format>', 'how to print the findings').choices(['text', 'json', 'sarif']).default('text'))
  .option('--out <file>', 'write there instead of to standard output')
  .addOption(parameterOption())
  .addHelpText('after', '\nExit code: 0 clean or warnings only, 1 an unacknowledged error or fatal finding, 2 bad usage or unreadable input.')
  .action((location: string, options: CheckOptions) => {
    // What goes to a file goes there as it is.
    const paint = options.out === undefined ? colorsOf(process.stdout) : NO_COLORS;
    process.exitCode = check(location, options, paint, (text) => process.stdout.write(text)) ? EXIT.clean : EXIT.findings;
  });

program.command('drill')
  .description('attack a cloud assembly on this machine, without an AWS account, and write down the evidence')
  .argument('<cdk.out>', 'the folder that cdk synth writes; the evidence goes to secure-core/evidence.json in it')
  .option('--control <id>', 'only the attacks on this control, such as TLS-2; writes no evidence')
  .option('--family <name>', 'only the attacks on this family, such as IDN; writes no evidence')
  .option('--prove', 'also take every protection away, one after the other, and require that the attack then succeeds')
  .option('--json', 'print the evidence instead of a summary')
  .option('--keep', 'leave everything running until Ctrl-C, and say where')
  .addOption(parameterOption())
  .addHelpText('after', '\nExit code: 0 everything was withstood, 1 an attack succeeded or was inconclusive, or the emulator holds something else, 2 bad usage or an assembly that cannot be drilled.')
  .action(async (folder: string, options: DrillOptions) => {
    const { drill } = await import('./drill.js');
    const passed = await drill(folder, options, colorsOf(process.stdout), (text) => process.stdout.write(text), (line) => process.stderr.write(`${line}\n`));
    process.exitCode = passed ? EXIT.clean : EXIT.findings;
  });

program.command('report')
  .description('write one page for a reviewer: each control as typed, checked and attacked')
  .argument('<cdk.out>', 'the folder that cdk synth writes; `drill` leaves its evidence there')
  .addOption(new Option('--format <format>', 'a page, or the same as data').choices(['html', 'json']).default('html'))
  .option('--out <file>', 'write there instead of to <cdk.out>/secure-core/report.html')
  .addOption(parameterOption())
  .addHelpText('after', '\nExit code: 0 written, 2 bad usage, an unreadable assembly, or evidence about other templates or parameters.')
  .action(async (folder: string, options: ReportOptions) => {
    const { report } = await import('./report.js');
    report(folder, options, (text) => process.stdout.write(text));
  });

function parameterOption(): Option {
  return new Option('--parameter <name=value>', 'as if deployed with this parameter; may be repeated').argParser((pair: string, pairs: string[]) => [...pairs, pair]).default([]);
}

function explain(error: unknown): number {
  // Commander has printed its own sentence, and calls asking for help no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
  const sentence = error instanceof UsageError ? error.message : `This is a defect of cdk-secure-core: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown'}`;
  process.stderr.write(`${sentence}\n`);
  return EXIT.usage;
}

program.parseAsync().catch((error: unknown) => {
  process.exitCode = explain(error);
});
