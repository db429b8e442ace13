import { type ControlAnswers, derived, no } from '../answer';

export const TLS = {
  'TLS-3': {
    typed: derived('`SecureIngress` takes a certificate of ACM, and no prop takes a file or a PEM'),
    attacked: no('the drill\'s own certificate stands in for that of ACM; `cdk-secure-core cert` looks at the real one, who issued it and until when it is good'),
  },
  'TLS-6': {
    typed: no('an option, which nobody has to take: the type that asks for certificates is `Authorizer.mtls`, and no construct makes Service Connect'),
  },
} as const satisfies ControlAnswers;
