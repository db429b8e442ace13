import { randomFillSync } from 'node:crypto';
import type { ReceivedHeaders } from './ports';
import { onlyValue } from './received-headers';

/** Where a request stands in a trace. The gate records no span of its own, so it passes its caller's on. */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string;
  /** The load balancer's own `x-amzn-trace-id`. */
  readonly amazonTraceId?: string;
}

export const TRACE_HEADERS = { traceparent: 'traceparent', tracestate: 'tracestate', amazonTraceId: 'x-amzn-trace-id' } as const satisfies Record<keyof TraceContext, string>;

/** W3C Trace Context, 3.2: version 00, neither id all zeros. Of a later version nobody knows yet what it says, so it begins a new trace. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** W3C Trace Context, 3.3: a vendor's key, `=`, and visible ASCII without comma and equals sign. */
const MEMBER = /^(?<key>[a-z0-9][a-z0-9_*/-]{0,240}(?:@[a-z][a-z0-9_*/-]{0,13})?)=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;
const MAX_MEMBERS = 32;
/** What everybody has to be able to pass on. */
const MAX_STATE_LENGTH = 512;

/** Fields as AWS documents them (ELB guide, "Request tracing for your Application Load Balancer"), among which has to be an id. */
const AMAZON_FIELD = /^[A-Za-z][A-Za-z0-9]{0,31}=[A-Za-z0-9:?_-]{1,128}$/;
const AMAZON_ID = /^(?:Root|Self)=1-[0-9a-f]{8}-[0-9a-f]{24}$/;
const MAX_AMAZON_FIELDS = 8;

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
/** Asking for random bytes costs some microseconds, however many they are; so they are asked for a few hundred traces at once. */
const randomPool = Buffer.alloc(170 * (TRACE_ID_BYTES + SPAN_ID_BYTES));
let poolUsed = randomPool.length;

/** The caller's trace where it is well formed, else a new one. */
export function traceContextOf(received: ReceivedHeaders): TraceContext {
  const traceparent = onlyValue(received, TRACE_HEADERS.traceparent);
  const amazonTraceId = amazonTraceIdOf(onlyValue(received, TRACE_HEADERS.amazonTraceId));
  const isKnown = traceparent !== undefined && TRACEPARENT.test(traceparent);
  const tracestate = isKnown ? tracestateOf(received.get(TRACE_HEADERS.tracestate)) : undefined;
  return {
    traceparent: isKnown ? traceparent : newTraceparent(),
    ...(tracestate !== undefined && { tracestate }),
    ...(amazonTraceId !== undefined && { amazonTraceId }),
  };
}

/** Marked as sampled: what follows its parent's choice would else never record a caller that has no trace of its own. */
function newTraceparent(): string {
  return `00-${randomHex(TRACE_ID_BYTES)}-${randomHex(SPAN_ID_BYTES)}-01`;
}

/** No byte is given twice. */
function randomHex(bytes: number): string {
  if (poolUsed + bytes > randomPool.length) {
    randomFillSync(randomPool);
    poolUsed = 0;
  }
  poolUsed += bytes;
  return randomPool.toString('hex', poolUsed - bytes, poolUsed);
}

function tracestateOf(values: readonly string[] | undefined): string | undefined {
  if (values === undefined) return undefined;
  const members = values.flatMap((value) => value.split(',')).map((member) => member.trim()).filter((member) => member !== '');
  const keys = members.map((member) => MEMBER.exec(member)?.groups?.key);
  const state = members.join(',');
  const isValid = members.length > 0 && members.length <= MAX_MEMBERS && state.length <= MAX_STATE_LENGTH && !keys.includes(undefined) && new Set(keys).size === keys.length;
  return isValid ? state : undefined;
}

function amazonTraceIdOf(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const fields = value.split(';');
  return fields.length <= MAX_AMAZON_FIELDS && fields.every((field) => AMAZON_FIELD.test(field)) && fields.some((field) => AMAZON_ID.test(field)) ? value : undefined;
}
