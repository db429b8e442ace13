import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  type ClaimItem, type FleetItem, JOB_ATTRIBUTES, JOB_CREDENTIALS, type JobItem, type JoinItem, type LeaseItem, PARTITION_KEY, SORT_KEY, type StateKey, TTL_ATTRIBUTE, type WorkerItem,
} from '../../broker/items/contract';
import { FIELDS } from '../../broker/protocol/contract';

export type Item = Readonly<Record<string, AttributeValue>>;

/** What is in the state table is not what the contract says. None of it is repeated. */
export class UnreadableItem extends Error {
  public constructor() {
    super('unreadable item');
    this.name = 'UnreadableItem';
  }
}

export const text = (S: string): AttributeValue => ({ S });
export const number = (value: number): AttributeValue => ({ N: String(value) });
export const keyOf = ({ pk, sk }: StateKey): Record<string, AttributeValue> => ({ [PARTITION_KEY]: text(pk), [SORT_KEY]: text(sk) });

export interface Expressed {
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, AttributeValue>;
}

/** Names and values of an expression: every name is aliased, since some of ours are words of DynamoDB. */
export function expressed(names: readonly string[], values: Readonly<Record<string, AttributeValue>>): Expressed {
  return {
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
  };
}

function textOf(value: AttributeValue | undefined): string {
  if (value?.S === undefined) throw new UnreadableItem();
  return value.S;
}
const maybeText = (value: AttributeValue | undefined): string | undefined => (value === undefined ? undefined : textOf(value));

export function numberOf(value: AttributeValue | undefined): number {
  const read = value?.N === undefined ? NaN : Number(value.N);
  if (!Number.isSafeInteger(read)) throw new UnreadableItem();
  return read;
}
export const maybeNumber = (value: AttributeValue | undefined): number | undefined => (value === undefined ? undefined : numberOf(value));

function oneOf<const Word extends string>(words: readonly Word[], value: AttributeValue | undefined): Word {
  const read = words.find((word) => word === value?.S);
  if (read === undefined) throw new UnreadableItem();
  return read;
}

export function readWorker(item: Item): WorkerItem {
  return {
    state: oneOf(['active', 'revoked'], item.state),
    epoch: numberOf(item.epoch),
    kind: oneOf(['shared', 'own'], item.kind),
    keyId: maybeText(item.keyId),
    priorKeyId: maybeText(item.priorKeyId),
    priorUntil: maybeNumber(item.priorUntil),
    task: maybeText(item.task),
    expiresAt: maybeNumber(item[TTL_ATTRIBUTE]),
  };
}

export const readFleet = (item: Item): FleetItem => ({ epoch: numberOf(item.epoch), closed: maybeNumber(item.closed) });

export function readLease(item: Item): LeaseItem {
  return {
    leaseId: textOf(item.leaseId),
    worker: textOf(item.worker),
    epoch: numberOf(item.epoch),
    fleetEpoch: numberOf(item.fleetEpoch),
    keyId: maybeText(item.keyId),
    expiresAt: numberOf(item[TTL_ATTRIBUTE]),
    renewableUntil: numberOf(item.renewableUntil),
  };
}

export function writeLease({ leaseId, worker, epoch, fleetEpoch, keyId, expiresAt, renewableUntil }: LeaseItem): Record<string, AttributeValue> {
  return {
    leaseId: text(leaseId),
    worker: text(worker),
    epoch: number(epoch),
    fleetEpoch: number(fleetEpoch),
    ...(keyId !== undefined && { keyId: text(keyId) }),
    [TTL_ATTRIBUTE]: number(expiresAt),
    renewableUntil: number(renewableUntil),
  };
}

export const readClaim = (item: Item): ClaimItem => ({ worker: textOf(item.worker), expiresAt: numberOf(item[TTL_ATTRIBUTE]) });

export function readJoin(item: Item): JoinItem {
  return { worker: textOf(item.worker), invitedAt: numberOf(item.invitedAt), until: numberOf(item.until), spent: maybeNumber(item.spent), expiresAt: numberOf(item[TTL_ATTRIBUTE]) };
}

const WORKER_ID = new RegExp(`^(?:${FIELDS.worker_id.pattern})$`);
const CREDENTIAL_ID = new RegExp(`^(?:${FIELDS.credential_id.pattern})$`);

/** Somebody else writes jobs: what is not exactly one is none, and nobody's fault but the writer's. */
export function readJob(item: Item): JobItem | 'malformed' {
  const credentials = item.credentials?.SS ?? [];
  const isWhole = Object.keys(item).every((name) => JOB_ATTRIBUTES.some((known) => known === name))
    && credentials.length >= JOB_CREDENTIALS.least && credentials.length <= JOB_CREDENTIALS.most && credentials.every((id) => CREDENTIAL_ID.test(id));
  try {
    const [worker, assignedAt, expiresAt] = [maybeText(item.worker), numberOf(item.assignedAt), numberOf(item[TTL_ATTRIBUTE])];
    return isWhole && (worker === undefined || WORKER_ID.test(worker)) ? { worker, credentials: new Set(credentials), assignedAt, expiresAt } : 'malformed';
  } catch {
    return 'malformed';
  }
}
