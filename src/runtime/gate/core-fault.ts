import { Refusal, type RefusalCode } from './refusal';

/** When to come back, where nobody knows: a task that is replaced takes about as long. */
const RETRY_AFTER = { 'retry-after': '5' } as const;

/** What is the Core's doing, and not the caller's. */
export class CoreFault extends Refusal {
  /** @param status in place of the code's @default - the code's */
  public constructor(code: RefusalCode, reason: `core-${string}`, public readonly status?: number) {
    super(code, reason, code === 'unavailable' ? RETRY_AFTER : {});
  }
}
