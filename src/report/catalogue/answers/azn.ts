import { type ControlAnswers, derived, no } from '../answer';

export const AZN = {
  'AZN-2': { typed: derived('`AccessPolicy` cannot be turned off: synthesis refuses a route that does not say whom it lets in, and `Access` has no variant for strangers') },
  'AZN-5': { typed: derived('`JwtScopesClaim` has three claims, none of which people write themselves, and there is no prop for the separator of the standard') },
  'AZN-6': { typed: no('which scopes are least, whoever names them knows: `CognitoIssuer` takes them by caller, and `keys create` has no default for them') },
} as const satisfies ControlAnswers;
