import { JOIN_KEPT_SECONDS } from '../../broker/items/contract';
import { type ManagementAnswer, MANAGEMENT_NAMES, type ManagementName, type ManagementRefusal } from '../../broker/operations/contract';
import { FIELDS, JOIN_TOKEN_SEPARATOR } from '../../broker/protocol/contract';
import { faultOf } from '../rotation/log';
import { isJsonObject, type JsonObject, memberOf } from '../shared/json-object';
import { joinSecret } from './keys';
import type { BrokerParts } from './parts';
import { secondsOf } from './ports';

/** What came of a management request, with what a record may say of it. */
export interface Operated {
  readonly answer: ManagementAnswer;
  readonly name?: ManagementName;
  readonly worker?: string;
}

/** 128 bits, in 22 characters of base64url. */
const JOIN_ID_BYTES = 16;
const WORKER_ID = new RegExp(`^(?:${FIELDS.worker_id.pattern})$`);

const refusal = (error: ManagementRefusal['error']): ManagementRefusal => ({ error });

/** Does what somebody asks who may call the function itself: to IAM it has been said who that is. */
export async function operate(event: unknown, parts: BrokerParts): Promise<Operated> {
  const asked = askedIn(event);
  if (asked === undefined) return { answer: refusal('malformed') };
  const { name, members } = asked;
  const worker = memberOf(members, 'worker');
  const known = { name, ...(isWorker(worker) && { worker }) };
  try {
    return { ...known, answer: await answerTo(name, members, parts) };
  } catch (error) {
    parts.log({ event: 'broker-fault', ...faultOf(error) });
    return { ...known, answer: refusal('unavailable') };
  }
}

/** An object of one member, which names what is asked. */
function askedIn(event: unknown): { readonly name: ManagementName; readonly members: JsonObject } | undefined {
  if (!isJsonObject(event) || Object.keys(event).length !== 1) return undefined;
  const name = MANAGEMENT_NAMES.find((known) => Object.hasOwn(event, known));
  const members = name === undefined ? undefined : event[name];
  return name !== undefined && isJsonObject(members) ? { name, members } : undefined;
}

async function answerTo(name: ManagementName, members: JsonObject, parts: BrokerParts): Promise<ManagementAnswer> {
  const { workers, fleet, clock } = parts;
  const has = (...names: readonly string[]): boolean => Object.keys(members).length === names.length && names.every((member) => Object.hasOwn(members, member));
  const now = secondsOf(clock);
  const worker = memberOf(members, 'worker');
  switch (name) {
    case 'invite': {
      const life = memberOf(members, 'lifeSeconds');
      return has('worker', 'lifeSeconds') && isWorker(worker) && typeof life === 'number' && Number.isSafeInteger(life) && life > 0 ? invite(worker, life, now, parts) : refusal('malformed');
    }
    case 'revoke': return has('worker') && isWorker(worker) ? revoke(worker, parts) : refusal('malformed');
    case 'admit': return has('worker') && isWorker(worker) ? epochOr(await workers.admit(worker, now)) : refusal('malformed');
    case 'revokeAll': {
      const close = memberOf(members, 'close');
      return has('close') && typeof close === 'boolean' ? { epoch: await fleet.endAll(close ? now : undefined) } : refusal('malformed');
    }
    case 'open': return has() ? { epoch: await fleet.open() } : refusal('malformed');
    case 'list': {
      const after = memberOf(members, 'after');
      if (!has() && !(has('after') && isWorker(after))) return refusal('malformed');
      return list(isWorker(after) ? after : undefined, now, parts);
    }
  }
}

async function invite(worker: string, life: number, now: number, { configuration: { phase, host }, keys, workers, clock, randomBytes }: BrokerParts): Promise<ManagementAnswer> {
  const longest = phase.kind === 'shared-key' ? undefined : phase.own.tokenSeconds;
  if (longest === undefined) return refusal('not-in-this-phase');
  if (life > longest) return refusal('life-too-long');
  const master = (await keys.read()).own?.current;
  if (master === undefined) return refusal('unavailable');
  const joinId = randomBytes(JOIN_ID_BYTES).toString('base64url');
  const until = now + life;
  await workers.invite(joinId, { worker, invitedAt: clock(), until, expiresAt: until + JOIN_KEPT_SECONDS });
  return { token: `${joinId}${JOIN_TOKEN_SEPARATOR}${joinSecret(master, worker, joinId)}`, worker, until, url: `https://${host}` };
}

async function list(after: string | undefined, now: number, { workers, reads }: BrokerParts): Promise<ManagementAnswer> {
  const [{ fleet: { epoch, closed } }, listed] = await Promise.all([reads.look({}), workers.list(after, now)]);
  return { fleet: { epoch, ...(closed !== undefined && { closed }) }, ...listed };
}

async function revoke(worker: string, { configuration: { phase }, workers, clock }: BrokerParts): Promise<ManagementAnswer> {
  const { epoch, wasUnknown } = await workers.revoke(worker, phase.kind === 'shared-key' ? 'shared' : 'own', clock());
  return { epoch, ...(wasUnknown && { wasUnknown }) };
}

const epochOr = (epoch: number | undefined): ManagementAnswer => (epoch === undefined ? refusal('no-such-worker') : { epoch });

const isWorker = (value: unknown): value is string => typeof value === 'string' && WORKER_ID.test(value);
