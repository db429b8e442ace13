import { byVariables, type ChecklistItem } from './checklist';

/** The document has no checklist: these are the groups of its variables. */
export const TOM: readonly ChecklistItem[] = [
  byVariables('TS-38', 'Callers show keys of known users', 'TOM_CORE_AUTH_MODE', 'TOM_CORE_API_KEYS'),
  byVariables('TS-40', 'No file of credentials is shared', 'TOM_CORE_CREDENTIAL_FILE'),
  byVariables('TS-42', 'Workers sign what they ask for', 'TOM_CORE_WORKER_AUTH_REQUIRED', 'TOM_CORE_WORKER_HMAC_SECRET'),
  byVariables('TS-43', 'Workers check credentials out', 'TOM_CORE_CREDENTIAL_CHECKOUT_ENABLED'),
];
