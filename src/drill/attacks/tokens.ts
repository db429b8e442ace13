import type { AttackResult, AttackTarget } from '../attack';
import type { DrillIssuer, Scene, WireRequest } from '../scene';
import { tryAll } from './attempts';
import { ruleOf, tokenCheckOf } from './targets';

/** A token that must not be good for anything. */
export interface BadToken {
  /** As the end of "the Core was reached with …". */
  readonly name: string;
  readonly token: string;
}

const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'cookie']);

/** The same request from somebody who has nothing to show. */
export function withoutCredentials(request: WireRequest): WireRequest {
  return { ...request, client: undefined, headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => !CREDENTIALS.has(name.toLowerCase()))) };
}

/** Sends otherwise legitimate requests with bad tokens in the place of the good one. */
export async function tryTokens(target: AttackTarget, scene: Scene, mint: (issuer: DrillIssuer) => Promise<readonly BadToken[]>): Promise<AttackResult> {
  const request = await scene.legitimate(target.listener, ruleOf(target));
  const bare = { ...withoutCredentials(request), client: request.client };
  const tokens = await mint(scene.issuer(tokenCheckOf(target)));
  return tryAll(scene, target.listener, tokens.map(({ name, token }) => ({ name, request: { ...bare, headers: { ...bare.headers, authorization: `Bearer ${token}` } } })));
}

export function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
