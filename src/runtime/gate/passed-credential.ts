import type { GateConfiguration } from '../../gate/contract';
import { passedHeaderOf } from '../../gate/headers/contract';
import { readCredentials, satisfiedBy } from './identity/credentials';
import type { Identity, ReceivedHeaders } from './ports';

/** What the Core is shown of a caller's own; undefined where he was let in without. */
export type PassedCredential = (received: ReceivedHeaders, identity: Pick<Identity, 'proofs'>) => string | undefined;

/**
 * Reads the credential to pass as the authenticator read it, from the same headers: it stands in no Identity, which is kept, counted and recorded.
 *
 * One that is shown beside what let the caller in, without what it was to be shown with, is verified and not enough: it would be, to a Core that looks at nothing else.
 */
export function passedCredentialOf({ core, identity: configuration }: Pick<GateConfiguration, 'core' | 'identity'>): PassedCredential {
  const { passes } = core;
  if (passes === undefined) return () => undefined;
  const isBearer = passedHeaderOf(passes) === 'authorization';
  const scheme = (passes.proof === 'token' ? passes.scheme : undefined) ?? 'Bearer';
  return (received, { proofs }) => {
    if (!proofs.has(passes.proof)) return undefined;
    const shown = readCredentials(received, configuration);
    const credential = satisfiedBy(shown, configuration).has(passes.proof) ? shown.get(passes.proof) : undefined;
    return credential !== undefined && isBearer ? `${scheme} ${credential}` : credential;
  };
}
