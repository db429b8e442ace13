import { Duration, Lazy, Names, Stack, Tags } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { answerAwsSolutions } from '../aws-solutions';
import { SecretFunction } from '../secrets/secret-function';
import { Size } from '../size';
import type { BoundPhase } from './bound-phase';
import { checkedSeconds } from './bounded-seconds';
import type { CredentialBrokerProps } from './broker-props';
import {
  BROKER_ASSETS, BROKER_CONCURRENCY, BROKER_TAG, BROKER_TIMEOUT_SECONDS, BROKER_VARIABLE, type BrokerConfiguration, DEFAULTS, FIRST_TO_CLAIM_METADATA, KEPT_CREDENTIALS_METADATA, PHASE_METADATA,
} from './contract';
import { secretArnsOf, writtenSecret } from './credential-stores';
import { JobBinding } from './job-binding';
import type { JobTable } from './job-table';
import { LeaseTerms } from './lease-terms';
import { METRICS_PREFIX } from './operations/contract';
import type { StateTable } from './state-table';

/** What was made for the function before it. */
export interface FunctionParts {
  readonly host: string;
  readonly namespace: string;
  readonly phase: BoundPhase;
  readonly jobs: JobTable;
  readonly state: StateTable;
}

const SHORTEN = 'Let another CredentialBroker give some of the credentials out; names that end in credentials/<id>/<kind> take the least room.';

/** The namespace of a broker's figures, which no other broker has. */
export function namespaceOf(broker: Construct): string {
  return METRICS_PREFIX + Names.uniqueResourceName(broker, { maxLength: 200, separator: '-' });
}

/** The function that workers ask, with exactly what it may do. */
export function brokerFunction(broker: Construct, props: CredentialBrokerProps, { host, namespace, phase, jobs, state }: FunctionParts): SecretFunction {
  const { network, credentials, audit } = props;
  const stack = Stack.of(broker);
  const binding = props.jobs ?? JobBinding.assigned();
  const claimed = binding._reasonFor(broker);
  const leases = (props.leases ?? LeaseTerms.of())._bind(broker);
  const windowSeconds = checkedSeconds(broker, 'clockWindow', props.clockWindow ?? Duration.seconds(DEFAULTS.windowSeconds), 'windowSeconds');
  const configuration = (): BrokerConfiguration => ({
    version: 1,
    host,
    region: stack.region,
    phase: phase.configuration(({ secret }) => writtenSecret(broker, secret)),
    windowSeconds,
    requestsPerMinute: props.requestsPerWorker ?? DEFAULTS.requestsPerMinute,
    leases,
    binding: binding._kind,
    tables: { jobs: jobs.table.tableName, state: state.table.tableName },
    secretArns: secretArnsOf(broker),
    credentials: written,
    metrics: { namespace },
  });
  const made = new SecretFunction(broker, 'Handler', {
    description: `Gives credentials out to workers for ${broker.node.path}`,
    asset: BROKER_ASSETS.broker,
    timeout: Duration.seconds(BROKER_TIMEOUT_SECONDS),
    // Pools are named later.
    environment: { [BROKER_VARIABLE]: Lazy.string({ produce: () => stack.toJsonString(configuration()) }) },
    shorten: SHORTEN,
    log: audit.hot,
    // 100 of an account's cannot be reserved (Lambda guide, "Configuring reserved concurrency"), and a young account has no more.
    concurrency: props.size === Size.DEV ? undefined : BROKER_CONCURRENCY,
    network,
  });
  const { handler, role } = made;
  jobs._grantRead(role);
  state.grantServe(role);
  for (const ring of phase.rings) ring.grantRead(role);
  const written = credentials.map(({ _id: id, _kind: kind, _store }) => _store.bind(broker, role, { id, kind }));
  for (const statement of phase.own?.statements() ?? []) {
    role.addToPrincipalPolicy(statement);
    answerAwsSolutions(role, 'IAM5[Resource::*]', 'sts:GetCallerIdentity takes no resource, and nobody has to be let use it (AWS STS API).');
  }
  network.allowToAwsServices(handler, role);
  // A request that comes before the first ring would be refused.
  handler.node.addDependency(...phase.rings.map(({ ready }) => ready));
  Tags.of(handler).add(BROKER_TAG, phase.stated.phase);
  const resource = handler.node.defaultChild;
  if (resource instanceof CfnFunction) {
    resource.addMetadata(PHASE_METADATA, phase.stated);
    if (claimed !== undefined) resource.addMetadata(FIRST_TO_CLAIM_METADATA, claimed);
    const kept = credentials.filter(({ _store: { after } }) => !after?._rotation).map(({ _id }) => _id);
    if (kept.length > 0) resource.addMetadata(KEPT_CREDENTIALS_METADATA, kept);
  }
  return made;
}
