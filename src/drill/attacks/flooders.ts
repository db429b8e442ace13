import type { RateKey, RateStatement, WafStatement, WebAclModel } from '../edge/model';
import { within } from '../edge/statements';
import { edgesOf } from '../requests/addresses';
import { ADDRESSES, PLAIN } from '../requests/drafts';
import type { Draft } from '../requests/matching';
import { cidrsOf, holds, letsIn } from '../requests/web-acl';

/** A limit that blocks. */
export interface Limit {
  readonly rate: RateStatement;
  /** What those beyond it are answered with. */
  readonly status: number;
}

/** What to flood with, and the limit that ought to stop it. */
export interface Flooder {
  readonly draft: Draft;
  readonly limit?: Limit;
}

/** Kept for documentation (RFC 5737): nobody else calls from there. */
const STRANGER = '203.0.113.11';
/** One flood must not use up what another is counted by. */
const MORE_STRANGERS = Array.from({ length: 8 }, (_, index) => `203.0.113.${index + 30}`);

/** Limits that stop whoever floods from one address. */
export const byAddress = ({ kind }: RateKey): boolean => kind === 'address';

/**
 * One request for each limit by address that a web ACL has for some whom it lets in, and one for those whom none stops: a rate rule may be meant for
 * some networks or some paths alone, and whom an earlier rule allows is not counted.
 *
 * @param served what a legitimate request is like; its address is spared where others are treated alike, since somebody must be left to be served
 */
export function floodersOf(acl: WebAclModel | undefined, served: Draft = PLAIN): Flooder[] {
  if (acl === undefined) return [{ draft: { ...served, from: STRANGER } }];
  const known = [STRANGER, ...MORE_STRANGERS, ...ADDRESSES, ...edgesOf(cidrsOf(acl)), neighbourOf(served.from), served.from];
  const candidates = requestsLike(acl, served).flatMap((draft) => known.map((from): Flooder => ({ draft: { ...draft, from }, limit: limitOf(acl, { ...draft, from }, byAddress) })));
  const letIn = candidates.filter(({ draft }) => letsIn(acl, draft));
  const taken = new Set<string>();
  return [...new Set(letIn.map(({ limit }) => limit?.rate))].flatMap((rate) => {
    const alike = (flooder: Flooder): boolean => flooder.limit?.rate === rate;
    const spared = ({ draft }: Flooder): boolean => draft.from !== served.from;
    const fresh = ({ draft }: Flooder): boolean => draft.from !== served.from && !taken.has(draft.from);
    const found = letIn.filter(fresh).find(alike) ?? letIn.filter(spared).find(alike) ?? candidates.filter(spared).find(alike) ?? letIn.find(alike);
    if (found !== undefined) taken.add(found.draft.from);
    return found ?? [];
  });
}

/** The lowest limit of a kind that counts a request: one that no earlier rule allows, within the rule's own scope. */
export function limitOf({ rules }: WebAclModel, draft: Draft, isMeant: (key: RateKey) => boolean): Limit | undefined {
  const ordered = [...rules].sort((a, b) => a.priority - b.priority);
  const allowed = ordered.findIndex(({ action, statement }) => action.kind === 'allow' && statement.kind !== 'rate' && holds(statement, draft));
  const limits = (allowed < 0 ? ordered : ordered.slice(0, allowed)).flatMap(({ action, statement }): Limit[] => (
    action.kind === 'block' && statement.kind === 'rate' && isMeant(statement.key) && holds(statement, draft) ? [{ rate: statement, status: action.status }] : []
  ));
  return limits.sort((a, b) => a.rate.limit - b.rate.limit)[0];
}

/** The request itself, and what it would be by every path and method that a rate rule of the web ACL names. */
function requestsLike(acl: WebAclModel, served: Draft): Draft[] {
  const scopes = acl.rules.flatMap(({ statement }) => (statement.kind === 'rate' && statement.scopeDown ? within(statement.scopeDown) : []));
  const texts = (part: 'path' | 'method'): string[] => [...new Set(scopes.flatMap((statement) => textsOf(statement, part)))];
  const methods = [served.method, ...texts('method')];
  return [served.path, ...texts('path')].flatMap((path) => methods.map((method) => ({ ...served, path, method })));
}

function textsOf(statement: WafStatement, part: 'path' | 'method'): string[] {
  if (statement.kind !== 'text' || statement.part.kind !== part || statement.match.kind === 'regex') return [];
  const { kind, text } = statement.match;
  if (kind === 'starts-with') return [`${text}drill`];
  return [part === 'path' && !text.startsWith('/') ? `/${text}` : text];
}

/** An address that differs in its last digit, and so is most likely in the same networks. */
function neighbourOf(address: string): string {
  return address.replace(/[0-9a-f]$/i, (digit) => (digit === '1' ? '2' : '1'));
}
