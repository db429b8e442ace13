import type { Command } from 'commander';
import type { AwsOptions } from './in-aws';
import type { AdmitOptions } from './workers/admit';
import type { InviteOptions } from './workers/invite';
import type { ListOptions } from './workers/list';
import type { RevokeOptions } from './workers/revoke';

/** As long as a broker lets an invitation last unless it is told otherwise. */
const DEFAULT_LIFE = '10m';

const EXIT_CODES = '\nExit code: 0 done, 2 bad usage, no confirmation, refused by the broker, or AWS cannot be asked.';

/** Adds `workers` with its actions. @param done is told whether all was done as asked */
export function addWorkers(program: Command, done: (isDone: boolean) => void): void {
  const workers = program.command('workers').description('invite, list, revoke and admit the workers of a deployed credential broker');
  const action = (usage: string, description: string): Command => workers.command(usage).description(description)
    .argument('<stack>', 'the name of the CloudFormation stack')
    .option('--broker <path>', "the broker's function, where a stack has several")
    .option('--region <region>', 'where the stack is')
    .option('--endpoint-url <url>', 'another AWS endpoint, such as that of an emulator')
    .addHelpText('after', EXIT_CODES);

  action('invite', 'make a join token for one worker and print it, this once, to standard output')
    .requiredOption('--worker <id>', 'who will join by it')
    .option('--expires <period>', 'how long it is good for: 1m to 60m', DEFAULT_LIFE)
    .action(async (stack: string, options: InviteOptions & AwsOptions) => {
      const { ACTIONS, workersInAws } = await import('./workers/in-aws.js');
      done(await workersInAws(options, (world) => ACTIONS.invite(stack, options, world)));
    });

  action('list', 'show every worker that the broker knows, and whether it is let in')
    .option('--json', 'print them as data')
    .action(async (stack: string, options: ListOptions & AwsOptions) => {
      const { ACTIONS, workersInAws } = await import('./workers/in-aws.js');
      done(await workersInAws(options, (world) => ACTIONS.listWorkers(stack, options, world)));
    });

  action('revoke', 'end the leases of a worker and keep it out, or end those of all')
    .argument('[worker]', 'its id, as `workers list` shows it')
    .option('--all', 'the leases of every worker; each may check out again')
    .option('--close', 'with --all: nobody is let in until `workers open`')
    .option('--yes', 'do not ask')
    .action(async (stack: string, worker: string | undefined, options: RevokeOptions & AwsOptions) => {
      const { ACTIONS, workersInAws } = await import('./workers/in-aws.js');
      done(await workersInAws(options, (world) => ACTIONS.revokeWorkers(stack, worker, options, world)));
    });

  action('admit', 'let a revoked worker register again; its leases stay ended')
    .argument('<worker>', 'its id, as `workers list` shows it')
    .option('--yes', 'do not ask')
    .action(async (stack: string, worker: string, options: AdmitOptions & AwsOptions) => {
      const { ACTIONS, workersInAws } = await import('./workers/in-aws.js');
      done(await workersInAws(options, (world) => ACTIONS.admitWorker(stack, worker, options, world)));
    });

  action('open', 'let workers in again after `workers revoke --all --close`')
    .option('--yes', 'do not ask')
    .action(async (stack: string, options: AdmitOptions & AwsOptions) => {
      const { ACTIONS, workersInAws } = await import('./workers/in-aws.js');
      done(await workersInAws(options, (world) => ACTIONS.openFleet(stack, options, world)));
    });
}
