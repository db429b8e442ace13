import { listed } from '../../listed';
import type { AttackResult } from '../attack';
import type { ListenerModel } from '../edge/model';
import { type Scene, type WireAnswer, WireError, type WireRequest } from '../scene';

/** One way to try it. */
export interface Attempt {
  /** As the end of "the Core was reached with …". */
  readonly name: string;
  readonly request: WireRequest;
}

const CANARY_HEADER = 'x-drill-canary';

export function marked(request: WireRequest, canary: string): WireRequest {
  return { ...request, headers: { ...request.headers, [CANARY_HEADER]: canary } };
}

/** The answer, or undefined where none came: a failed handshake is as good a refusal as any status. */
export async function answerTo(scene: Scene, listener: ListenerModel, request: WireRequest): Promise<WireAnswer | undefined> {
  try {
    return await scene.send(listener, request);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return undefined;
  }
}

/** Whether the Core has seen the request, whatever the caller was told. */
export async function gotThrough(scene: Scene, listener: ListenerModel, request: WireRequest): Promise<boolean> {
  const canary = scene.canary();
  await answerTo(scene, listener, marked(request, canary));
  return scene.reached(canary) > 0;
}

/** The answer to a request that the Core has seen; throws where it has not, for nothing can be learned then. */
export async function forwardedAnswer(scene: Scene, listener: ListenerModel, request: WireRequest): Promise<WireAnswer> {
  const canary = scene.canary();
  const answer = await scene.send(listener, marked(request, canary));
  if (scene.reached(canary) === 0) throw new Error(`${request.method} ${request.path} did not reach the Core and was answered ${answer.status}.`);
  return answer;
}

/** Makes every attempt: one that reaches the Core is the attacker's success. */
export async function tryAll(scene: Scene, listener: ListenerModel, attempts: readonly Attempt[]): Promise<AttackResult> {
  const through: string[] = [];
  for (const { name, request } of attempts) {
    scene.note(`Trying ${name}`);
    if (await gotThrough(scene, listener, request)) through.push(name);
  }
  return through.length > 0
    ? { verdict: 'succeeded', saw: `The Core was reached with ${listed(through, MAX_LISTED)}.` }
    : { verdict: 'withstood', saw: attempts.length === 1 ? 'The one attempt did not reach the Core.' : `None of ${attempts.length} attempts reached the Core.` };
}

/** How many ways, answers or suites a result names. */
export const MAX_LISTED = 4;
