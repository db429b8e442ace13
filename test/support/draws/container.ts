import * as path from 'node:path';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import fc from 'fast-check';
import { CoreImage, ErrorTracking, type OtlpProps, type ProfiledContainerOptions, type SentryProps, Telemetry } from '../../../src';
import { built, type Draw, factoriesOf, listOf, mapped, perhaps, plain, propsOf, text, whole } from './draw';
import { aContainerSecret, REGION } from './values';

const DIGEST = `sha256:${'ab'.repeat(32)}`;

export const anImage: Draw<CoreImage> = factoriesOf<typeof CoreImage, CoreImage>('CoreImage', {
  fromEcr: mapped(text([DIGEST], 'latest'), 'digest', (digest, site) => CoreImage.fromEcr(Repository.fromRepositoryName(site.place('Repository'), 'Named', 'core'), digest)),
  fromUri: mapped(text([`111122223333.dkr.ecr.${REGION}.amazonaws.com/core@${DIGEST}`], 'nginx:latest'), 'uri', (uri) => CoreImage.fromUri(uri)),
  fromAsset: mapped(text([path.join(__dirname, '..', '..', 'core', 'image')], '/nowhere'), 'folder', (folder) => CoreImage.fromAsset(folder)),
});

const aTelemetry: Draw<Telemetry> = factoriesOf<typeof Telemetry, Telemetry>('Telemetry', {
  otlp: mapped(propsOf<OtlpProps>('OtlpProps', { endpoint: text(['https://otlp.acme.com', 'http://localhost:4317'], 'http://otlp.acme.com'), serviceName: text(['core'], ' ') }), 'otlp',
    (props) => Telemetry.otlp(props)),
});

const anErrorTracking: Draw<ErrorTracking> = factoriesOf<typeof ErrorTracking, ErrorTracking>('ErrorTracking', {
  sentry: mapped(propsOf<SentryProps>('SentryProps', { dsn: aContainerSecret('sentry-dsn'), host: text(['o123.ingest.sentry.io'], 'https://sentry.io') }), 'sentry',
    (props) => ErrorTracking.sentry(props)),
});

export const aContainer: Draw<ProfiledContainerOptions> = propsOf<ProfiledContainerOptions>('ProfiledContainerOptions', {
  port: perhaps(whole(1024, 65535)),
  healthCheckPath: perhaps(text(['/health', '/healthz'], 'health', '')),
  user: perhaps(text(['1000:1000', '65534:65534'], 'root', '0:0')),
  cpu: perhaps(mapped(text(['512', '1024'], '300'), 'units', Number)),
  memoryLimitMiB: perhaps(mapped(text(['2048', '3072'], '1', '2049'), 'MiB', Number), 40),
  environment: perhaps(plain(fc.constantFrom<Record<string, string>>({}, { REGION_NAME: 'eu' }, { REGION_NAME: 'eu', FEATURE_FLAGS: 'a,b' }))),
  secrets: perhaps(mapped(aContainerSecret('other'), 'THEIR_OWN', (secret) => ({ THEIR_OWN: secret }))),
  writablePaths: perhaps(listOf(text(['/tmp', '/var/cache'], 'tmp', '/'), 1, 2)),
  minTasks: perhaps(whole(1, 4)),
  maxTasks: perhaps(whole(4, 20)),
  requestsPerTask: perhaps(whole(60, 6000)),
  errorTracking: perhaps(anErrorTracking),
  telemetry: perhaps(aTelemetry),
});

/** What a name of the profile's own is, written by hand. */
export const byHand = (name: string): Draw<ProfiledContainerOptions> => built({ byHand: name }, () => ({ environment: { [name]: 'x' } }));
