import { createHash } from 'node:crypto';
import { type IdentityConfiguration, type ProofKind, revocationSort } from '../../../gate/contract';
import type { Authenticator, Identity, KeyStore, ReceivedHeaders } from '../ports';
import { Refusal } from '../refusal';
import { callerNames, SPEAKERS } from './caller-names';
import { checkIdentity } from './check-identity';
import { readCredentials, satisfiedBy } from './credentials';
import { isScope, isSubject } from './names';
import { type AuthenticatorParts, tokenVerifierOf } from './parts';
import type { Proof } from './proof';
import { unauthenticated } from './unauthenticated';

/** Decides who calls. Throws at the start where its configuration would let in whom nobody meant. */
export function createAuthenticator(configuration: IdentityConfiguration, parts: AuthenticatorParts): Authenticator {
  checkIdentity(configuration, parts);
  const tokens = tokenVerifierOf(configuration, parts);
  const nameOf = callerNames(configuration);
  const verifiers: Readonly<Record<ProofKind, (credential: string) => Proof | Promise<Proof>>> = {
    certificate: (subject) => ({ subject, scopes: scopesOf(configuration, subject), roles: new Set(), revocableAs: [] }),
    token: (token) => tokens.verify(token),
    key: (key) => verifyKey(key, parts),
  };
  return {
    async authenticate(headers: ReceivedHeaders): Promise<Identity> {
      const shown = readCredentials(headers, configuration);
      const satisfied = satisfiedBy(shown, configuration);
      const proofs = new Map<ProofKind, Proof>();
      // All that is shown, needed or not: somebody who shows a bad credential is not whom the good one says.
      for (const [kind, credential] of shown) proofs.set(kind, await verifiers[kind](credential));
      const [speaking] = SPEAKERS.filter((kind) => satisfied.has(kind));
      const speaker = speaking && proofs.get(speaking);
      if (speaking === undefined || speaker === undefined) throw unauthenticated('no-credential');
      const { scopes, roles, endUser } = speaker;
      return {
        subject: nameOf(speaking, speaker),
        scopes,
        roles,
        proofs: new Set(proofs.keys()),
        revocableAs: [...proofs.values()].flatMap(({ revocableAs }) => revocableAs),
        ...(speaking === 'key' && { keyOwner: speaker.subject }),
        ...(endUser !== undefined && { endUser }),
      };
    },
  };
}

function scopesOf({ certificate }: IdentityConfiguration, subject: string): ReadonlySet<string> {
  const scopes = certificate?.scopes ?? {};
  return new Set(Object.hasOwn(scopes, subject) ? scopes[subject] : []);
}

async function verifyKey(key: string, { keys, clock }: AuthenticatorParts): Promise<Proof> {
  const digest = createHash('sha256').update(key).digest('hex');
  const record = await ask(keys, digest);
  if (record === undefined) throw unauthenticated('key-unknown');
  if (record.isRevoked) throw unauthenticated('key-revoked');
  if (clock() >= record.validUntil * 1000) throw unauthenticated('key-expired');
  if (!isSubject(record.owner) || !record.scopes.every(isScope)) throw new Refusal('unavailable', 'key-record');
  return { subject: record.owner, scopes: new Set(record.scopes), roles: new Set(), revocableAs: [revocationSort('key', digest)] };
}

async function ask(keys: KeyStore, digest: string): ReturnType<KeyStore['find']> {
  try {
    return await keys.find(digest);
  } catch {
    throw new Refusal('unavailable', 'key-store');
  }
}
