import type { ControlId } from '../../controls';
import { type Attack, type AttackTarget, defineAttack, type Saboteur } from '../attack';
import type { JwtModel } from '../edge/model';
import { draftFor } from '../requests/drafts';
import type { DrillIssuer, Scene, WireRequest } from '../scene';
import { tryAll } from './attempts';
import { ruleOf, tokenCheckOf, tokenRulesIn } from './targets';

/** A token that must not be good for anything. */
export interface BadToken {
  /** As the end of "the Core was reached with …". */
  readonly name: string;
  readonly token: string;
}

const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'cookie']);

/** The same request from somebody who has nothing to show; where the rule is chosen by such a header, with a value that has the right form and no worth. */
export function withoutCredentials(request: WireRequest, target: AttackTarget): WireRequest {
  const isCredential = ([name]: readonly [string, string]): boolean => CREDENTIALS.has(name.toLowerCase());
  const worthless = Object.entries(draftFor(target.listener, ruleOf(target)).headers).filter(isCredential);
  return { ...request, client: undefined, headers: Object.fromEntries([...Object.entries(request.headers).filter((header) => !isCredential(header)), ...worthless]) };
}

export function withAuthorization(request: WireRequest, authorization: string): WireRequest {
  const others = Object.entries(request.headers).filter(([name]) => name.toLowerCase() !== 'authorization');
  return { ...request, headers: { ...Object.fromEntries(others), authorization } };
}

interface TokenAttack {
  readonly tries: string;
  /** @default - no request reaches the Core */
  readonly expects?: string;
  /** @default - any jwt-validation */
  readonly needs?: string;
  /** Whether a token check has what is attacked. @default - any has */
  readonly matches?: (jwt: JwtModel) => boolean;
  readonly mint: (issuer: DrillIssuer, target: AttackTarget, scene: Scene) => Promise<readonly BadToken[]>;
  readonly saboteurs: readonly [Saboteur, ...Saboteur[]];
}

/** Sends otherwise legitimate requests with bad tokens in the place of the good one. */
export function defineTokenAttack(control: ControlId, aspect: string, { tries, expects, needs, matches, mint, saboteurs }: TokenAttack): Attack {
  return defineAttack(control, aspect, {
    tries,
    expects: expects ?? 'No request reaches the Core.',
    evidence: 'template-intent',
    needs: needs ?? 'rule with jwt-validation',
    targets: (edge) => tokenRulesIn(edge, matches),
    async run(target, scene) {
      const request = await scene.legitimate(target.listener, ruleOf(target));
      const bare = { ...withoutCredentials(request, target), client: request.client };
      const tokens = await mint(scene.issuer(tokenCheckOf(target)), target, scene);
      return tryAll(scene, target.listener, tokens.map(({ name, token }) => ({ name, request: withAuthorization(bare, `Bearer ${token}`) })));
    },
    saboteurs,
  });
}

export function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
