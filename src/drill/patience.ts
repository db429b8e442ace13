import { setTimeout as after } from 'node:timers/promises';
import { overlay } from './overlay';
import type { Scene } from './scene';

/** More than the bursts of an attack ever need, so that a gate which refuses for good is told from one that is busy. */
const ATTEMPTS = 20;
/** A gate's own budgets are counted by the second; what takes longer is somebody else's limit. */
const LONGEST_SECONDS = 5;

/**
 * Sends again what a gate has refused for being too much, when it says that it may be sent: some callers are one to it, as machines with one client id are,
 * and what it refuses for that reason says nothing about what it would do with the request. A web ACL gives no request id and is waited for by nobody.
 */
export function patient(scene: Scene): Scene {
  const waited = async <T>(send: () => Promise<T>, secondsIn: (answer: T) => number | undefined): Promise<T> => {
    for (let left = ATTEMPTS; ; left -= 1) {
      const answer = await send();
      const seconds = secondsIn(answer);
      if (seconds === undefined || !(seconds <= LONGEST_SECONDS) || left === 1) return answer;
      await after(seconds * 1000);
    }
  };
  return overlay(scene, {
    send: (listener, request) => waited(() => scene.send(listener, request), ({ status, headers }) => (
      status === 429 && headers['x-request-id'] !== undefined ? Number(headers['retry-after']) : undefined
    )),
    sendRaw: (listener, bytes, options) => waited(() => scene.sendRaw(listener, bytes, options), (text) => (
      /^HTTP\/1\.1 429[^]*^x-request-id:/im.test(text) ? Number(/^retry-after: (\d+)/im.exec(text)?.[1]) : undefined
    )),
  });
}
