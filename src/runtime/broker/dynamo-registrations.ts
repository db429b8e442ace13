import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { joinKey, PARTITION_KEY, rosterKey, TTL_ATTRIBUTE, workerKey } from '../../broker/items/contract';
import { type Expressed, expressed, keyOf, number, text } from './dynamo-items';
import type { JoinToken, Registration } from './ports';

/** So long a worker is listed behind its end, in seconds (ours). */
const LISTED_SECONDS = 7 * 86_400;

interface Change {
  /** Assignments, without SET. */
  readonly set: readonly string[];
  readonly remove: readonly string[];
  readonly condition: string;
  readonly values: Readonly<Record<string, AttributeValue>>;
}

type RosterUpdate = Expressed & { readonly UpdateExpression: string; readonly ConditionExpression?: string };

const MAY_BE_NEW = `attribute_not_exists(#${PARTITION_KEY})`;
const NAMES = [PARTITION_KEY, 'state', 'kind', 'epoch', 'keyId', 'priorKeyId', 'priorUntil', 'task', TTL_ATTRIBUTE] as const;

/** What is written where a worker comes to be known: its item, its place in the list, and that its token is used up, in this order. */
export function registrationOf(TableName: string, worker: string, registration: Registration, now: number): readonly TransactWriteItem[] {
  const { expiresAt } = registration;
  const { set, remove, condition, values } = changeOf(registration, now);
  const assigned = ['#state = :active', `#${TTL_ATTRIBUTE} = :end`, ...set];
  const UpdateExpression = `SET ${assigned.join(', ')}${remove.length === 0 ? '' : ` REMOVE ${remove.map((name) => `#${name}`).join(', ')}`}`;
  // DynamoDB refuses names that nothing uses.
  const names = NAMES.filter((name) => new RegExp(`#${name}\\b`).test(`${UpdateExpression} ${condition}`));
  const expression = expressed(names, { active: text('active'), end: number(expiresAt), ...values });
  const item = { TableName, Key: keyOf(workerKey(worker)), UpdateExpression, ConditionExpression: condition, ...expression };
  const token = registration.kind === 'joined' && 'joinId' in registration.by ? registration.by : undefined;
  const roster = { TableName, Key: keyOf(rosterKey(worker)), ...rosterUpdate(now, expiresAt, token) };
  return [{ Update: item }, { Update: roster }, ...(token === undefined ? [] : [{ Update: spending(TableName, worker, token.joinId, now) }])];
}

/** When it registered, and how long it is listed; by a token only where nobody has revoked the worker since that was made. */
function rosterUpdate(now: number, expiresAt: number, token: JoinToken | undefined): RosterUpdate {
  const values = { now: number(now), end: number(expiresAt + LISTED_SECONDS) };
  const UpdateExpression = `SET #registeredAt = :now, #${TTL_ATTRIBUTE} = :end`;
  if (token === undefined) return { UpdateExpression, ...expressed(['registeredAt', TTL_ATTRIBUTE], values) };
  return {
    UpdateExpression,
    ConditionExpression: 'attribute_not_exists(#joinsFrom) OR #joinsFrom < :invitedAt',
    ...expressed(['registeredAt', 'joinsFrom', TTL_ATTRIBUTE], { ...values, invitedAt: number(token.invitedAt) }),
  };
}

/** How long one is listed that is over now. */
export const rosterEnd = (now: number): RosterUpdate => ({ UpdateExpression: `SET #${TTL_ATTRIBUTE} = :end`, ...expressed([TTL_ATTRIBUTE], { end: number(now + LISTED_SECONDS) }) });

function changeOf(registration: Registration, now: number): Change {
  switch (registration.kind) {
    case 'shared': {
      const epoch = epochOf(registration, now);
      return {
        set: ['#kind = :kind', epoch.set],
        remove: ['keyId', 'priorKeyId', 'priorUntil', 'task'],
        condition: `${MAY_BE_NEW} OR (#state = :active AND (#kind = :kind OR #${TTL_ATTRIBUTE} <= :now))`,
        values: { kind: text('shared'), now: number(now), ...epoch.values },
      };
    }
    case 'joined': {
      const epoch = epochOf(registration, now);
      const { by, keyId } = registration;
      return {
        set: ['#kind = :kind', '#keyId = :keyId', ...('task' in by ? ['#task = :task'] : []), epoch.set],
        remove: ['priorKeyId', 'priorUntil', ...('task' in by ? [] : ['task'])],
        // A task that has stopped meanwhile does not come back.
        condition: 'task' in by
          ? `${MAY_BE_NEW} OR (#state = :active AND (attribute_exists(#keyId) OR attribute_not_exists(#task) OR #${TTL_ATTRIBUTE} <= :now))`
          : `${MAY_BE_NEW} OR #state = :active`,
        values: { kind: text('own'), keyId: text(keyId), ...('task' in by && { task: text(by.task), now: number(now) }), ...epoch.values },
      };
    }
    case 'renewed': {
      const { keyId, presented, priorUntil } = registration;
      const values = { keyId: text(keyId), presented: text(presented) };
      if (priorUntil === undefined) {
        // The key before makes no more time for itself.
        return { set: ['#keyId = :keyId'], remove: [], condition: '#state = :active AND #priorKeyId = :presented AND #priorUntil > :now', values: { ...values, now: number(now) } };
      }
      return {
        set: ['#keyId = :keyId', '#priorKeyId = :presented', '#priorUntil = :priorUntil'],
        remove: [],
        condition: '#state = :active AND #keyId = :presented',
        values: { ...values, priorUntil: number(priorUntil) },
      };
    }
  }
}

/** A worker that was forgotten begins behind everything it ever had: with the time in milliseconds, of which no worker uses up as many as go by. */
function epochOf({ endsLeases }: { readonly endsLeases: boolean }, now: number): { readonly set: string; readonly values: Readonly<Record<string, AttributeValue>> } {
  const start = { start: number(now * 1000) };
  if (!endsLeases) return { set: '#epoch = if_not_exists(#epoch, :start)', values: start };
  return { set: '#epoch = if_not_exists(#epoch, :start) + :one', values: { ...start, one: number(1) } };
}

/** Together with what the token is used for: of two at once, one wins. */
function spending(TableName: string, worker: string, joinId: string, now: number): NonNullable<TransactWriteItem['Update']> {
  return {
    TableName,
    Key: keyOf(joinKey(joinId)),
    UpdateExpression: 'SET #spent = :now',
    ConditionExpression: `attribute_exists(#${PARTITION_KEY}) AND attribute_not_exists(#spent) AND #until > :now AND #worker = :worker`,
    ...expressed([PARTITION_KEY, 'spent', 'until', 'worker'], { now: number(now), worker: text(worker) }),
  };
}
