import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { checkGiven } from '../check-given';
import { checkKind, checkKinds, having, instance, type Kinds, list, options, text } from '../check-kinds';
import { CORE_KINDS } from '../core-kinds';
import { Callers } from '../ingress/callers';
import { invalidProp, isListToken } from '../invalid-prop';
import { checkSameRegion } from '../same-region';
import { TrailCoverage } from '../secrets/trail-coverage';
import { isWhole } from '../whole-number';
import type { BrokerIngressOptions, CredentialBrokerProps } from './broker-props';
import { BrokerCredential } from './broker-credential';
import { BrokerPhase } from './broker-phase';
import { REMOVAL_POLICY } from './broker-tables';
import { BOUNDS } from './contract';
import { DeviceCredentialKind } from './device-credential-kind';
import { JobBinding } from './job-binding';
import { JobTable } from './job-table';
import { LeaseTerms } from './lease-terms';

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const KINDS = Object.values(DeviceCredentialKind);

const REQUIRED = {
  network: 'Name the network that workers reach it in, such as a PrivateNetwork.',
  ingress: 'Name the host name and the certificate that workers reach it by.',
  phase: 'Name how workers prove who they are: BrokerPhase.perWorkerKeys() or BrokerPhase.sharedKey().',
  credentials: 'Name what may be checked out, such as [BrokerCredential.secretsManager(…)].',
  audit: 'Name the AuditTrail that takes its records.',
  environment: 'Name whose secrets these are, such as production.',
} as const satisfies Partial<Record<keyof CredentialBrokerProps, string>>;

const { alarmTopic, encryptionKey, exposure, size } = CORE_KINDS;
const PROPS: Kinds<CredentialBrokerProps> = {
  network: having('vpc', REQUIRED.network),
  ingress: options(REQUIRED.ingress),
  phase: instance(BrokerPhase, REQUIRED.phase),
  credentials: list(REQUIRED.credentials),
  audit: having('hot', REQUIRED.audit),
  environment: text(REQUIRED.environment),
  jobs: instance(JobBinding, 'Name JobBinding.assigned() or JobBinding.firstToClaim(…), or leave it out.'),
  jobTable: instance(JobTable, 'Name a JobTable, or leave it out.'),
  leases: instance(LeaseTerms, 'Name LeaseTerms.of(…), or leave it out.'),
  removalPolicy: REMOVAL_POLICY,
  trail: instance(TrailCoverage, 'Name TrailCoverage.trail(…) or TrailCoverage.declared(…), or leave it out.'),
  alarmTopic, encryptionKey, exposure, size,
};
const INGRESS: Kinds<BrokerIngressOptions> = {
  domainName: text('Name a host such as broker.acme.internal.'),
  callers: instance(Callers, 'Name workers\' networks, such as Callers.cidrs(\'10.20.0.0/16\'), or leave it out.'),
  webAcl: options('Name limits, such as { rateLimit }, or leave it out.'),
};
const CREDENTIAL = instance(BrokerCredential, 'Name what BrokerCredential.secretsManager(…) or BrokerCredential.parameterStore(…) returns.');
const RATE_WINDOW = having('toSeconds', 'Name a Duration, or leave it out.');

/** Refuses what the broker could not do, or what would let strangers near it. */
export function checkBroker(scope: Construct, props: CredentialBrokerProps): void {
  checkGiven(scope, props, REQUIRED);
  checkKinds(scope, props, PROPS);
  const { ingress, requestsPerWorker, audit } = props;
  checkGiven(scope, ingress, { domainName: REQUIRED.ingress, certificate: REQUIRED.ingress }, 'ingress.');
  checkKinds(scope, ingress, INGRESS, 'ingress.');
  if (ingress.webAcl) checkKinds(scope, ingress.webAcl, { rateWindow: RATE_WINDOW }, 'ingress.webAcl.');
  checkSameRegion(scope, 'audit', audit.hot.env.region);
  if (ingress.callers?._areEverybody) {
    throw invalidProp(scope, 'ingress.callers', 'Callers.internet', 'Name the workers\' networks, or let each of them in by grantConnect: a broker is for nobody else.');
  }
  if (Token.isUnresolved(ingress.domainName)) throw invalidProp(scope, 'ingress.domainName', ingress.domainName, 'Write the host name out: workers sign it.');
  const [least, most] = BOUNDS.requestsPerMinute;
  if (requestsPerWorker !== undefined && !isWhole(requestsPerWorker, least, most)) {
    throw invalidProp(scope, 'requestsPerWorker', requestsPerWorker, `Name a whole number from ${least} to ${most}.`);
  }
  checkCredentials(scope, props.credentials);
}

function checkCredentials(scope: Construct, credentials: readonly BrokerCredential[]): void {
  if (isListToken(credentials) || credentials.length === 0) throw invalidProp(scope, 'credentials', credentials, REQUIRED.credentials);
  for (const [index, credential] of credentials.entries()) checkKind(scope, `credentials[${index}]`, credential, CREDENTIAL);
  const ids = credentials.map(({ _id }) => _id);
  const secrets = credentials.map(({ _store }) => _store.secret?.secretArn);
  for (const [index, { _id: id, _kind: kind, _store: store }] of credentials.entries()) {
    const prop = `credentials[${index}]`;
    if (!isId(id)) throw invalidProp(scope, `${prop}.id`, id, 'Begin with a letter or digit, and use letters, digits and . _ - only, 64 at most.');
    if (ids.indexOf(id) !== index) throw invalidProp(scope, `${prop}.id`, id, 'Another credential has it: give each an id of its own.');
    if (!KINDS.includes(kind)) throw invalidProp(scope, `${prop}.kind`, kind, `Name one of ${KINDS.join(', ')}.`);
    store.check(scope, prop);
    if (store.secret && secrets.indexOf(store.secret.secretArn) !== index) {
      throw invalidProp(scope, `${prop}.secret`, id, `${ids[secrets.indexOf(store.secret.secretArn)] ?? ''} is kept in the same secret: give each a secret of its own, or name one in both jobs.`);
    }
  }
}

const isId = (id: unknown): boolean => typeof id === 'string' && !Token.isUnresolved(id) && ID.test(id);
