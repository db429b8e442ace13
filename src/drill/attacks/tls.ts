import { LISTENER } from '../../checks/rules/load-balancing';
import { type Attack, defineAttack } from '../attack';
import type { ListenerModel, Place } from '../edge/model';
import { AUTHENTICATION_REMOVED, each, omit, REDIRECT_FORWARDS, redirectSaboteur, saboteur } from '../saboteurs';
import type { Scene, WireRequest } from '../scene';
import { answerTo, marked } from './attempts';
import { HYGIENE_ATTACKS } from './tls-hygiene';
import { forwards, ruleOf, rulesIn } from './targets';
import { CIPHERS, OLD_VERSIONS } from './tls-scan';

const PROTOCOL_HTTP = saboteur('Protocol becomes HTTP', [LISTENER], (properties) => (
  properties.Protocol === 'HTTPS' ? { ...omit(properties, 'Certificates', 'SslPolicy', 'MutualAuthentication'), Protocol: 'HTTP' } : undefined
));

/** What only HTTPS listeners take, authentication among it, goes as well: the template could not be deployed with it (elasticloadbalancing, API_Action). */
const HTTPS_BECOMES_HTTP = each('HTTPS listener becomes HTTP', PROTOCOL_HTTP, AUTHENTICATION_REMOVED);

const plainHttp = defineAttack('TLS-1', 'plain-http', {
  tries: 'Sends a body in plaintext to every port, with everything else that the rules ask for.',
  expects: 'No byte of the body reaches the Core.',
  evidence: 'template-intent',
  needs: 'listener',
  targets: ({ listeners }) => listeners.map((listener) => ({ listener })),
  async run({ listener }, scene) {
    const canary = scene.canary();
    const all = rulesIn({ listeners: [listener], notEmulated: [] }).map(({ rule }) => rule);
    const rules = all.some(forwards) ? all.filter(forwards) : all;
    for (const rule of rules) {
      const request = await scene.legitimate(listener, rule);
      await scene.sendRaw(listener, inPlaintext(request, canary), { plaintext: true, from: request.from });
    }
    if (scene.reached(canary) > 0) return { verdict: 'succeeded', saw: `A body sent in plaintext to port ${listener.port} reached the Core.` };
    return { verdict: 'withstood', saw: `No body sent in plaintext to port ${listener.port} reached the Core, of ${rules.length} tried.` };
  },
  saboteurs: [HTTPS_BECOMES_HTTP, REDIRECT_FORWARDS],
});

/** A request as text, with the canary as its body. */
function inPlaintext({ method, path, headers }: WireRequest, canary: string): string {
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'host');
  const lines = Object.entries({ ...(named ? {} : { host: '127.0.0.1' }), ...headers, 'content-length': String(canary.length), 'connection': 'close' });
  return [`${method} ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), '', canary].join('\r\n');
}

const redirect = defineAttack('TLS-4', 'redirect', {
  tries: 'Asks for pages over plain HTTP.',
  expects: 'A permanent redirect to the same host over HTTPS; nothing reaches the Core.',
  evidence: 'template-intent',
  needs: 'plain HTTP listener',
  targets: (edge) => rulesIn(edge).filter(({ listener }) => listener.tls === undefined),
  async run(target, scene) {
    const request = await scene.legitimate(target.listener, ruleOf(target));
    for (const method of new Set([request.method, 'GET', 'POST'])) {
      const flaw = await flawOfRedirect(target.listener, { ...request, method }, scene);
      if (flaw !== undefined) return { verdict: 'succeeded', saw: flaw };
    }
    return { verdict: 'withstood', saw: 'Plain HTTP was answered with a permanent redirect to HTTPS on the same host and nothing else.' };
  },
  saboteurs: [
    REDIRECT_FORWARDS,
    // To another port: AWS refuses a redirect that leads back to itself.
    redirectSaboteur('redirect leads to plain HTTP', { Protocol: 'HTTP', Port: '8080' }),
    redirectSaboteur('redirect becomes temporary', { StatusCode: 'HTTP_302' }),
    redirectSaboteur('redirect leads to another host', { Host: 'elsewhere.example' }),
  ],
});

/** What is wrong with the answer to a request over plain HTTP. */
async function flawOfRedirect(listener: ListenerModel, request: WireRequest, scene: Scene): Promise<string | undefined> {
  const canary = scene.canary();
  const answer = await answerTo(scene, listener, marked(request, canary));
  if (answer === undefined) throw new Error(`${request.method} over plain HTTP got no answer.`);
  if (scene.reached(canary) > 0) return `${request.method} over plain HTTP reached the Core.`;
  if (answer.status >= 500) throw new Error(`${request.method} over plain HTTP was answered ${answer.status}, which says nothing.`);
  if (answer.status !== 301) return `${request.method} over plain HTTP was answered ${answer.status} and not 301.`;
  const { location = '' } = answer.headers;
  const to = URL.canParse(location) ? new URL(location) : undefined;
  if (to?.protocol !== 'https:') return `${request.method} over plain HTTP was led to ${location === '' ? 'nowhere' : location}, which is not https.`;
  const asked = new URL(`http://${hostOf(request) ?? scene.address(listener).host}`).hostname;
  if (to.hostname !== asked) return `${request.method} over plain HTTP to ${asked} was led to ${to.hostname}.`;
  const port = Number(to.port === '' ? 443 : to.port);
  const isPlain = scene.model.listeners.some((other) => isSame(other.loadBalancer, listener.loadBalancer) && other.port === port && other.tls === undefined);
  return isPlain ? `${request.method} over plain HTTP was led to port ${port}, on which the load balancer speaks no HTTPS.` : undefined;
}

function isSame(one: Place, other: Place): boolean {
  return one.stack === other.stack && one.logicalId === other.logicalId;
}

function hostOf({ headers }: WireRequest): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === 'host')?.[1];
}

export const TLS_ATTACKS: readonly Attack[] = [plainHttp, OLD_VERSIONS, CIPHERS, redirect, ...HYGIENE_ATTACKS];
