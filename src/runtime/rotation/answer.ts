import type { RetireAnswer } from '../../secrets/contract';
import { isJsonObject, memberOf } from '../shared/json-object';
import type { Rotation } from './handle';
import { faultOf } from './log';
import { type Log, RotationError } from './ports';

export interface AnswerParts {
  readonly rotation: Rotation;
  readonly writeAge: () => Promise<void>;
  readonly log: Log;
}

/** What a scheduled rule sends as (EventBridge user guide, "AWS service event metadata"). */
const SCHEDULE = 'aws.events';

/**
 * Who calls, told by what they send: Secrets Manager a `Step`, the roll-out function `retire`, a schedule its event, and a deployment nothing at all
 * (the CDK's Trigger invokes without a payload). Anything else is refused, and none of it is repeated.
 */
export async function answer(event: unknown, { rotation, writeAge, log }: AnswerParts): Promise<RetireAnswer | undefined> {
  // What is done is done: were the call to fail for it, it would be made again for ever. Nobody hears an age, which is what the schedule fails for.
  const tryToWriteAge = (): Promise<void> => writeAge().catch((error: unknown) => log({ event: 'secret-age-unknown', ...faultOf(error) }));
  const fields = event ?? {};
  if (!isJsonObject(fields)) throw unknownEvent();
  if (Object.keys(fields).length === 0) {
    await rotation.ensure();
    // The alarm on the age would stand until the schedule's first day is over.
    await tryToWriteAge();
    return undefined;
  }
  const [Step, SecretId, ClientRequestToken] = ['Step', 'SecretId', 'ClientRequestToken'].map((name) => memberOf(fields, name));
  if (typeof Step === 'string' && typeof SecretId === 'string' && typeof ClientRequestToken === 'string') {
    await rotation.rotate({ Step, SecretId, ClientRequestToken });
    // Secrets Manager calls when a schedule is made, so that an age is known where a deployment has nothing to make good, too.
    await tryToWriteAge();
    return undefined;
  }
  if (Step !== undefined) throw unknownEvent();
  const retire = memberOf(fields, 'retire');
  if (isJsonObject(retire)) {
    const [secretArn, versionId] = [memberOf(retire, 'secretArn'), memberOf(retire, 'versionId')];
    if (typeof secretArn === 'string' && (versionId === undefined || typeof versionId === 'string')) return rotation.retire({ retire: { secretArn, versionId } });
  }
  if (retire === undefined && memberOf(fields, 'source') === SCHEDULE) {
    await writeAge();
    return undefined;
  }
  throw unknownEvent();
}

function unknownEvent(): RotationError {
  return new RotationError('UNKNOWN_EVENT', 'The event is none of: a step of Secrets Manager with its secret and token, a request to retire a value, a schedule, or nothing.');
}
