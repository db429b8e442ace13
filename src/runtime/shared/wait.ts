import { setTimeout as pause } from 'node:timers/promises';

/** Waits so many milliseconds; injected, so that tests can turn it. */
export type Wait = (milliseconds: number) => Promise<void>;

/** Keeps no process alive. */
export const wait: Wait = (milliseconds) => pause(milliseconds, undefined, { ref: false });

/**
 * Keeps the process alive. A function in Lambda needs it: where nothing else is open – idle connections do not count – Node would be done in the
 * middle of a wait, and the call would end without an answer.
 */
export const waitAwake: Wait = (milliseconds) => pause(milliseconds);
