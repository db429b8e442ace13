import type { Attack, AttackResult, Saboteur } from '../../src/drill/attack';
import { defineAttack } from '../../src/drill/attack';
import type { EdgeModel, ListenerModel, RuleModel } from '../../src/drill/edge/model';
import { type Scene, WireError, type WireRequest } from '../../src/drill/scene';

const place = (logicalId: string): ListenerModel['place'] => ({ stack: 'Stack', logicalId });

export const FORWARDING: RuleModel = {
  place: place('Rule'),
  priority: 1,
  conditions: [],
  actions: [{ kind: 'forward', targets: [{ targetGroup: place('Targets'), weight: 1, protocol: 'HTTP' }] }],
};
export const ANSWERING: RuleModel = { place: place('Listener'), priority: 'default', conditions: [], actions: [{ kind: 'fixed-response', status: 404, contentType: 'text/plain', body: '' }] };

export function listenerOf(rules: readonly RuleModel[] = [FORWARDING, ANSWERING], logicalId = 'Listener'): ListenerModel {
  return {
    place: place(logicalId),
    loadBalancer: place('LoadBalancer'),
    port: 443,
    rules,
    responseHeaders: [],
    serverHeader: true,
    hygiene: { dropInvalidHeaders: true, desync: 'strictest', forwardedFor: 'append', preserveHost: true, idleTimeoutSeconds: 60 },
  };
}

export function modelOf(...listeners: readonly ListenerModel[]): EdgeModel {
  return { listeners, notEmulated: [] };
}

/** How an edge answers a request: undefined where it does not, and `core` where the Core has seen it. */
export type Behaviour = (request: WireRequest, listener: ListenerModel) => 'core' | number | undefined;

/** An edge that exists only in the test, and remembers who called. */
export function fakeScene(model: EdgeModel, behaviour: Behaviour, transcript: string[] = []): Scene & { readonly callers: string[] } {
  const arrived: string[] = [];
  const callers: string[] = [];
  let canaries = 0;
  const none = (): never => {
    throw new Error('Not in this scene.');
  };
  return {
    callers,
    model,
    send: (listener, request) => {
      callers.push(request.from ?? 'nobody');
      const answer = behaviour(request, listener);
      if (answer === undefined) return Promise.reject(new WireError('silence'));
      if (answer === 'core') arrived.push(JSON.stringify(request));
      return Promise.resolve({ status: answer === 'core' ? 200 : answer, headers: {}, body: '' });
    },
    open: none,
    sendRaw: none,
    address: none,
    canary: () => `canary-${canaries += 1}.`,
    reached: (canary) => arrived.filter((request) => request.includes(canary)).length,
    issuer: none,
    clients: { good: none, selfSigned: none, expired: none, revoked: none, wrongAuthority: none },
    lockDown: none,
    tool: none,
    note: (line) => void transcript.push(line),
    gate: none,
    hop: none,
    undecided: () => Promise.resolve(false),
    sendPlain: none,
    legitimate: () => Promise.resolve({ method: 'GET', path: '/', headers: { authorization: 'good' } }),
  };
}

/** An attack on every forwarding rule, whose outcome a test decides. */
export function attackOf(run: (scene: Scene, listener: ListenerModel) => Promise<AttackResult>, saboteurs: readonly [Saboteur, ...Saboteur[]] = [NO_SABOTEUR], aspect = 'test'): Attack {
  return defineAttack('IDN-1', aspect, {
    tries: 'Tries.',
    expects: 'Nothing.',
    evidence: 'template-intent',
    needs: 'rule that forwards',
    targets: ({ listeners }) => listeners.flatMap((listener) => listener.rules.filter(({ actions }) => actions.some(({ kind }) => kind === 'forward')).map((rule) => ({ listener, rule }))),
    run: ({ listener }, scene) => run(scene, listener),
    saboteurs,
  });
}

const NO_SABOTEUR: Saboteur = { name: 'none', sabotage: () => undefined };
