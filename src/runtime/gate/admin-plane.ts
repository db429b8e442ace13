import { ADMIN_PATH, type AdminConfiguration, revocationSort } from '../../gate/contract';
import type { Identity, ReceivedHeaders } from './ports';
import { Refusal } from './refusal';

const MAX_SUBJECT = 256;

/** What the Core is told of somebody who logged in begins so, and of nobody else. */
export const ADMIN_SUBJECT_PREFIX = 'admin:';

/** Whether a path is the admin plane's, in any case: a Core may not tell `/Admin` from `/admin`. */
export function isAdminPath(path: string): boolean {
  const lower = path.toLowerCase();
  return lower === ADMIN_PATH || lower.startsWith(`${ADMIN_PATH}/`);
}

/**
 * Who logged in at the load balancer, on the rules that forward the admin plane: they demand a login, and write whose it is over whatever the browser sent.
 *
 * The header's word is the load balancer's alone because nothing else reaches the gate (NET-2): its signed copy is verified with keys that only the internet has.
 */
export function adminOf(path: string, headers: ReceivedHeaders, admin: AdminConfiguration | undefined): Identity {
  if (admin === undefined || !(path === ADMIN_PATH || path.startsWith(`${ADMIN_PATH}/`))) throw new Refusal('not_found', 'no-admin-plane');
  const [subject, ...others] = headers.get(admin.subjectHeader) ?? [];
  if (subject === undefined) throw new Refusal('unauthenticated', 'no-admin-session');
  if (others.length > 0 || !/^[\x21-\x7e]+$/.test(subject) || subject.length > MAX_SUBJECT) throw new Refusal('unauthenticated', 'malformed-admin-session');
  return { subject: `${ADMIN_SUBJECT_PREFIX}${subject}`, proofs: new Set(), scopes: new Set(), roles: new Set(), revocableAs: [revocationSort('admin', subject)] };
}
