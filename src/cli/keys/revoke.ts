import { REVOCATION_MAX_AGE_SECONDS } from '../../gate/contract';
import { isSubject } from '../../runtime/gate/identity/names';
import { explainAwsError } from '../aws-errors';
import { confirm } from '../lockdown/confirm';
import { UsageError } from '../usage-error';
import type { Revocation, StoredKey } from './aws';
import { findTable } from './find-table';
import { identities } from './identities';
import { rememberedFrom } from './options';
import type { KeysWorld } from './world';

export interface RevokeOptions {
  /** Every key of one owner. */
  readonly owner?: string;
  /** `jti` of a token. */
  readonly tokenId?: string;
  /** `sub` of all tokens of somebody. */
  readonly subject?: string;
  readonly issuer?: string;
  /** Every key of whoever has this hash in the audit records. */
  readonly identity?: string;
  /** Whom the load balancer names so at the admin plane. */
  readonly admin?: string;
  /** How long a token, or an administrator, is remembered, such as `90d`. */
  readonly for?: string;
  readonly yes?: boolean;
  readonly table?: string;
}

/** Of what is typed for an id; fewer characters are a slip of the finger. */
const MIN_ID_LENGTH = 6;
const DIGEST_LENGTH = 64;
/** DynamoDB removes an item days after its time at the latest; a key is refused by its age before. */
const GRACE_MS = 24 * 60 * 60 * 1000;

/** Longer than most issuers let a token live; ours. */
const TOKEN_REMEMBERED = '90d';
/** As long as a login at the load balancer may last (`AdminSession`, sessionTimeout): whoever logs in after it is let in again. */
const ADMIN_REMEMBERED = '8h';

type Withdrawn = Pick<Revocation, 'kind' | 'value' | 'until'> & { readonly name: string; readonly revokedAt?: string };

/** Withdraws keys or tokens, and can be repeated: what is revoked stays so. */
export async function revoke(stack: string, id: string | undefined, options: RevokeOptions, world: KeysWorld): Promise<boolean> {
  checkCombination(id, options);
  const { aws, now, say } = world;
  const token = tokenOf(options, now()) ?? adminOf(options, now());
  const table = await findTable(aws, stack, options.table);
  const withdrawn = token ? [token] : (await chosenKeys(stack, table, id, options, world)).map((key) => keyRevocation(key, now()));
  await confirm(`revoke ${withdrawn.map(({ name }) => name).join(', ')} in`, { stack, yes: options.yes === true }, world);
  const by = await callerIfKnown(world);
  for (const { name, revokedAt, ...what } of withdrawn) {
    await aws.revoke(table, { ...what, at: now(), by });
    say(revokedAt === undefined ? `Revoked ${name}.` : `${name} was revoked at ${revokedAt} already, and stays so.`);
  }
  say(`Every gate refuses ${withdrawn.length === 1 ? 'it' : 'them'} within ${REVOCATION_MAX_AGE_SECONDS} seconds, and cuts streams that are open.`);
  return true;
}

async function chosenKeys(stack: string, table: string, id: string | undefined, { owner, identity }: RevokeOptions, { aws }: KeysWorld): Promise<readonly StoredKey[]> {
  const keys = await aws.keys(table);
  if (identity === undefined) return keysOf(keys, id, owner);
  if (!/^[0-9a-f]{32}$/.test(identity)) throw new UsageError(`--identity ${JSON.stringify(identity)}: give the 32 hexadecimal digits under identity in a record.`);
  const identityOf = await identities(aws, stack, table);
  const found = keys.filter((key) => identityOf.ofOwner(key.owner) === identity);
  if (found.length === 0) throw new UsageError(`No key's owner is ${identity} in the records: whoever it is showed something else, or his keys are gone. keys identity tells whether a name is his.`);
  return found;
}

function checkCombination(id: string | undefined, { owner, tokenId, subject, issuer, identity, admin }: RevokeOptions): void {
  const named = [id, owner, tokenId, subject, identity, admin].filter((one) => one !== undefined);
  if (named.length !== 1) throw new UsageError('Say what to revoke: the id of a key, --owner, --identity, --token-id, --subject or --admin, and one of them only.');
  if ((tokenId ?? subject) !== undefined && issuer === undefined) throw new UsageError('--issuer is missing: two issuers may give out one id, so that a token is named by both.');
  if ((tokenId ?? subject) === undefined && issuer !== undefined) throw new UsageError('--issuer is for tokens: add --token-id or --subject.');
}

function tokenOf({ tokenId, subject, issuer = '', for: period = TOKEN_REMEMBERED }: RevokeOptions, now: Date): Withdrawn | undefined {
  const value = tokenId ?? subject;
  if (value === undefined) return undefined;
  const [kind, option] = tokenId === undefined ? ['sub' as const, '--subject'] : ['jti' as const, '--token-id'];
  // As in `iss`, compared byte for byte: what the gate would not take for one is a slip.
  if (!/^[\x21-\x7e]{1,1024}$/.test(issuer)) throw new UsageError(`--issuer ${JSON.stringify(issuer)}: give the issuer exactly as in the token's iss.`);
  if (!isSubject(value)) throw new UsageError(`${option} ${JSON.stringify(value)}: give it exactly as in the token, 1 to 255 printable ASCII characters.`);
  return { kind, value: `${issuer} ${value}`, until: new Date(now.getTime() + rememberedFrom(period)), name: kind === 'jti' ? `token ${value} of ${issuer}` : `every token of ${value} at ${issuer}` };
}

function adminOf({ admin, for: period = ADMIN_REMEMBERED }: RevokeOptions, now: Date): Withdrawn | undefined {
  if (admin === undefined) return undefined;
  // As the gate takes it from the load balancer.
  if (!/^[\x21-\x7e]{1,256}$/.test(admin)) throw new UsageError(`--admin ${JSON.stringify(admin)}: give the subject (sub) of the login, as the user pool or the provider has it.`);
  return { kind: 'admin', value: admin, until: new Date(now.getTime() + rememberedFrom(period)), name: `the login of administrator ${admin}` };
}

function keysOf(keys: readonly StoredKey[], id: string | undefined, owner: string | undefined): readonly StoredKey[] {
  if (owner !== undefined) {
    const owned = keys.filter((key) => key.owner === owner);
    if (owned.length === 0) throw new UsageError(`--owner ${JSON.stringify(owner)} has no key.`);
    return owned;
  }
  const prefix = id?.toLowerCase() ?? '';
  if (!/^[0-9a-f]+$/.test(prefix) || prefix.length < MIN_ID_LENGTH || prefix.length > DIGEST_LENGTH) {
    throw new UsageError(`That is not the id of a key: give ${MIN_ID_LENGTH} or more of the hexadecimal digits that keys list shows. A key itself is never given.`);
  }
  const found = keys.filter(({ digest }) => digest.startsWith(prefix));
  if (found.length === 0) throw new UsageError(`There is no key ${prefix}.`);
  if (found.length > 1) throw new UsageError(`${prefix} stands for ${found.length} keys: ${found.map((key) => key.id).join(', ')}. Give more digits.`);
  return found;
}

function keyRevocation({ digest, id, owner, validUntil, revokedAt }: StoredKey, now: Date): Withdrawn {
  const until = new Date(Math.max(validUntil * 1000, now.getTime()) + GRACE_MS);
  return { kind: 'key', value: digest, until, name: `key ${id} of ${owner}`, ...(revokedAt !== undefined && { revokedAt }) };
}

/** Not knowing who revokes is no reason to leave a key in force. */
async function callerIfKnown({ aws }: KeysWorld): Promise<string> {
  try {
    return await aws.caller();
  } catch (error) {
    return `unknown: ${explainAwsError(error, { service: 'AWS' })}`;
  }
}
