import { expect, fail, NOT_APPLICABLE, type Outcome } from '../rule';
import type { Property } from '../template/property';

/** What is said where tokens of anybody's pass, in the words of whoever verifies them. */
interface Complaints {
  readonly nobodyNamed: string;
  readonly anyUse: string;
}

/** A token is for whoever `aud` names; access tokens of Cognito name a client instead, and identity tokens of the same client are none. */
const ISSUED_FOR = 'aud';
const ISSUED_TO = 'client_id';
const USE = 'token_use';
const ACCESS = 'access';

/**
 * What is wrong with the claims that are demanded of a token, if anything (IDN-3).
 *
 * @param valuesOf the values of which a claim must have one; none where it is not asked for
 */
export function namesRecipient(valuesOf: (claim: string) => readonly Property[], at: Property, { nobodyNamed, anyUse }: Complaints): readonly Outcome[] {
  const given = (claim: string): readonly Property[] => valuesOf(claim).filter((value) => value.partialText().text.trim() !== '');
  if (given(ISSUED_FOR).length > 0) return NOT_APPLICABLE;
  if (given(ISSUED_TO).length === 0) return fail(at, nobodyNamed);
  const use = given(USE);
  return expect(use.length === 1 && use[0]?.text() === ACCESS, at, anyUse);
}
