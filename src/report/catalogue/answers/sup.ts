import { type ControlAnswers, no } from '../answer';

export const SUP = {
  'SUP-1': { typed: no('`CoreImage` takes an image that is there: whether it was scanned, its repository knows') },
  'SUP-2': { typed: no('no part of an app: the audit of dependencies is a step of the build') },
  'SUP-3': { typed: no('no part of an app: CHANGELOG.md has a section on security in every version') },
  'SUP-4': { typed: no('no part of an app: SECURITY.md says how to report') },
} as const satisfies ControlAnswers;
