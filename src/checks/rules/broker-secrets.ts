import { DEVICE_CREDENTIAL_TAG } from '../../broker/contract';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { isMap, Reference } from '../template/value';
import { type Broker, brokersOf, type RingKind, ringPlace, secretNamed } from './broker-configuration';
import { functionAt } from './function-calls';
import { known, oncePerGraph } from './pointers';
import { covers, IDENTITY_DOCUMENTS, listOf, mayCall, SECRET_READS } from './policies';
import { SECRET, schedulesOf, secretAt } from './secrets';
import { tagOf } from './tables';

const SECRET_POLICY = 'AWS::SecretsManager::ResourcePolicy';

/** Where policies stand that may be about secrets: a secret may have one of its own. */
export const SECRET_DOCUMENTS: Readonly<Record<string, string>> = { ...IDENTITY_DOCUMENTS, [SECRET_POLICY]: 'ResourcePolicy' };

/** What gives a parameter's value away (service authorization reference, "AWS Systems Manager"). */
const PARAMETER_READS = ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath', 'ssm:GetParameterHistory'];

/** Whoever writes a secret's policy lets himself read it. */
const SECRET_GRANTS = ['secretsmanager:PutResourcePolicy'];

/** Whoever sets a value knows it. */
const SECRET_WRITES = ['secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecret'];

/** A value that a broker keeps for itself. */
export interface KeptValue {
  /** How a message names it. */
  readonly name: string;
  /** Of the templates; undefined for a parameter, which no template can make encrypted. */
  readonly secret: Resource | undefined;
  /** What gives the value away. */
  readonly reads: readonly string[];
  /** Whether a resource of a statement is it, or a pattern takes it in. */
  readonly isNamed: (place: Property, owner: Resource, graph: TemplateGraph) => boolean;
}

/** Partition, region and account are the deployment's own, whether a template writes them out or not. */
const withoutOwn = (text: string): string => text.replace(/\$\{AWS::\w+\}/g, '*').replace(/^arn:[^:]*:([^:]*):[^:]*:[^:]*:/, 'arn:aws:$1:region:account:');

/**
 * Whether a pattern takes in an ARN; a mere hole may turn out to be anything.
 *
 * @param arn with `region` and `account` where an ARN has them
 */
export function takesIn(place: Property, arn: string): boolean {
  const { text } = place.partialText();
  if (/^\$\{[^}]*\}$/.test(text)) place.text();
  return covers(withoutOwn(text), arn);
}

function keptSecret(secret: Resource, writes: readonly string[] = []): KeptValue {
  const name = secret.prop('Name').partialText();
  const arn = `arn:aws:secretsmanager:region:account:secret:${name.complete && name.text !== '' ? name.text : secret.logicalId}-AbCdEf`;
  return {
    name: secret.logicalId,
    secret,
    reads: [...SECRET_READS, ...SECRET_GRANTS, ...writes],
    isNamed: (place, owner, graph) => secretAt(place, owner, graph) === secret || (!(place.value instanceof Reference) && secretAt(place, owner, graph) === undefined && takesIn(place, arn)),
  };
}

const keptParameter = (name: string): KeptValue => ({
  name: `parameter ${name}`,
  secret: undefined,
  reads: PARAMETER_READS,
  isNamed: (place) => !(place.value instanceof Reference) && takesIn(place, `arn:aws:ssm:region:account:parameter/${name.replace(/^\//, '')}`),
});

/** A ring, which whoever may set it knows as well. */
const keptRing = (secret: Resource): KeptValue => keptSecret(secret, SECRET_WRITES);

/** What a configuration lends out; nothing of one that cannot be read, of which its own rule tells. */
function lentBy(broker: Broker, graph: TemplateGraph): readonly (Resource | string)[] {
  return known(() => broker.configuration.get('credentials').items().flatMap((entry): (Resource | string)[] => {
    const parameter = isMap(entry.value) ? entry.get('parameter') : undefined;
    if (parameter?.exists === true) return [parameter.partialText().text];
    const secret = secretNamed(isMap(entry.value) ? entry.get('secret') : entry, broker, graph);
    return secret ? [secret] : [];
  })) ?? [];
}

const isTagged = (secret: Resource): boolean => known(() => tagOf(secret, DEVICE_CREDENTIAL_TAG)) !== undefined;

/** Credentials of devices: what is tagged so, and what brokers lend out. */
export const deviceCredentials = oncePerGraph((graph: TemplateGraph): readonly KeptValue[] => {
  const lent = brokersOf(graph).flatMap((broker) => lentBy(broker, graph));
  const secrets = new Set([...graph.ofType(SECRET).filter(isTagged), ...lent.filter((one) => typeof one !== 'string')]);
  const parameters = new Set(lent.filter((one) => typeof one === 'string'));
  return [...[...secrets].map((secret) => keptSecret(secret)), ...[...parameters].map(keptParameter)];
});

/** The rings of one kind that brokers are told of. */
const ringsOfKind = (kind: RingKind) => oncePerGraph((graph: TemplateGraph): readonly KeptValue[] => {
  const secrets = brokersOf(graph).flatMap((broker) => known(() => {
    const place = ringPlace(broker.configuration, kind);
    return place && secretNamed(place, broker, graph);
  }) ?? []);
  return [...new Set(secrets)].map(keptRing);
});

export const sharedRings = ringsOfKind('shared');
/** What the keys of all workers are made from. */
export const masterRings = ringsOfKind('own');

/** The values that a statement lets somebody read. */
export function readIn(statement: Property, values: readonly KeptValue[], owner: Resource, graph: TemplateGraph): readonly KeptValue[] {
  return values.filter(({ reads, secret, isNamed }) => {
    if (!mayCall(statement, reads)) return false;
    if (owner.type === SECRET_POLICY) return secret !== undefined && secretAt(owner.prop('SecretId'), owner, graph) === secret;
    const others = statement.get('NotResource');
    if (others.exists) return !listOf(others).some((place) => isNamed(place, owner, graph));
    return listOf(statement.get('Resource')).some((place) => isNamed(place, owner, graph));
  });
}

/** The functions that set a value anew. */
export const rotatorsOf = ({ secret }: KeptValue, graph: TemplateGraph): readonly Resource[] =>
  (secret === undefined ? [] : schedulesOf(secret, graph).flatMap((schedule) => known(() => functionAt(schedule.prop('RotationLambdaARN'))) ?? []));
