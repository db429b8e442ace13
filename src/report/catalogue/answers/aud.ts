import { type ControlAnswers, derived } from '../answer';

export const AUD = {
  'AUD-1': { typed: derived('`Gate` writes a record of every request, and no prop stops it or takes a field out') },
  'AUD-2': { typed: derived('`SecureCore` builds an `AuditTrail` unless it is given one, and `RetentionTiers` refuses less than 7 days in the hot tier and 180 in all') },
  'AUD-3': { typed: derived('`AuditArchive` has a bucket that locks, or one that is declared to: `AuditTrail` has no prop for less') },
  'AUD-4': { typed: derived('`AuditTrail` names who may read in `readers`, and no prop lets anybody write or delete') },
  'AUD-5': { typed: derived('`AuditTrail` always states an `AuditPolicy`, and no prop stops it from masking') },
  'AUD-6': { typed: derived('`SecureCore` builds a `SecretAccess`, and no prop leaves it out; that a trail records it is for `CallTrail` or the account\'s own') },
  'AUD-7': { typed: derived('`CoreService` sends both of its containers to the hot tier of one `AuditTrail`, and no prop parts them') },
} as const satisfies ControlAnswers;
