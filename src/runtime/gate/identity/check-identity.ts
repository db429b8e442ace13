import type { IdentityConfiguration, ProofKind, TokenConfiguration } from '../../../gate/contract';
import { isKeySetUri } from '../../shared/fetch-key-set';
import type { AuthenticatorParts } from './parts';

/** As long as what HS256 hashes to (RFC 7518, section 3.2). */
const MIN_SECRET_BYTES = 32;
/** IDN-11. */
const MAX_SKEW_SECONDS = 60;

type Context = Pick<AuthenticatorParts, 'profile' | 'sharedSecret'>;

/** Refuses a configuration that no construct writes and that would let in whom nobody meant: a gate that does not start lets nobody in. */
export function checkIdentity(configuration: IdentityConfiguration, context: Context): void {
  const isConfigured: Readonly<Record<ProofKind, boolean>> = {
    certificate: configuration.certificate !== undefined,
    token: configuration.tokens.length > 0,
    key: configuration.key !== undefined,
  };
  for (const proofs of configuration.accept) {
    if (proofs.length === 0) throw new Error('identity.accept has an alternative without a proof, which anybody would satisfy.');
    for (const kind of proofs) if (!isConfigured[kind]) throw new Error(`identity.accept names the proof "${kind}", and nothing says how it is verified.`);
  }
  const issuers = configuration.tokens.map(({ issuer }) => issuer);
  if (new Set(issuers).size < issuers.length) throw new Error('identity.tokens names an issuer twice: whose demands hold would depend on the order.');
  // A certificate's subject and a login are the load balancer's word, and there is none in front of this profile: whoever writes the header would be believed.
  const claimed = (['certificate', 'admin'] as const).find((name) => configuration[name] !== undefined);
  if (context.profile === 'local' && claimed !== undefined) throw new Error(`identity.${claimed} is believed behind a load balancer only, and the profile "local" has none.`);
  for (const token of configuration.tokens) checkToken(token, context);
}

function checkToken(token: TokenConfiguration, { profile, sharedSecret = '' }: Context): void {
  const place = `identity.tokens of ${token.issuer}`;
  const { source, uri } = token.keys;
  const isShared = token.algorithms.includes('HS256');
  // What the Core is told of a subject begins with its issuer, which has to end somewhere; what is revoked, too.
  if (/[\s#]/.test(token.issuer)) throw new Error('identity.tokens has an issuer with a blank or a # in it.');
  if (token.algorithms.length === 0) throw new Error(`${place} names no algorithm.`);
  if (isShared !== (source === 'secret') || (isShared && token.algorithms.length > 1)) {
    throw new Error(`${place} mixes a shared secret with published keys: HS256 stands alone, with the source "secret".`);
  }
  if (isShared && profile !== 'local') throw new Error(`${place} takes HS256, which only the profile "local" may (IDN-2).`);
  if (isShared && Buffer.byteLength(sharedSecret) < MIN_SECRET_BYTES) throw new Error(`${place} needs a shared secret of at least ${MIN_SECRET_BYTES} bytes.`);
  if (source !== 'secret' && !isKeySetUri(uri, profile === 'local')) throw new Error(`${place} has its keys from a place that is not reached by https.`);
  if (!(token.clockSkewSeconds >= 0 && token.clockSkewSeconds <= MAX_SKEW_SECONDS)) throw new Error(`${place} allows clocks to be more than ${MAX_SKEW_SECONDS} seconds apart (IDN-11).`);
  const isForUs = token.claims.some(({ name, values }) => ['aud', 'client_id'].includes(name) && values.length > 0);
  if (!isForUs) throw new Error(`${place} demands neither "aud" nor "client_id": tokens for others would pass (IDN-3).`);
}
