import type { Property } from '../../checks/template/property';
import { UndecidableError } from '../../checks/template/property';
import type { Resource } from '../../checks/template/resource';
import type { Template } from '../../checks/template/template';
import { graphsOf, type TemplateGraph } from '../../checks/template/template-graph';
import { UsageError } from '../usage-error';

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const MORE_CERTIFICATES = 'AWS::ElasticLoadBalancingV2::ListenerCertificate';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const CERTIFICATE = 'AWS::CertificateManager::Certificate';

/** What callers find behind one listener of the templates. */
export interface TlsListener {
  /** Where it stands, as a user finds it. */
  readonly place: string;
  /** The ARNs of its certificates that are there already. */
  readonly certificates: readonly string[];
  /** Certificates that its own deployment makes: ACM has nothing to say about them yet. */
  readonly madeByStack: readonly string[];
  /** Hosts that its rules name. */
  readonly hosts: readonly string[];
}

/** Every listener that has certificates, in every world of the templates. Throws a UsageError where a certificate is not known before deployment. */
export function tlsListeners(templates: readonly Template[], parameters: ReadonlyMap<string, string>): TlsListener[] {
  const byPlace = new Map<string, TlsListener>();
  for (const graph of graphsOf(templates, parameters)) {
    for (const listener of graph.ofType(LISTENER)) {
      const found = read(graph, listener);
      const known = byPlace.get(found.place);
      byPlace.set(found.place, known ? merged(known, found) : found);
    }
  }
  return [...byPlace.values()].filter(({ certificates, madeByStack }) => certificates.length + madeByStack.length > 0);
}

function read(graph: TemplateGraph, listener: Resource): TlsListener {
  const attached = [listener, ...graph.pointingAt(listener, MORE_CERTIFICATES, 'ListenerArn')].flatMap((resource) => resource.prop('Certificates').items());
  const named = attached.map((entry) => certificateOf(entry.get('CertificateArn'), listener));
  return {
    place: placeOf(listener),
    certificates: distinct(named.filter((name) => name.startsWith('arn:'))),
    madeByStack: distinct(named.filter((name) => !name.startsWith('arn:'))),
    hosts: distinct(graph.pointingAt(listener, RULE, 'ListenerArn').flatMap(hostsOf)),
  };
}

function certificateOf(arn: Property, listener: Resource): string {
  try {
    const made = arn.reference()?.resource;
    if (made?.type === CERTIFICATE) return placeOf(made);
    return arn.text() ?? '';
  } catch (error) {
    if (!(error instanceof UndecidableError)) throw error;
    throw new UsageError(`The certificate of ${placeOf(listener)} is not known before deployment: ${error.reason}. Give --parameter, or name the certificate's ARN in place of the template.`);
  }
}

/** A host that only a deployment knows is left out: what is compared is what is written. */
function hostsOf(rule: Resource): string[] {
  try {
    const conditions = rule.prop('Conditions').items().filter((condition) => condition.get('Field').text() === 'host-header');
    return conditions.flatMap((condition) => [...condition.get('Values').items(), ...condition.get('HostHeaderConfig.Values').items()].map((value) => value.text() ?? ''));
  } catch (error) {
    if (!(error instanceof UndecidableError)) throw error;
    return [];
  }
}

function placeOf(resource: Resource): string {
  return resource.constructPath ?? `${resource.template.name}/${resource.logicalId}`;
}

function merged(one: TlsListener, other: TlsListener): TlsListener {
  return {
    place: one.place,
    certificates: distinct([...one.certificates, ...other.certificates]),
    madeByStack: distinct([...one.madeByStack, ...other.madeByStack]),
    hosts: distinct([...one.hosts, ...other.hosts]),
  };
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => name !== '');
}
