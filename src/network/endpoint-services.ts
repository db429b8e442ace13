import * as ec2 from 'aws-cdk-lib/aws-ec2';

/** A prefix of IAM actions whose endpoint services are not just the one of the same name. */
interface Differing {
  /** Endpoint services of every action that `of` does not name; none where the traffic stays in the VPC by itself. */
  readonly others: readonly string[];
  /** Beginnings of action names, and the services that answer them instead; nothing where no endpoint answers under the service's own name. */
  readonly of?: readonly { readonly actions: readonly string[]; readonly services?: readonly string[] }[];
}

/** The registry answers an image pull in three places: its API, its Docker API, and S3, which holds the layers. */
const PULL = ['ecr.api', 'ecr.dkr', 's3'];

/**
 * What the IAM prefix does not say by itself: the service authorization reference names actions, the PrivateLink guide services.
 *
 * A prefix that is in neither this table nor the CDK's list of endpoint services has no endpoint that we know of.
 */
const DIFFERING: Readonly<Record<string, Differing>> = {
  'aps': { others: ['aps'], of: [{ actions: ['RemoteWrite', 'QueryMetrics', 'GetLabels', 'GetSeries', 'GetMetricMetadata'], services: ['aps-workspaces'] }] },
  'appconfig': { others: ['appconfig'], of: [{ actions: ['GetLatestConfiguration', 'StartConfigurationSession'], services: ['appconfigdata'] }] },
  'appsync': { others: [], of: [{ actions: ['GraphQL', 'EventConnect', 'EventPublish', 'EventSubscribe'], services: ['appsync-api'] }] },
  'bedrock': {
    others: ['bedrock'],
    of: [
      { actions: ['InvokeModel', 'ApplyGuardrail', 'GetAsyncInvoke', 'ListAsyncInvokes', 'CountTokens'], services: ['bedrock-runtime'] },
      { actions: ['InvokeAgent', 'InvokeFlow', 'InvokeInlineAgent', 'Retrieve', 'Rerank', 'OptimizePrompt'], services: ['bedrock-agent-runtime'] },
    ],
  },
  'cloudwatch': { others: ['monitoring'] },
  'codeartifact': { others: ['codeartifact.api', 'codeartifact.repositories'] },
  'dynamodb': {
    others: ['dynamodb'],
    of: [
      // A grant to read a table holds these as well, without the two below that reading a stream begins with.
      { actions: ['GetRecords', 'GetShardIterator'], services: [] },
      // The endpoint of streams has no private DNS (DynamoDB guide, "AWS PrivateLink for DynamoDB Streams").
      { actions: ['DescribeStream', 'ListStreams'] },
    ],
  },
  'ecr': { others: ['ecr.api', 'ecr.dkr'], of: [{ actions: ['GetDownloadUrlForLayer'], services: PULL }] },
  'elasticache': { others: ['elasticache'], of: [{ actions: ['Connect'], services: [] }] },
  'elasticfilesystem': { others: ['elasticfilesystem'], of: [{ actions: ['Client'], services: [] }] },
  'firehose': { others: ['kinesis-firehose'] },
  // To hand a role on is no call: the service that is handed it asks (IAM guide, "Grant a user permissions to pass a role to an AWS service").
  'iam': { others: ['iam'], of: [{ actions: ['PassRole'], services: [] }] },
  'iot': { others: [], of: [{ actions: ['Publish', 'GetThingShadow', 'UpdateThingShadow', 'DeleteThingShadow', 'GetRetainedMessage'], services: ['iot.data'] }] },
  'kinesis': { others: ['kinesis-streams'] },
  'memorydb': { others: ['memory-db'], of: [{ actions: ['Connect'], services: [] }] },
  'mobiletargeting': { others: ['pinpoint'] },
  'rds-db': { others: [] },
  'sagemaker': { others: ['sagemaker.api'], of: [{ actions: ['InvokeEndpoint'], services: ['sagemaker.runtime'] }] },
  'servicediscovery': { others: ['servicediscovery'], of: [{ actions: ['DiscoverInstances'], services: ['data-servicediscovery'] }] },
  'ses': { others: ['email'] },
  'sms-voice': { others: ['pinpoint-sms-voice-v2'] },
  'states': { others: ['states'], of: [{ actions: ['StartSyncExecution'], services: ['sync-states'] }] },
  'tag': { others: ['tagging'] },
  'transcribe': { others: ['transcribe'], of: [{ actions: ['StartStreamTranscription'], services: ['transcribestreaming'] }] },
};

/**
 * Services that are reached through a gateway endpoint: DynamoDB's interface endpoint has no private DNS, and an image pull is known to
 * work through S3's gateway alone (Amazon ECR guide, "Amazon ECR interface VPC endpoints").
 */
const GATEWAYS: ReadonlyMap<string, ec2.GatewayVpcEndpointAwsService> = new Map([
  ['dynamodb', ec2.GatewayVpcEndpointAwsService.DYNAMODB],
  ['s3', ec2.GatewayVpcEndpointAwsService.S3],
]);

const INTERFACES: ReadonlyMap<string, ec2.InterfaceVpcEndpointAwsService> = new Map(Object.values(ec2.InterfaceVpcEndpointAwsService)
  .filter((member): member is ec2.InterfaceVpcEndpointAwsService => member instanceof ec2.InterfaceVpcEndpointAwsService)
  .map((service) => [service.shortName, service]));

export function isGateway(service: string): boolean {
  return GATEWAYS.has(service);
}

/** The name that an endpoint asks for; the CDK knows where it is not `com.amazonaws.<region>.<service>`. */
export function serviceName(service: string): string {
  const name = (GATEWAYS.get(service) ?? INTERFACES.get(service))?.name;
  if (name === undefined) throw new Error(`The CDK knows no endpoint service ${service}.`);
  return name;
}

/**
 * The endpoint services that an IAM action needs, such as `logs` for `logs:PutLogEvents`.
 *
 * @param action may hold wildcards, and then needs whatever one of its meanings needs
 * @returns undefined where no endpoint is known
 */
export function servicesOf(action: string): readonly string[] | undefined {
  const [prefix = '', name = ''] = action.split(/:(.*)/s);
  const differing = Object.hasOwn(DIFFERING, prefix.toLowerCase()) ? DIFFERING[prefix.toLowerCase()] : undefined;
  if (!differing) return INTERFACES.has(prefix.toLowerCase()) ? [prefix.toLowerCase()] : undefined;
  const wild = /[*?]/.exec(name);
  const known = (wild ? name.slice(0, wild.index) : name).toLowerCase();
  const met = (differing.of ?? []).filter(({ actions }) => actions.some((beginning) =>
    known.startsWith(beginning.toLowerCase()) || (wild !== null && beginning.toLowerCase().startsWith(known))));
  const settled = met.filter(({ actions }) => actions.some((beginning) => known.startsWith(beginning.toLowerCase())));
  if (settled.some(({ services }) => services === undefined)) return undefined;
  return [...new Set([...met.flatMap(({ services }) => services ?? []), ...(settled.length > 0 ? [] : differing.others)])];
}
