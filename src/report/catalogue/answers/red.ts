import { type ControlAnswers, derived, no } from '../answer';

export const RED = {
  'RED-1': { typed: derived('`Gate` has no prop by which it would write bodies, headers or credentials, and `AuditTrail` none that stops it from masking') },
  'RED-2': { typed: derived('no prop of `Gate` makes it send spans; those of a program are its own') },
  'RED-3': { typed: derived('no prop of `Gate` lets through what a failing Core says') },
  'RED-4': { typed: no('what a command writes is no matter of types: its own tests hold `export` to it') },
  'RED-5': { typed: derived('`WebAcl` always keeps credentials out of its log: `credentialHeaders` only adds to them') },
} as const satisfies ControlAnswers;
