import { managementAction, REASONS } from '../../broker/operations/contract';
import { METHOD, ROUTES } from '../../broker/protocol/contract';
import { type AlbRequest, isAlbEvent, readAlbEvent } from './alb-event';
import { type AlbAnswer, granted, refused } from './answers';
import type { Audit } from './audit';
import { judge } from './judge';
import type { Metrics } from './metrics';
import { operate } from './operate';
import type { BrokerParts } from './parts';
import { secondsOf } from './ports';
import { readRequest, routeOf } from './read-request';
import { refuse, type Verdict } from './verdict';

export interface HandlerParts extends BrokerParts {
  readonly audit: Audit;
  readonly metrics: Metrics;
  readonly randomId: () => string;
}

/** Answers a load balancer, and whoever may call the function itself. The record is out before the answer: what nobody can tell of was not lent. */
export async function handle(event: unknown, parts: HandlerParts): Promise<unknown> {
  const requestId = parts.randomId();
  return isAlbEvent(event) ? answerWorker(readAlbEvent(event), requestId, parts) : answerOperator(event, requestId, parts);
}

async function answerWorker(request: AlbRequest | undefined, requestId: string, parts: HandlerParts): Promise<AlbAnswer> {
  const from = performance.now();
  const route = request && routeOf(request);
  const verdict = await verdictOn(request, requestId, parts);
  const answer = written(verdict, requestId, parts);
  const latencyMs = performance.now() - from;
  const { outcome, notes } = verdict;
  const reason = outcome.kind === 'refused' ? outcome.reason : undefined;
  parts.metrics({ route, reason, isSharedKey: notes.isSharedKey, latencyMs });
  parts.audit({
    requestId,
    action: `${METHOD} ${route === undefined ? '-' : ROUTES[route].path}`,
    outcome: outcomeOf(verdict),
    reason,
    status: answer.statusCode,
    latencyMs,
    bytesIn: request?.body.length ?? 0,
    bytesOut: Buffer.byteLength(answer.body),
    notes,
  });
  return answer;
}

async function verdictOn(request: AlbRequest | undefined, by: string, parts: HandlerParts): Promise<Verdict> {
  const read = request === undefined ? 'malformed' : readRequest(request);
  return typeof read === 'string' ? { outcome: refuse(read), notes: {} } : judge(read, by, parts);
}

function written({ outcome }: Verdict, requestId: string, { clock }: HandlerParts): AlbAnswer {
  if (outcome.kind === 'granted') return granted(outcome.body, requestId);
  const refusal = REASONS[outcome.reason];
  const now = secondsOf(clock);
  return refused(refusal, { requestId, now, ...(refusal === 'too-many' && { retrySeconds: 60 - now % 60 }) });
}

function outcomeOf({ outcome }: Verdict): 'served' | 'refused' | 'failed' {
  if (outcome.kind === 'granted') return 'served';
  return REASONS[outcome.reason] === 'unavailable' ? 'failed' : 'refused';
}

async function answerOperator(event: unknown, requestId: string, parts: HandlerParts): Promise<unknown> {
  const from = performance.now();
  const { answer, name, worker } = await operate(event, parts);
  const reason = 'error' in answer ? answer.error : undefined;
  const latencyMs = performance.now() - from;
  parts.metrics({ ...(reason === 'unavailable' && { reason: 'store-down' }), latencyMs });
  parts.audit({
    requestId,
    action: managementAction(name),
    outcome: reason === undefined ? 'answered' : reason === 'unavailable' ? 'failed' : 'refused',
    reason,
    latencyMs,
    // Lambda parses the event; what was sent is not known.
    bytesIn: 0,
    bytesOut: Buffer.byteLength(JSON.stringify(answer)),
    notes: { worker, proof: 'iam' },
  });
  return answer;
}
