import { App, type Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Access, AlarmTopic, Authorizer, Callers, CoreImage, GateProof, HttpsOrigin, Ingress, RatePlan, type RateLimits, Recipient, Route, SecureCore } from '../../src';

/** A name that the drill's certificate is for. */
export const DOMAIN = 'core.drill.test';
/** What a key needs for all routes of the trial. */
export const SCOPES = ['chat', 'embeddings', 'files'] as const;

/** Where the trial's Core would stand. */
export const SOMEWHERE = { account: '111122223333', region: 'eu-central-1' };

/** API keys in X-API-Key, or tokens. */
export const KEYS_AND_TOKENS = Authorizer.gateOnly(
  GateProof.apiKeys(),
  GateProof.jwt({ issuer: 'https://login.acme.test/', jwksUri: 'https://login.acme.test/.well-known/jwks.json', audience: 'core' }),
);
/** API keys alone, which may then also come as OpenAI's clients send them: `Authorization: Bearer`. */
export const KEYS_ALONE = Authorizer.gateOnly(GateProof.apiKeys());

export interface TrialProps {
  readonly authorizer: Authorizer;
  /** @default - as SecureCore has it */
  readonly streamIdleTimeout?: Duration;
  /** @default - as SecureCore has it */
  readonly limits?: RateLimits;
}

/** Synthesizes a Core that is asked as OpenAI's API is, into a folder. */
export function synthesizeTrial(outdir: string, { authorizer, streamIdleTimeout, limits }: TrialProps): void {
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, 'Trial', { env: SOMEWHERE });
  new SecureCore(stack, 'Core', {
    container: {
      image: CoreImage.fromEcr(Repository.fromRepositoryName(stack, 'Repository', 'core'), `sha256:${'ab'.repeat(32)}`),
      port: 8000,
      healthCheckPath: '/health',
    },
    ingress: Ingress.internal({
      domainName: DOMAIN,
      certificate: Certificate.fromCertificateArn(stack, 'Certificate', `arn:aws:acm:${SOMEWHERE.region}:${SOMEWHERE.account}:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6`),
      callers: Callers.cidrs('10.20.0.0/16'),
      streamIdleTimeout,
      // All callers of a trial have one address.
      webAcl: { rateLimit: 60_000 },
      routes: [
        Route.post('/v1/chat/completions', { access: Access.scope('chat'), promptSized: true, streams: true }),
        Route.get('/v1/models', { access: Access.authenticated() }),
        Route.post('/v1/embeddings', { access: Access.scope('embeddings'), promptSized: true }),
        Route.post('/v1/files', { access: Access.scope('files'), promptSized: true }),
      ],
    }),
    authorizer,
    alarmTopic: new AlarmTopic(stack, 'Alarms', { recipients: [Recipient.email('oncall@acme.test')] }),
    gate: { publicHealth: true, cors: { origins: [HttpsOrigin.of('https://app.acme.test')] }, ratePlan: RatePlan.perCaller(limits) },
  });
  app.synth();
}
