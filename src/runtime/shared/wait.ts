import { setTimeout as pause } from 'node:timers/promises';

/** Waits so many milliseconds; injected, so that tests can turn it. */
export type Wait = (milliseconds: number) => Promise<void>;

/** Keeps no process alive. */
export const wait: Wait = (milliseconds) => pause(milliseconds, undefined, { ref: false });
