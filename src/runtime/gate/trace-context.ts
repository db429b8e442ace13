import { randomFillSync } from 'node:crypto';
import type { Redactor } from '../shared/redactor';
import type { ReceivedHeaders } from './ports';
import { onlyValue } from './received-headers';

/** Where a request stands in a trace. The gate records no span of its own, so it passes its caller's on. */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string;
  /** What the caller wants told along the whole trace (W3C Baggage); of no trace of its own. */
  readonly baggage?: string;
  /** The load balancer's own `x-amzn-trace-id`. */
  readonly amazonTraceId?: string;
}

export const TRACE_HEADERS = { traceparent: 'traceparent', tracestate: 'tracestate', baggage: 'baggage', amazonTraceId: 'x-amzn-trace-id' } as const satisfies Record<keyof TraceContext, string>;

/** W3C Trace Context, 3.2: version 00, neither id all zeros. Of a later version nobody knows yet what it says, so it begins a new trace. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** W3C Trace Context, 3.3: a vendor's key, `=`, and visible ASCII without comma and equals sign. */
const MEMBER = /^(?<key>[a-z0-9][a-z0-9_*/-]{0,240}(?:@[a-z][a-z0-9_*/-]{0,13})?)=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;
const MAX_MEMBERS = 32;
/** What everybody has to be able to pass on. */
const MAX_STATE_LENGTH = 512;

/** W3C Baggage, 3.3: a token, `=`, and a value of the characters that need no percent sign; properties follow. */
const BAGGAGE_MEMBER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}[ \t]{0,8}=[ \t]{0,8}[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]{0,4096}(?:[ \t]{0,8};[ \t]{0,8}[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]{1,1024}){0,8}$/;
/** What everybody has to be able to pass on (W3C Baggage, 3.3.2). */
const MAX_BAGGAGE_MEMBERS = 64;
const MAX_BAGGAGE_LENGTH = 8192;

/** Fields as AWS documents them (ELB guide, "Request tracing for your Application Load Balancer"), among which has to be an id. */
const AMAZON_FIELD = /^[A-Za-z][A-Za-z0-9]{0,31}=[A-Za-z0-9:?_-]{1,128}$/;
const AMAZON_ID = /^(?:Root|Self)=1-[0-9a-f]{8}-[0-9a-f]{24}$/;
const MAX_AMAZON_FIELDS = 8;

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
/** Asking for random bytes costs some microseconds, however many they are; so they are asked for a few hundred traces at once. */
const randomPool = Buffer.alloc(170 * (TRACE_ID_BYTES + SPAN_ID_BYTES));
let poolUsed = randomPool.length;

/**
 * The caller's trace where it is well formed, else a new one.
 *
 * Whoever collects traces keeps what is said beside them, and nobody looks there for credentials: members in which there is one, or a person's address, are left out (RED-2).
 */
export function traceContextOf(received: ReceivedHeaders, redactor: Redactor): TraceContext {
  const traceparent = onlyValue(received, TRACE_HEADERS.traceparent);
  const amazonTraceId = amazonTraceIdOf(onlyValue(received, TRACE_HEADERS.amazonTraceId), redactor);
  const isKnown = traceparent !== undefined && TRACEPARENT.test(traceparent);
  const tracestate = isKnown ? tracestateOf(received.get(TRACE_HEADERS.tracestate), redactor) : undefined;
  const baggage = baggageOf(received.get(TRACE_HEADERS.baggage), redactor);
  return {
    traceparent: isKnown ? traceparent : newTraceparent(),
    ...(tracestate !== undefined && { tracestate }),
    ...(baggage !== undefined && { baggage }),
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

function tracestateOf(values: readonly string[] | undefined, redactor: Redactor): string | undefined {
  const members = membersOf(values);
  const keys = members.map((member) => MEMBER.exec(member)?.groups?.key);
  const isValid = members.length <= MAX_MEMBERS && members.join(',').length <= MAX_STATE_LENGTH && !keys.includes(undefined) && new Set(keys).size === keys.length;
  return isValid ? harmless(members, redactor) : undefined;
}

function baggageOf(values: readonly string[] | undefined, redactor: Redactor): string | undefined {
  const members = membersOf(values);
  const isValid = members.length <= MAX_BAGGAGE_MEMBERS && members.join(',').length <= MAX_BAGGAGE_LENGTH && members.every((member) => BAGGAGE_MEMBER.test(member));
  return isValid ? harmless(members, redactor) : undefined;
}

function membersOf(values: readonly string[] = []): readonly string[] {
  return values.flatMap((value) => value.split(',')).map((member) => member.trim()).filter((member) => member !== '');
}

/** Looked at as they are, and as whoever undoes percent signs has them. */
function harmless(members: readonly string[], redactor: Redactor): string | undefined {
  const kept = members.filter((member) => [member, decoded(member)].every((text) => redactor.text(text) === text));
  return kept.length === 0 ? undefined : kept.join(',');
}

function decoded(text: string): string {
  return text.replace(/%[0-9a-f]{2}/gi, (escaped) => String.fromCharCode(Number.parseInt(escaped.slice(1), 16)));
}

/** The load balancer keeps fields of the caller's own. */
function amazonTraceIdOf(value: string | undefined, redactor: Redactor): string | undefined {
  if (value === undefined) return undefined;
  const fields = value.split(';');
  if (fields.length > MAX_AMAZON_FIELDS || !fields.every((field) => AMAZON_FIELD.test(field))) return undefined;
  const kept = fields.filter((field) => redactor.text(field) === field);
  return kept.some((field) => AMAZON_ID.test(field)) ? kept.join(';') : undefined;
}
