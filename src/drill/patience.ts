import { setTimeout as after } from 'node:timers/promises';
import { overlay } from './overlay';
import type { Scene } from './scene';

/** More than the bursts of an attack ever need, so that a gate which refuses for good is told from one that is busy. */
const ATTEMPTS = 20;
/** What a gate's own budgets usually take at the most, a window of a minute (C-31); what takes longer is somebody else's limit. */
const LONGEST_SECONDS = 60;
/** A gate looks for its store again within a second. */
const UNDECIDED_SECONDS = 0.5;

/** What an answer says of itself, however it was read. */
interface Told {
  readonly status: number;
  /** Absent where no gate speaks. */
  readonly requestId?: string;
  readonly retryAfter?: string;
}

/**
 * Sends again what a gate has refused for being too much, when it says that it may be sent: some callers are one to it, as machines with one client id are,
 * and what it refuses for that reason says nothing about what it would do with the request. A web ACL gives no request id and is waited for by nobody. What a
 * gate was too busy to decide is sent again as well: taken for a refusal, it would count as withstood. Throws where it stays undecided.
 */
export function patient(scene: Scene): Scene {
  const secondsFor = async ({ status, requestId, retryAfter }: Told): Promise<number | undefined> => {
    if (requestId === undefined) return undefined;
    if (status === 429) return Number(retryAfter);
    return status === 503 && await scene.undecided(requestId) ? UNDECIDED_SECONDS : undefined;
  };
  const waited = async <T>(send: () => Promise<T>, told: (answer: T) => Told): Promise<T> => {
    for (let left = ATTEMPTS; ; left -= 1) {
      const answer = await send();
      const seconds = await secondsFor(told(answer));
      if (seconds === undefined || !(seconds <= LONGEST_SECONDS)) return answer;
      if (left === 1) {
        if (told(answer).status === 503) throw new Error(`the gate was too busy to decide, ${ATTEMPTS} times in a row`);
        return answer;
      }
      await after(seconds * 1000);
    }
  };
  return overlay(scene, {
    send: (listener, request) => waited(() => scene.send(listener, request), ({ status, headers }) => ({ status, requestId: headers['x-request-id'], retryAfter: headers['retry-after'] })),
    sendRaw: (listener, bytes, options) => waited(() => scene.sendRaw(listener, bytes, options), (text) => ({
      status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]),
      requestId: /^x-request-id: (\S+)/im.exec(text)?.[1],
      retryAfter: /^retry-after: (\d+)/im.exec(text)?.[1],
    })),
  });
}
