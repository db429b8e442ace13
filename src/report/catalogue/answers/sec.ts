import { type ControlAnswers, derived, no } from '../answer';

const OWN_CODE = 'how a program encrypts is its own code, and a sample stands in for it here; the library brings it the master key';

export const SEC = {
  'SEC-4': { typed: derived('`RotatingSecret`, `MasterKey`, `PostgresUser`, `RedisUser` have no prop for a value or for its length') },
  'SEC-6': { typed: derived('no `ProviderKey` is without its `environment`, and each is one provider\'s') },
  'SEC-8': { typed: derived('`SecureCore` builds a `SecretAccess` for what its tasks hold, and no prop leaves it out') },
  'SEC-9': {
    typed: no('what stands in a repository is no matter of types'),
    attacked: no('source and env files are in no deployment: rules read the templates, and SEC-1 attacks what is deployed'),
  },
  'SEC-10': { typed: no(OWN_CODE), attacked: no(OWN_CODE) },
} as const satisfies ControlAnswers;
