import { no, notBuilt } from '../answer';

/** What more than one control or row says: each in one place. */

export const OWN_CODE = no('what a program does with its variables is its own code, for which a sample stands in here');
export const BEHAVIOUR = no('what an answer says is behaviour, which no template shows');
export const PLACE_TAKING_DOCUMENTS = no('documents of ours, in the place of some that were not supplied, are for people to read');
export const BROKER = notBuilt('the broker of workers\' credentials');

/** Of records. */
export const FIELDS = 'that records are written whole and read by few: which fields they have no template shows';

/** Of an order of steps. */
export const STEPS = no('an order of steps is no matter of types');

/** Attacks on logins of stores, which no other secret is. */
export const LOGINS_OF_STORES = ['SEC-3.old-redis-password', 'SEC-3.old-postgres-login'] as const;
