import { type Command, Option } from 'commander';
import { type QuestionName, QUESTION_NAMES, questionOf } from './audit/queries';
import type { AuditOptions } from './audit';
import type { CorsOptions } from './cors';
import type { ExportOptions } from './export/in-aws';
import type { ImportOptions } from './import';
import type { AwsOptions } from './in-aws';
import { UsageError } from './usage-error';

const IMPORT_EXIT_CODES = 'Exit code: 0 everything that was redacted is set; 1 something is not deployed, or keys are to be made anew; '
  + '2 values are missing, bad usage, no confirmation, or AWS cannot be asked.';

/** Adds the commands by which somebody looks at a deployed stack, takes its configuration away and puts it back. @param done is told whether all was as asked */
export function addIncident(program: Command, done: (isDone: boolean) => void): void {
  const command = (usage: string, description: string): Command => program.command(usage).description(description)
    .argument('<stack>', 'the name of the CloudFormation stack')
    .option('--region <region>', 'where the stack is')
    .option('--endpoint-url <url>', 'another AWS endpoint, such as that of an emulator');

  command('audit', 'ask the audit records of a deployed stack one of the questions that an incident brings')
    .argument('<question>', QUESTION_NAMES.map((name) => `${name}: ${questionOf(name).description}`).join('; '))
    .option('--since <time>', 'a period such as 90m, 24h or 7d, or a moment in UTC', '24h')
    .option('--identity <hash>', 'of one caller, as the records call him')
    .option('--request-id <id>', 'of one request, as its x-request-id says')
    .addOption(new Option('--format <format>', 'how to print the answer').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExit code: 0 answered, 2 bad usage, no such stack, no answer, or AWS cannot be asked.')
    .action(async (stack: string, question: string, options: AuditOptions & AwsOptions) => {
      if (!isQuestion(question)) throw new UsageError(`There is no question ${question}: ask ${QUESTION_NAMES.join(', ')}.`);
      const { auditInAws } = await import('./audit/in-aws.js');
      done(await auditInAws(stack, question, options));
    });

  command('cors', 'show the origins whose pages may call each deployed gate, and how a template would change them')
    .argument('[location]', 'a CloudFormation template, or a cloud assembly such as cdk.out, to compare with')
    .option('--json', 'print them as data')
    .addHelpText('after', '\nExit code: 0 shown, and the same as the template\'s; 1 the template would change them, or a roll-out is under way; 2 bad usage, or AWS cannot be asked.')
    .action(async (stack: string, location: string | undefined, options: CorsOptions & AwsOptions) => {
      const { corsInAws } = await import('./cors/in-aws.js');
      done(await corsInAws(stack, location, options));
    });

  command('export', 'write the configuration of a deployed stack down, with [REDACTED] in place of what is secret')
    .option('--out <file>', 'write there instead of to standard output')
    .addHelpText('after', '\nExit code: 0 written, 2 bad usage, or AWS cannot be asked.')
    .action(async (stack: string, options: ExportOptions) => {
      const { exportInAws } = await import('./export/in-aws.js');
      done(await exportInAws(stack, options));
    });

  command('import', 'set again what an export had redacted, and say what is still missing')
    .argument('<manifest>', 'what export has written; - for standard input')
    .option('--values <file>', 'a JSON object of values by entry; - for standard input')
    .option('--yes', 'do not ask')
    .addHelpText('after', `\n${IMPORT_EXIT_CODES}`)
    .action(async (stack: string, manifest: string, options: ImportOptions & AwsOptions) => {
      const { importInAws } = await import('./export/in-aws.js');
      done(await importInAws(stack, manifest, options));
    });
}

function isQuestion(name: string): name is QuestionName {
  return QUESTION_NAMES.some((known) => known === name);
}
