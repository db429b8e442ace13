import type { Resource } from '../../../checks/template/resource';
import type { TemplateGraph } from '../../../checks/template/template-graph';
import { isJsonMap, type Json } from '../../../checks/template/template';
import { type Mask, maskOf } from '../../delivery/masking-policy';
import { bucketIn, streamOf, type StreamDesign } from '../../delivery/stream';
import { tableOf, type TableDesign } from '../../delivery/table';
import { mapOf, mapsIn, text } from '../../json';
import { type KeepingModel, type KeepingTarget, resourcesIn } from '../attack';
import type { KeepingScene } from '../scene';
import { BUCKET, DELIVERY_STREAM, EVENT_RULE, LOG_GROUP, NAMED_QUERY, QUERY_DEFINITION, SUBSCRIPTION, TABLE } from '../types';

/** Properties of a stream that name its bucket. */
const DESTINATIONS = ['ExtendedS3DestinationConfiguration', 'S3DestinationConfiguration'];

/** Streams that some log is delivered by. */
export function logStreams(model: KeepingModel): KeepingTarget[] {
  return resourcesIn(model, [DELIVERY_STREAM], (stream) => model.graph.pointingAt(stream, SUBSCRIPTION, 'DestinationArn').length > 0);
}

/** Log groups that some subscription takes lines of. */
export function subscribedGroups(model: KeepingModel): KeepingTarget[] {
  return resourcesIn(model, [LOG_GROUP], (group) => model.graph.pointingAt(group, SUBSCRIPTION, 'LogGroupName').length > 0);
}

/** Buckets in which delivered logs end: where a stream delivers, unless that hands everything on, be it to a bucket that is none of the templates'. */
export function archives(model: KeepingModel): KeepingTarget[] {
  const streams = logStreams(model).map(({ resource }) => resource);
  const arrivals = bucketsOf(model.graph, streams, DELIVERY_STREAM, DESTINATIONS);
  const handedOn = bucketsOf(model.graph, arrivals, BUCKET, ['ReplicationConfiguration']);
  const without = arrivals.filter((bucket) => !bucket.prop('ReplicationConfiguration').exists);
  return resourcesIn(model, [BUCKET], (bucket) => [...handedOn, ...without].includes(bucket));
}

/** Archives and where logs arrive on the way to them. */
export function logBuckets(model: KeepingModel): KeepingTarget[] {
  const streams = logStreams(model).map(({ resource }) => resource);
  const all = [...bucketsOf(model.graph, streams, DELIVERY_STREAM, DESTINATIONS), ...archives(model).map(({ resource }) => resource)];
  return resourcesIn(model, [BUCKET], (bucket) => all.includes(bucket));
}

/** Saved queries of Athena for a database with a table over delivered logs; over what lies in a bucket that is none of the templates', too. */
export function archiveQueries(model: KeepingModel): KeepingTarget[] {
  if (logStreams(model).length === 0) return [];
  const buckets = logBuckets(model).map(({ resource }) => resource);
  const databases = model.graph.ofType(TABLE).filter((table) => {
    const { text: location, complete } = table.prop('TableInput.StorageDescriptor.Location').partialText();
    return complete || buckets.some((bucket) => mentions(location, bucket));
  }).map((table) => table.prop('DatabaseName').partialText().text);
  return resourcesIn(model, [NAMED_QUERY], (query) => databases.includes(query.prop('Database').partialText().text));
}

/** Saved queries of CloudWatch Logs Insights for groups that lines are delivered from, or that event rules write to. */
export function logQueries(model: KeepingModel): KeepingTarget[] {
  const written = model.graph.ofType(EVENT_RULE).flatMap((rule) => rule.prop('Targets').items().map((target) => target.get('Arn').partialText().text));
  const watched = resourcesIn(model, [LOG_GROUP], (group) => written.some((arn) => mentions(arn, group)));
  const groups = [...subscribedGroups(model), ...watched].map(({ resource }) => resource);
  const queries = groups.flatMap((group) => model.graph.pointingAt(group, QUERY_DEFINITION, 'LogGroupNames'));
  return resourcesIn(model, [QUERY_DEFINITION], (query) => queries.includes(query));
}

/** Whether a text with holes has one for a resource: what is put together out of several parts points nowhere by itself. */
function mentions(withHoles: string, { logicalId }: Resource): boolean {
  return [`\${${logicalId}}`, `\${${logicalId}.`].some((hole) => withHoles.includes(hole));
}

/** Buckets that some of the given resources point at. */
function bucketsOf(graph: TemplateGraph, from: readonly Resource[], type: string, properties: readonly string[]): Resource[] {
  return graph.ofType(BUCKET).filter((bucket) => properties.some((property) => graph.pointingAt(bucket, type, property).some((resource) => resource !== bucket && from.includes(resource))));
}

/** How lines of one log group get into a bucket, as it was deployed. */
export interface Trail {
  /** Undefined where nothing takes lines of the log. */
  readonly subscription?: { readonly pattern: string; readonly roleArn: string; readonly streamArn: string };
  readonly logGroup: string;
  /** What the log group hides of a line. */
  readonly mask: Mask;
  readonly stream: StreamDesign;
  /** Hands on from where objects arrive to where they stay; undefined where they stay where they arrive. */
  readonly replication?: Replication;
  readonly tables: readonly TableDesign[];
}

export interface Replication {
  readonly roleArn: string;
  readonly rules: readonly ReplicationRule[];
}

export interface ReplicationRule {
  readonly bucket: string;
  readonly prefix: string;
  /** Whether objects that KMS encrypts are handed on at all. */
  readonly takesEncrypted: boolean;
}

/** Reads the way that lines take which this stream delivers. */
export function trailOf(scene: KeepingScene, stream: Resource): Trail {
  const name = scene.id(stream) ?? stream.logicalId;
  const design = streamOf(name, scene.propertiesOf(stream));
  const [subscription] = scene.graph.pointingAt(stream, SUBSCRIPTION, 'DestinationArn');
  const subscribed = subscription && scene.propertiesOf(subscription);
  const group = subscription && scene.graph.ofType(LOG_GROUP).find((one) => scene.graph.pointingAt(one, SUBSCRIPTION, 'LogGroupName').includes(subscription));
  const arrivals = scene.graph.ofType(BUCKET).find((bucket) => scene.id(bucket) === design.bucket);
  const replication = arrivals && replicationOf(scene.propertiesOf(arrivals).ReplicationConfiguration);
  const buckets = [design.bucket, ...(replication?.rules ?? []).map(({ bucket }) => bucket)];
  return {
    ...(subscribed && { subscription: { pattern: text(subscribed.FilterPattern), roleArn: text(subscribed.RoleArn), streamArn: text(subscribed.DestinationArn) } }),
    logGroup: text(subscribed?.LogGroupName),
    mask: maskOf(group && scene.propertiesOf(group).DataProtectionPolicy),
    stream: design,
    ...(replication && { replication }),
    tables: scene.graph.ofType(TABLE).map((table) => tableOf(scene.propertiesOf(table))).filter(({ location }) => buckets.some((bucket) => location.startsWith(`s3://${bucket}/`))),
  };
}

function replicationOf(configuration: Json | undefined): Replication | undefined {
  if (!isJsonMap(configuration) || !Array.isArray(configuration.Rules)) return undefined;
  const rules = mapsIn(configuration.Rules).filter(({ Status }) => Status === 'Enabled').map((rule): ReplicationRule => ({
    bucket: bucketIn(mapOf(rule.Destination).Bucket),
    prefix: text(mapOf(rule.Filter).Prefix ?? rule.Prefix),
    takesEncrypted: JSON.stringify(rule.SourceSelectionCriteria ?? null).includes('"SseKmsEncryptedObjects":{"Status":"Enabled"}'),
  }));
  return { roleArn: text(configuration.Role), rules };
}
