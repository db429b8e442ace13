import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { TASK_DEFINITION } from './containers';
import { LOAD_BALANCER } from './load-balancing';
import { oncePerGraph } from './pointers';
import { environmentAt, FUNCTIONS, writtenContainers } from './variables';

export const BUCKET = 'AWS::S3::Bucket';
export const BUCKET_POLICY = 'AWS::S3::BucketPolicy';

/** The bucket of the templates that a place names: by a reference, its name, or a URL with its name in it. */
export function bucketAt(place: Property, owner: Resource, graph: TemplateGraph): Resource | undefined {
  if (place.value instanceof Reference) return place.value.resource.type === BUCKET ? place.value.resource : undefined;
  const { text } = place.partialText();
  const buckets = graph.ofType(BUCKET);
  const byId = buckets.filter(({ logicalId }) => new RegExp(`\\$\\{${logicalId}(\\.\\w+)?\\}`).test(text));
  const named = byId.find(({ template }) => template === owner.template) ?? (byId.length === 1 ? byId[0] : undefined);
  return named ?? buckets.find((bucket) => {
    const name = bucket.prop('BucketName').partialText();
    return name.complete && name.text !== '' && name.text === text;
  });
}

/** The values of all variables of tasks and functions. */
function variablesIn(graph: TemplateGraph): { readonly value: Property; readonly owner: Resource }[] {
  const ofTasks = graph.ofType(TASK_DEFINITION).flatMap((task) => writtenContainers(task).map(environmentAt).flatMap(({ plain }) => plain.map(({ value }) => ({ value, owner: task }))));
  const ofFunctions = FUNCTIONS.flatMap((type) => graph.ofType(type)).flatMap((fn) => {
    const { value } = fn.whole.get('Environment');
    return value === undefined || value instanceof Reference ? [] : entriesOf(fn).map((variable) => ({ value: variable, owner: fn }));
  });
  return [...ofTasks, ...ofFunctions];
}

function entriesOf(fn: Resource): Property[] {
  const variables = fn.prop('Environment.Variables');
  return typeof variables.value === 'object' && variables.value !== null && Object.getPrototypeOf(variables.value) === Object.prototype ? variables.entries().map(([, value]) => value) : [];
}

/** Buckets that a program is told of: what it keeps there is its users'. */
export const assetBuckets = oncePerGraph((graph: TemplateGraph): ReadonlySet<Resource> => new Set(variablesIn(graph).flatMap(({ value, owner }) => bucketAt(value, owner, graph) ?? [])));

/** Buckets that AWS writes records into, which nobody overwrites: those of load balancers, of other buckets, of networks and of trails. */
export const logBuckets = oncePerGraph((graph: TemplateGraph): ReadonlySet<Resource> => new Set([
  ...graph.ofType(LOAD_BALANCER).flatMap((balancer) => attributesOf(balancer).map((value) => ({ value, owner: balancer }))),
  ...graph.ofType(BUCKET).map((bucket) => ({ value: bucket.prop('LoggingConfiguration').get('DestinationBucketName'), owner: bucket })),
  ...graph.ofType('AWS::EC2::FlowLog').map((log) => ({ value: log.prop('LogDestination'), owner: log })),
  ...graph.ofType('AWS::CloudTrail::Trail').map((trail) => ({ value: trail.prop('S3BucketName'), owner: trail })),
].flatMap(({ value, owner }) => (value.exists ? bucketAt(value, owner, graph) ?? [] : []))));

/** What a load balancer's attributes say of the buckets of its logs. */
function attributesOf(balancer: Resource): Property[] {
  const list = balancer.prop('LoadBalancerAttributes');
  return Array.isArray(list.value) ? list.items().filter((entry) => /_logs\.s3\.bucket$/.test(entry.get('Key').partialText().text)).map((entry) => entry.get('Value')) : [];
}

/** The policies of a bucket. */
export function policiesOf(bucket: Resource, graph: TemplateGraph): Resource[] {
  return graph.ofType(BUCKET_POLICY).filter((policy) => bucketAt(policy.prop('Bucket'), policy, graph) === bucket);
}
