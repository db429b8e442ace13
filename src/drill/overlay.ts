import type { Scene } from './scene';

/** The scene with some of its methods replaced, whatever it is made of. */
export function overlay(scene: Scene, methods: Partial<Scene>): Scene {
  return {
    model: scene.model,
    clients: scene.clients,
    send: (listener, request) => scene.send(listener, request),
    open: (listener, request) => scene.open(listener, request),
    sendRaw: (listener, bytes, options) => scene.sendRaw(listener, bytes, options),
    address: (listener) => scene.address(listener),
    canary: () => scene.canary(),
    reached: (canary) => scene.reached(canary),
    issuer: (jwt) => scene.issuer(jwt),
    lockDown: (listener, isLocked) => scene.lockDown(listener, isLocked),
    tool: (name, args) => scene.tool(name, args),
    note: (line) => scene.note(line),
    legitimate: (listener, rule) => scene.legitimate(listener, rule),
    gate: (listener, rule) => scene.gate(listener, rule),
    hop: (listener, rule) => scene.hop(listener, rule),
    undecided: (requestId) => scene.undecided(requestId),
    sendPlain: (to, bytes) => scene.sendPlain(to, bytes),
    ...methods,
  };
}
