import { type ControlAnswers, derived, no } from '../answer';

export const IDN = {
  'IDN-4': { typed: derived('tokens of `CognitoIssuer` live for 15 minutes, which no prop makes longer; those of others as long as they say. No `Gate` is without its `GateTable` of revocations') },
  'IDN-5': { typed: no('`keySetFetch` of a gate takes figures: synthesis refuses those that are out of bounds') },
  'IDN-6': { typed: derived('`Authorizer.mtls` asks for a revocation list, and has no prop that lets expired certificates in; of a trust store that is there already, the rule asks for one') },
  'IDN-8': { typed: derived('`GateProof.apiKeys` takes a header and a prefix, never a key: digests are written by the command `keys`') },
  'IDN-9': {
    attacked: no('what a program does when its bypass is on is the program\'s code, for which a sample stands in here; that nobody gets past the gate is IDN-1\'s attacks'),
  },
  'IDN-11': { typed: derived('`JwtSubjectClaim` has three claims and no more; `clockSkew` is bounded at synthesis') },
  'IDN-12': { typed: derived('no `CredentialBroker` is without its table of nonces, and no prop lets one be used twice') },
  'IDN-13': {
    attacked: no('Amazon Cognito compares callback addresses, and nothing here imitates it'),
  },
} as const satisfies ControlAnswers;
