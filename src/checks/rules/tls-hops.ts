import { defineRule, each, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import { isMap } from '../template/value';
import { TARGET_GROUP } from './load-balancing';
import { looseIn } from './pointers';
import { eachEnvironment, type Environment, PROGRAMS } from './variables';

const ENCRYPTED = ['HTTPS', 'TLS', 'QUIC'];
/** Carries bytes as they come: encrypted if both ends see to it. */
const OPAQUE = ['TCP', 'UDP', 'TCP_UDP', 'TCP_QUIC'];

const encryptedTargets = defineRule('TLS-5', 'target-group', {
  appliesTo: [TARGET_GROUP],
  extent: 'the hop from a load balancer to its targets',
  remediation: 'Set Protocol HTTPS and let the target do TLS. In CDK, a gate does.',
  check(group) {
    const type = group.prop('TargetType').text();
    const place = group.prop('Protocol');
    // A function is called through the API of AWS; a load balancer behind another is judged by itself.
    if (type === 'lambda' || place.text() === 'GENEVE') return NOT_APPLICABLE;
    if (type === 'alb') return PASS;
    const protocol = place.text();
    if (protocol === undefined) return fail(place, 'names no protocol, so nothing says that the hop to the targets is encrypted');
    if (ENCRYPTED.includes(protocol)) return PASS;
    if (OPAQUE.includes(protocol)) return undecidable(place, `passes ${protocol} on, which is encrypted only if the target does TLS itself`);
    return fail(place, `passes requests on over ${protocol}, for everybody on the way to read`);
  },
});

interface Scheme {
  readonly pattern: string;
  /** What in the rest of the URL asks for TLS all the same. */
  readonly secured?: RegExp;
}

const SCHEMES: readonly Scheme[] = [
  ...['https?', 'wss?', 'rediss?', 'valkeys?', 'amqps?', 'mqtts?', 'ldaps?', 'nats', 'ftp', 'smtps?', 'grpcs?', 'memcached'].map((pattern) => ({ pattern })),
  { pattern: 'mongodb(?:\\+srv)?', secured: /[?&](tls|ssl)=true(&|$)/i },
];
/** Encrypted by the name alone; a mongodb+srv address asks for TLS (MongoDB connection strings). */
const SECURE = /^(https|wss|rediss|valkeys|amqps|mqtts|ldaps|smtps|grpcs|mongodb\+srv)$/i;
const URL = new RegExp(`(?<![\\w.+-])(${SCHEMES.map(({ pattern }) => pattern).join('|')})://([^\\s,;"']*)`, 'gi');

/** This machine; 169.254.0.0/16 is answered by the host that it runs on (ECS guide, "Task metadata endpoint"). */
const ON_THIS_MACHINE = /^(localhost|[^/]*\.localhost|127(\.\d{1,3}){3}|169\.254(\.\d{1,3}){2}|\[::1\]|\[fd00:ec2::\d+\])$/i;

/** Names of origins are none of the program's hops, and proxies are asked for tunnels. */
const NO_HOP = /ORIGIN|(^|_)(NO|HTTPS)_PROXY$/i;

const hostOf = (rest: string): string => /^(?:[^/?#@]*@)?(\[[^\]]*\]|\$\{[^}]*\}|[^/?#:]*)/.exec(rest)?.[1] ?? '';

function isEncrypted(url: RegExpMatchArray, value: Property, name: string, owner: string): readonly Outcome[] {
  const [, scheme = '', rest = ''] = url;
  const secured = SCHEMES.find(({ pattern }) => new RegExp(`^${pattern}$`, 'i').test(scheme))?.secured;
  const host = hostOf(rest);
  if (SECURE.test(scheme) || secured?.test(rest) || ON_THIS_MACHINE.test(host)) return PASS;
  if (host.includes('${')) return undecidable(value, `${owner} has ${name} speak ${scheme} without TLS to a host that only a deployment knows`);
  return fail(value, `${owner} has ${name} speak ${scheme} to ${host || 'a host'} without TLS`);
}

/** Variables whose value is a hop whatever it says (NT-65). */
const IS_HOP = /^OTEL_EXPORTER_OTLP_(\w+_)?ENDPOINT$/;

function hopsIn(environment: Environment): readonly Outcome[] {
  return each(environment.plain.filter(({ name }) => !NO_HOP.test(name)), ({ name, value }) => {
    const { text, complete } = value.partialText();
    const urls = [...text.matchAll(URL)];
    if (urls.length === 0 && !complete && IS_HOP.test(name)) return undecidable(value, `${environment.owner} sends telemetry to an address that only a deployment knows`);
    return urls.flatMap((url) => isEncrypted(url, value, name, environment.owner));
  });
}

const encryptedUrls = defineRule('TLS-5', 'urls', {
  appliesTo: PROGRAMS,
  extent: 'URLs in variables',
  remediation: 'Use the scheme with TLS (https, rediss, amqps, …), or put the other end on the same loopback. A collector can run in the same task.',
  check: (resource) => eachEnvironment(resource, hopsIn),
});

const TOPIC = 'AWS::SNS::Topic';
const TOPIC_POLICY = 'AWS::SNS::TopicPolicy';

const isAny = (place: Property, words: RegExp): boolean => place.items().some((item) => words.test(item.text() ?? ''));

/** Whether a statement refuses everybody who publishes without TLS (SNS guide, "Enforce encryption of data in transit"). */
function refusesClear(statement: Property): boolean {
  const principal = statement.get('Principal');
  const everybody = isMap(principal.value) ? principal.get('AWS') : principal;
  return statement.get('Effect').text() === 'Deny' && isAny(everybody, /^\*$/) && isAny(statement.get('Action'), /^(\*|sns:\*|sns:publish)$/i)
    && statement.get('Condition.Bool').entries().some(([key, value]) => key.toLowerCase() === 'aws:securetransport' && isAny(value, /^false$/i));
}

const encryptedTopics = defineRule('TLS-5', 'topics', {
  appliesTo: [TOPIC],
  extent: 'what is sent to a topic, such as alarms',
  remediation: 'Give the topic a policy that denies sns:Publish where aws:SecureTransport is false. In CDK, enforceSSL of the Topic does. '
    + 'It takes the place of the policy that every topic has at first: where alarms are sent to it, let cloudwatch.amazonaws.com publish by the same policy.',
  check(topic, graph) {
    const policies = graph.pointingAt(topic, TOPIC_POLICY, 'Topics');
    if (policies.some((policy) => policy.prop('PolicyDocument.Statement').items().some(refusesClear))) return PASS;
    const [loose] = looseIn(graph, TOPIC_POLICY, 'Topics');
    if (loose) return undecidable(topic.whole, `${loose.logicalId}, whose topics are known only when deployed, may be its policy`);
    return fail(topic.whole, 'takes messages that are sent without TLS: no policy refuses them');
  },
});

export const TLS_HOP_RULES = [encryptedTargets, encryptedUrls, encryptedTopics];
