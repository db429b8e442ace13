import { DECLARED_ARCHIVE_METADATA } from '../../audit/contract';
import { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { hasRecords } from './broker-configuration';
import { BUCKET, bucketAt } from './buckets';
import { TASK_DEFINITION } from './containers';
import { type GateContainer, gatesOf } from './gate-configuration';
import { known, oncePerGraph } from './pointers';
import { FUNCTIONS } from './variables';

export const LOG_GROUP = 'AWS::Logs::LogGroup';
export const SUBSCRIPTION = 'AWS::Logs::SubscriptionFilter';
export const STREAM = 'AWS::KinesisFirehose::DeliveryStream';

/** Where a stream writes to, whichever of its two kinds of configuration it has. */
export function destinationOf(stream: Resource): Property {
  const [extended, plain] = ['ExtendedS3DestinationConfiguration', 'S3DestinationConfiguration'].map((name) => stream.prop(name)) as [Property, Property];
  return extended.exists ? extended : plain;
}

/** The group of the templates that a place names: by a reference, or by the name that it is declared with. */
export function groupAt(place: Property, graph: TemplateGraph): Resource | undefined {
  if (place.value instanceof Reference) return place.value.resource.type === LOG_GROUP ? place.value.resource : undefined;
  const { text, complete } = place.partialText();
  return complete && text !== '' ? graph.ofType(LOG_GROUP).find((group) => group.prop('LogGroupName').partialText().text === text) : undefined;
}

/** Where a container names its log group; nothing where it logs in another way. */
export function groupPlace(container: Property): Property | undefined {
  const log = container.get('LogConfiguration');
  return log.exists && log.get('LogDriver').text() === 'awslogs' ? log.get('Options').get('awslogs-group') : undefined;
}

/** Where gates and brokers name the groups that they write their records into. */
const recordPlaces = (graph: TemplateGraph): readonly Property[] => [
  ...graph.ofType(TASK_DEFINITION).flatMap((task) => known(() => gatesOf(task)) ?? []).flatMap(({ container }: GateContainer) => known(() => groupPlace(container)) ?? []),
  ...FUNCTIONS.flatMap((type) => graph.ofType(type)).filter(hasRecords).flatMap((fn) => known(() => fn.prop('LoggingConfig').get('LogGroup')) ?? []),
];

/** The log groups of the templates that gates and brokers write their records into. */
export const recordGroups = oncePerGraph((graph: TemplateGraph): ReadonlySet<Resource> => new Set(recordPlaces(graph).flatMap((place) => known(() => groupAt(place, graph)) ?? [])));

/** The subscriptions of a log group. */
export const subscriptionsOf = (group: Resource, graph: TemplateGraph): readonly Resource[] =>
  graph.ofType(SUBSCRIPTION).filter((filter) => known(() => groupAt(filter.prop('LogGroupName'), graph)) === group);

/** The stream of the templates that a subscription leads to. */
export function streamOf(subscription: Resource): Resource | undefined {
  const { value } = subscription.prop('DestinationArn');
  return value instanceof Reference && value.resource.type === STREAM ? value.resource : undefined;
}

/** The streams that gates' records go through. */
export const recordStreams = oncePerGraph((graph: TemplateGraph): ReadonlySet<Resource> => new Set(
  [...recordGroups(graph)].flatMap((group) => subscriptionsOf(group, graph)).flatMap((subscription) => known(() => streamOf(subscription)) ?? []),
));

/** The bucket of the templates that a stream writes into. */
export const arrivalOf = (stream: Resource, graph: TemplateGraph): Resource | undefined => known(() => bucketAt(destinationOf(stream).get('BucketARN'), stream, graph));

/** The places of the buckets that a bucket hands everything on to. */
export function handedOnTo(bucket: Resource): Property[] {
  const rules = bucket.prop('ReplicationConfiguration').get('Rules').items();
  return rules.filter((rule) => rule.get('Status').text() === 'Enabled').map((rule) => rule.get('Destination').get('Bucket'));
}

/** Where gates' records arrive. */
export const arrivals = oncePerGraph((graph: TemplateGraph): ReadonlySet<Resource> => new Set([...recordStreams(graph)].flatMap((stream) => arrivalOf(stream, graph) ?? [])));

/** Where gates' records are kept in the end: where they arrive, or where that hands them on to. */
export const archives = oncePerGraph((graph: TemplateGraph): ReadonlySet<Resource> => new Set([...arrivals(graph)].flatMap((arrival) => {
  const targets = known(() => handedOnTo(arrival)) ?? [];
  return targets.length === 0 ? [arrival] : targets.flatMap((target) => known(() => bucketAt(target, arrival, graph)) ?? []);
})));

/** What a bucket says of an archive that is in none of the templates. */
export function declaredArchive(arrival: Resource): Property {
  return new Property(`${arrival.logicalId}.Metadata`, (Object.hasOwn(arrival.metadata, DECLARED_ARCHIVE_METADATA) ? arrival.metadata[DECLARED_ARCHIVE_METADATA] : undefined));
}

export { BUCKET };
