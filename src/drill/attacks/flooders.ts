import type { WafStatement, WebAclModel } from '../edge/model';
import { edgesOf } from '../requests/addresses';
import { ADDRESSES } from '../requests/drafts';
import { cidrsOf, holds, letsIn } from '../requests/matching';

/** A limit by address that blocks. */
export interface AddressLimit {
  readonly rate: Extract<WafStatement, { kind: 'rate' }>;
  /** What those beyond it are answered with. */
  readonly status: number;
}

/** An address to flood from, and the limit that ought to stop it. */
export interface Flooder {
  readonly address: string;
  readonly limit?: AddressLimit;
}

/** Kept for documentation (RFC 5737): nobody else calls from there. */
const STRANGER = '203.0.113.11';

/**
 * One address for each limit that a web ACL has for some whom it lets in, and one for those whom none stops: a rate rule may be meant for
 * some networks alone, and whom an earlier rule allows is not counted.
 *
 * @param served where legitimate requests come from, if that matters; it is spared where others are treated alike, since somebody must be left to be served
 */
export function floodersOf(acl: WebAclModel | undefined, served: string | undefined): Flooder[] {
  if (acl === undefined) return [{ address: STRANGER }];
  const known = [STRANGER, ...ADDRESSES, ...edgesOf(cidrsOf(acl)), ...served === undefined ? [] : [neighbourOf(served), served]];
  const candidates = known.map((address): Flooder => ({ address, limit: limitOf(acl, address) }));
  const letIn = candidates.filter(({ address }) => letsIn(acl, address));
  return [...new Set(letIn.map(({ limit }) => limit?.rate))].flatMap((rate) => {
    const alike = (flooder: Flooder): boolean => flooder.limit?.rate === rate;
    const spared = ({ address }: Flooder): boolean => address !== served;
    return letIn.filter(spared).find(alike) ?? candidates.filter(spared).find(alike) ?? letIn.find(alike) ?? [];
  });
}

/** The lowest limit by address that counts requests from there: those that no earlier rule allows, within the rule's own scope. */
function limitOf({ rules }: WebAclModel, address: string): AddressLimit | undefined {
  const ordered = [...rules].sort((a, b) => a.priority - b.priority);
  const allowed = ordered.findIndex(({ action, statement }) => action.kind === 'allow' && holds(statement, address));
  const limits = (allowed < 0 ? ordered : ordered.slice(0, allowed)).flatMap(({ action, statement }): AddressLimit[] => (
    action.kind === 'block' && statement.kind === 'rate' && statement.key.kind === 'address' && (statement.scopeDown === undefined || holds(statement.scopeDown, address))
      ? [{ rate: statement, status: action.status }]
      : []
  ));
  return limits.sort((a, b) => a.rate.limit - b.rate.limit)[0];
}

/** An address that differs in its last digit, and so is most likely in the same networks. */
function neighbourOf(address: string): string {
  return address.replace(/[0-9a-f]$/i, (digit) => (digit === '1' ? '2' : '1'));
}
