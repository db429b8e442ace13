import { type Command, Option } from 'commander';
import type { AwsOptions } from './in-aws';
import type { CreateOptions } from './keys/create';
import type { IdentityOptions } from './keys/identities';
import type { ImportOptions } from './keys/import';
import type { ListOptions } from './keys/list';
import type { RevokeOptions } from './keys/revoke';

/** Ours; long enough for a quarter, short enough that renewing is a habit. */
const DEFAULT_LIFE = '90d';
const DEFAULT_PREFIX = 'ctx_';

const EXIT_CODES = '\nExit code: 0 done, 1 a part could not be done as said, 2 bad usage, no confirmation, or AWS cannot be asked.';

/** Adds `keys` with its actions. @param done is told whether all was done as asked */
export function addKeys(program: Command, repeated: (flags: string, description: string) => Option, done: (isDone: boolean) => void): void {
  const keys = program.command('keys').description('make, list, revoke and take over the API keys of a deployed gate, which knows their digests alone');
  const action = (usage: string, description: string): Command => keys.command(usage).description(description)
    .option('--table <name>', "the gate's table, where a stack has several gates")
    .option('--region <region>', 'where the stack is')
    .option('--endpoint-url <url>', 'another AWS endpoint, such as that of an emulator')
    .addHelpText('after', EXIT_CODES);
  const life = ['--expires <period>', 'how long it is valid, 365d at most: 90d, 12h, 30m', DEFAULT_LIFE] as const;
  const prefix = ['--prefix <text>', 'what the keys of this gate begin with', DEFAULT_PREFIX] as const;
  const scope = (): Option => repeated('--scope <name>', 'what it may be used for; may be repeated, and has no default');

  action('create', 'make a key and print it, this once, to standard output')
    .argument('<stack>', 'the name of the CloudFormation stack')
    .requiredOption('--owner <name>', 'who will use it; the Core is told so')
    .addOption(scope()).option(...life).option(...prefix)
    .action(async (stack: string, options: CreateOptions & AwsOptions) => {
      const { ACTIONS, keysInAws } = await import('./keys/in-aws.js');
      done(await keysInAws(options, (world) => ACTIONS.createKey(stack, options, world)));
    });

  action('list', 'show every key: its id, owner, scopes and state')
    .argument('<stack>', 'the name of the CloudFormation stack')
    .option('--json', 'print them as data')
    .option('--audit', "also show what the audit records call each key's owner; reads the key that hashes them")
    .action(async (stack: string, options: ListOptions & AwsOptions) => {
      const { ACTIONS, keysInAws } = await import('./keys/in-aws.js');
      done(await keysInAws(options, (world) => ACTIONS.listKeys(stack, options, world)));
    });

  action('revoke', 'withdraw a key, all keys of an owner, a token, all tokens of somebody, or a login at the admin plane')
    .argument('<stack>', 'the name of the CloudFormation stack')
    .argument('[id]', 'the first digits of one key, as `keys list` shows them')
    .option('--owner <name>', 'every key of this owner')
    .option('--identity <hash>', 'every key of whoever has this hash in the audit records')
    .option('--token-id <jti>', 'one token, with --issuer')
    .option('--subject <sub>', 'every token of somebody, also one that is issued later, with --issuer')
    .option('--issuer <url>', 'who issued the token, exactly as in iss')
    .option('--admin <sub>', 'the login of somebody at the admin plane, which the load balancer cannot end')
    .option('--for <period>', 'how long that is remembered: at least as long as the issuer lets a token live (default: 90d), or a login lasts (default: 8h)')
    .option('--yes', 'do not ask')
    .action(async (stack: string, id: string | undefined, options: RevokeOptions & AwsOptions) => {
      const { ACTIONS, keysInAws } = await import('./keys/in-aws.js');
      done(await keysInAws(options, (world) => ACTIONS.revoke(stack, id, options, world)));
    });

  action('identity', 'tell what the audit records call a caller of this name; reads the key that hashes them')
    .argument('<stack>', 'the name of the CloudFormation stack')
    .argument('<name>', 'as the Core is told: an owner, a subject, or one with key:, token:<issuer># or admin: before it')
    .option('--end-user <name>', 'for whom the caller asked, where its tokens name one')
    .action(async (stack: string, name: string, options: IdentityOptions & AwsOptions) => {
      const { ACTIONS, keysInAws } = await import('./keys/in-aws.js');
      done(await keysInAws(options, (world) => ACTIONS.showIdentity(stack, name, options, world)));
    });

  action('import', 'take over keys that callers have, from a JSON array of key:user')
    .argument('<stack>', 'the name of the CloudFormation stack')
    .argument('<file>', 'the array; - for standard input')
    .addOption(scope()).option(...life).option(...prefix)
    .action(async (stack: string, file: string, options: ImportOptions & AwsOptions) => {
      const { ACTIONS, keysInAws } = await import('./keys/in-aws.js');
      done(await keysInAws(options, (world) => ACTIONS.importKeys(stack, file, options, world)));
    });
}
