import { no } from '../answer';

/** What more than one control or row says: each in one place. */

export const OWN_CODE = no('what a program does with its variables is its own code, for which a sample stands in here');
export const BEHAVIOUR = no('what an answer says is behaviour, which no template shows');
export const PLACE_TAKING_DOCUMENTS = no('documents of ours, in the place of some that were not supplied, are for people to read');

/** Of records. */
export const FIELDS = 'that records are written whole and read by few: which fields they have no template shows';

/** Rules that look at a Redis, and not at whether it speaks TLS. */
export const BESIDE_TLS = ['DAT-4.at-rest', 'DAT-4.login', 'DAT-4.users'] as const;

/** Rules that look at other logins or rights than those to one secret. */
export const BESIDE_SECRETS = ['SEC-2.managed-login', 'SEC-2.users'] as const;

/** Attacks on logins of stores, which no other secret is. */
export const LOGINS_OF_STORES = ['SEC-3.old-redis-password', 'SEC-3.old-postgres-login'] as const;
