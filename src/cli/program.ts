import { Command, Option } from 'commander';
import { version } from '../../package.json';
import { CHECKLISTS } from '../profiles/checklists';
import type { CertOptions } from './cert';
import { check, type CheckOptions } from './check';
import { colorsOf, NO_COLORS } from './colors';
import { addDoctor } from './doctor-command';
import type { DrillOptions } from './drill';
import type { AwsOptions } from './in-aws';
import { addIncident } from './incident-commands';
import { addKeys } from './keys';
import type { LockdownOptions } from './lockdown';
import type { ReportOptions } from './report';
import type { RotateOptions } from './rotate';
import { addWorkers } from './workers';

/** What a shell script may rely on. */
export const EXIT = { clean: 0, findings: 1, usage: 2 };

/** Every command with its arguments and options. What they do is imported once they are called, so that none waits for the others' libraries. */
export function buildProgram(): Command {
  const program = new Command('cdk-secure-core')
    .description('Judges CloudFormation templates and cloud assemblies against the cdk-secure-core checklist.')
    .version(version)
    .exitOverride();

  program.command('check')
    .description('judge a template (.json, .yaml), the folder that cdk synth writes, or a file of variables')
    .argument('[location]', 'a CloudFormation template, or a cloud assembly such as cdk.out')
    // Node reads an option of the long name wherever it stands, and takes NODE_OPTIONS out of the file (nodejs/node#54232): the short one passes by that.
    .option('-e, --env-file <file>', 'judge a file of variables instead, by the checklist of --profile')
    .addOption(new Option('--profile <name>', 'whose variables they are').choices(Object.keys(CHECKLISTS)))
    .option('--local', 'take in a file of variables what only a developer\'s machine may have')
    .addOption(new Option('--format <format>', 'how to print the findings').choices(['text', 'json', 'sarif']).default('text'))
    .option('--out <file>', 'write there instead of to standard output')
    .addOption(parameterOption())
    .addHelpText('after', '\nExit code: 0 clean or warnings only, 1 an unacknowledged error or fatal finding, 2 bad usage or unreadable input.')
    .action((location: string | undefined, options: CheckOptions) => {
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
    .addHelpText('after', '\nExit code: 0 everything was withstood, 1 an attack succeeded or was inconclusive, or the emulator holds something else, '
      + '2 bad usage or an assembly that cannot be drilled.')
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

  program.command('cert')
    .description('ask AWS Certificate Manager whether a certificate is fit for its listener: before a deployment, and once it stands')
    .argument('<certificate>', 'the ARN of a certificate, or a template or cloud assembly whose listeners name theirs')
    .addOption(repeatedOption('--name <host>', 'a name that callers use; may be repeated'))
    .option('--region <region>', 'where the load balancer stands')
    .option('--in-use-by <arn>', 'the load balancer that must use it by now')
    .option('--days <number>', 'how many days it must stay valid at least', '30')
    .addOption(new Option('--format <format>', 'how to print the answers').choices(['text', 'json']).default('text'))
    .addOption(parameterOption())
    .addHelpText('after', '\nExit code: 0 nothing is wrong, 1 something is, 2 bad usage, no credentials, or ACM cannot be asked.')
    .action(async (subject: string, options: CertOptions) => {
      const { cert } = await import('./cert.js');
      process.exitCode = await cert(subject, options, colorsOf(process.stdout), (text) => process.stdout.write(text)) ? EXIT.clean : EXIT.findings;
    });

  program.command('lockdown')
    .description('shut everybody out of a deployed stack within seconds, let them in again, or show which it is')
    .argument('<stack>', 'the name of the CloudFormation stack')
    .option('--status', 'show what the IP sets and the gates\' tables hold, and who reads the sets')
    .option('--on', 'lock everybody out, IPv4 and IPv6, at the web ACL and at every gate')
    .option('--off', 'let callers in again; refused while anything is forwarded without an authorizer')
    .option('--reason <text>', 'why, for the record')
    .option('--yes', 'do not ask')
    .option('--region <region>', 'where the stack is')
    .option('--endpoint-url <url>', 'another AWS endpoint, such as that of an emulator')
    .addHelpText('after', '\nExit code: 0 done, or in order as shown; 1 refused, done in part, not recorded, or out of order as shown; 2 bad usage, or AWS cannot be asked.')
    .action(async (stack: string, options: LockdownOptions & AwsOptions) => {
      const { lockdownInAws } = await import('./lockdown/in-aws.js');
      process.exitCode = await lockdownInAws(stack, options, colorsOf(process.stdout), (line) => process.stdout.write(`${line}\n`)) ? EXIT.clean : EXIT.findings;
    });

  program.command('rotate')
    .description('give secrets of a deployed stack new values, one after the other, each until nothing lets the old one in')
    .argument('<stack>', 'the name of the CloudFormation stack')
    .argument('[secrets...]', 'logical ids, names or ARNs, as --list shows them')
    .option('--all', 'every secret of the stack that rotates')
    .option('--list', 'show them, how old they are, and which are not rotated and why')
    .option('--leaked', 'until nothing that stood in the secret is let in: twice where it holds the next value too')
    .option('--since <time>', 'leave alone what has been rotated since: to go on after an interruption')
    .option('--timeout <minutes>', 'how long to wait for one rotation (default: 60)')
    .option('--yes', 'do not ask')
    .option('--region <region>', 'where the stack is')
    .option('--endpoint-url <url>', 'another AWS endpoint, such as that of an emulator')
    .addHelpText('after', '\nExit code: 0 done, or settled as shown; 1 stopped at a secret, or not settled as shown; '
      + '2 bad usage, no confirmation, a secret that nobody rotates, or AWS cannot be asked.')
    .action(async (stack: string, secrets: readonly string[], options: RotateOptions) => {
      const { rotateInAws } = await import('./rotate/in-aws.js');
      process.exitCode = await rotateInAws(stack, secrets, options, colorsOf(process.stdout), (line) => process.stdout.write(`${line}\n`)) ? EXIT.clean : EXIT.findings;
    });

  const done = (isDone: boolean): void => {
    process.exitCode = isDone ? EXIT.clean : EXIT.findings;
  };
  addKeys(program, repeatedOption, done);
  addWorkers(program, done);
  addIncident(program, done);
  addDoctor(program, done);
  return program;
}

function repeatedOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, values: string[]) => [...values, value]).default([]);
}

function parameterOption(): Option {
  return repeatedOption('--parameter <name=value>', 'as if deployed with this parameter; may be repeated');
}
