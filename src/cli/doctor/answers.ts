import type { ChecklistItem } from '../../profiles/checklists/checklist';
import type { ItemName } from './items';

const BACKED_UP: readonly ItemName[] = ['postgres.backups', 'backups.plans', 'backups.selections', 'backups.made'];
const EDGE: readonly ItemName[] = ['listeners.tls', 'listeners.policy', 'certificates.fit'];
const ARCHIVED: readonly ItemName[] = ['logs.archived', 'buckets.lock'];

/** Which of what is looked at answers an item of a document's checklist that its variables do not. By row of the catalogue. */
export const ANSWERS: ReadonlyMap<ChecklistItem['row'], readonly ItemName[]> = new Map<string, readonly ItemName[]>([
  ['CX-46', EDGE],
  ['CX-48', ['groups.open', 'groups.ports', 'groups.sources']],
  ['CX-49', ['tasks.logs', 'logs.delivered', 'logs.archived']],
  ['CX-50', BACKED_UP],
  ['NT-28', ['secrets.copies']],
  ['NT-42', ['postgres.private', 'groups.sources']],
  ['NT-43', ['postgres.tls']],
  ['NT-44', BACKED_UP],
  ['NT-47', ['buckets.public-block']],
  ['NT-48', ['buckets.versions']],
  ['NT-49', ['buckets.encryption']],
  ['NT-50', EDGE],
  ['NT-53', ['gate.cors']],
  ['NT-55', ['load-balancers.web-acl', 'gate.in-front']],
  ['NT-56', ['listeners.hsts']],
  ['NT-57', ['groups.open', 'groups.ports']],
  ['NT-58', ['tasks.image']],
  ['NT-59', ['tasks.host']],
  ['NT-60', ['tasks.host', 'tasks.privileges']],
  ['NT-61', ['tasks.user']],
  ['NT-62', ['tasks.limits']],
  ['NT-66', ['tasks.logs', 'logs.retention']],
  ['NT-67', ['alarms.actions']],
  ['NT-68', ['alarms.actions', 'alarms.recipients']],
  ['NT-69', ['tasks.private', 'postgres.private']],
  ['NT-70', ['targets.healthy']],
  ['NT-71', ['tasks.running']],
  ['NT-73', BACKED_UP],
  ['TG-03', ['secrets.rotation', 'gate.configuration']],
  ['TG-29', ['gate.in-front', 'listeners.client-certificates']],
  ['TG-31', ['gate.proofs', 'gate.roles']],
  ['TG-47', ['gate.limits']],
  ['TG-48', ['load-balancers.requests']],
  ['TG-51', ['gate.in-front']],
  ['TG-53', ['gate.limits']],
  ['TG-58', ['tasks.plain-secrets', 'secrets.filled']],
  ['TG-62', ['secrets.rotation', 'secrets.in-time']],
  ['TG-64', ['gate.audit-key', 'tasks.logs']],
  ['TG-65', ['logs.masked', 'logs.retention', 'logs.delivered', ...ARCHIVED]],
  ['TG-66', [...ARCHIVED, 'buckets.versions']],
  ['TG-71', [...EDGE, 'targets.tls', 'postgres.tls', 'caches.tls']],
  ['TG-72', ['listeners.client-certificates']],
]);
