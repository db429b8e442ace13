import { type ControlAnswers, derived } from '../answer';

export const WCC = {
  'WCC-2': { typed: derived('`WorkerClient.checkout` takes a job and a credential, and there is no default for either; `JobBinding` has two ways, of which the weaker one states a reason') },
  'WCC-3': { typed: derived('no `CredentialBroker` is without its table of nonces, and `clockWindow` is bounded at synthesis') },
  'WCC-6': { typed: derived('`CredentialBroker` is not built without `audit`, and no prop leaves a record out') },
  'WCC-8': { typed: derived('every checkout has a lease, and `LeaseTerms` is bounded at synthesis') },
  'WCC-9': { typed: derived('`BrokerCredential` has one factory for each store, behind one interface of the broker') },
} as const satisfies ControlAnswers;
