import { no, type RowAnswers } from '../../answer';
import { BEHAVIOUR, BESIDE_SECRETS, FIELDS } from '../reasons';

/** What looks at stores, and not at a Core. */
const OF_STORES = ['NET-1.private-database', 'NET-1.store-subnets'] as const;

export const RC_ROWS = {
  // It tells its program nothing by variables.
  'RC-01': { checked: { without: ['CFG-4.complete'] } },
  'RC-03': {
    typed: { also: ['tls-1-0', 'plaintext-redis'] },
    checked: { also: ['TLS-2.policy', 'DAT-2.force-tls', 'DAT-4.transit'] },
    attacked: { also: ['TLS-2.old-versions', 'DAT-2.plaintext', 'DAT-4.plaintext'] },
  },
  'RC-06': {
    checked: { without: OF_STORES, also: ['IDN-1.authenticated', 'NET-2.service-behind-load-balancer'] },
    attacked: { also: ['IDN-1.anonymous-walk', 'NET-2.past-the-load-balancer'] },
  },
  'RC-11': { attacked: { also: ['IDN-2.algorithms', 'IDN-2.lifetime'] } },
  'RC-13': { checked: { without: OF_STORES } },
  'RC-17': { checked: { without: BESIDE_SECRETS } },
  'RC-18': { attacked: { note: 'what a program logs is its own: of that, the log group is read, and what is archived' } },
  'RC-19': { attacked: { note: 'spans of a program are its own code' } },
  'RC-20': { checked: { without: ['RED-3.server-header'], says: BEHAVIOUR }, attacked: { without: ['RED-3.server-header'] } },
  'RC-21': { checked: { note: FIELDS } },
  'RC-25': { checked: { also: ['NET-2.service-behind-load-balancer', 'NET-6.gate-is-the-door'] }, attacked: { also: ['NET-2.past-the-load-balancer'] } },
  'RC-26': {
    typed: { without: ['NET-7'] },
    checked: { without: ['NET-7'] },
    attacked: { without: ['NET-7.internal'] },
  },
  'RC-27': {
    typed: { without: ['NET-7'], says: no('how a gate fails is behaviour, and what a Platform makes of it is the Platform\'s') },
    checked: { without: ['NET-7', 'RED-3'], says: BEHAVIOUR },
    attacked: { without: ['NET-7', 'RED-3.server-header'], note: 'what a Platform makes of it is the Platform\'s' },
  },
  'RC-28': {
    checked: { also: ['TLS-1.https-listener', 'AZN-1.gate-policy', 'NET-6.gate-is-the-door'] },
    attacked: { also: ['TLS-1.plain-http', 'AZN-1.gate-undeclared-routes', 'NET-6.past-the-gate'] },
  },
  'RC-29': { attacked: { note: 'that the Platform then asks where the Core is, and is told localhost, is its own' } },
  'RC-30': { typed: { also: ['no-authorizer', 'undefined-authorizer'] } },
} as const satisfies RowAnswers;
