import type { Frame } from './cpu-profile';

/** What a function is there for, by where it is written; the first that matches. */
const GROUPS: readonly (readonly [title: string, place: RegExp])[] = [
  ['TLS and crypto (JavaScript, and what it calls)', /^node:(?:_tls|tls|crypto|internal\/(?:crypto|tls))/],
  ['HTTP towards the caller (node:http)', /^node:(?:_http|http|https|internal\/http)/],
  ['HTTP towards the Core (undici)', /^node_modules\/undici\//],
  ['Redis client', /^node_modules\/@redis\//],
  ['limiter', /^src\/runtime\/gate\/limiter\//],
  ['identity', /^src\/runtime\/gate\/identity\//],
  ['Fastify', /^node_modules\/(?:fastify|find-my-way|@fastify|avvio|light-my-request|fast-\w+|rfdc|secure-json-parse|toad-cache)\b/],
  ['audit and log', /^src\/runtime\/(?:gate\/(?:audit|log)|shared\/redactor)|^node_modules\/(?:pino|sonic-boom|safe-stable-stringify|quick-format)/],
  ['metrics', /^src\/runtime\/gate\/metrics|^node_modules\/(?:prom-client|tdigest|bintrees)/],
  ['headers: read, checked, made', /^src\/runtime\/gate\/(?:hygiene|received-headers|core-headers|answer-headers|cors|trace-context|withheld|request-id|hop-by-hop)/],
  ['guard, handler, exchange', /^src\/runtime\//],
  ['AWS SDK', /^node_modules\/@(?:aws-sdk|smithy)/],
  ['sockets, streams, timers, promises (node:)', /^node:/],
  ['other packages', /^node_modules\//],
];

const NATIVE = 'outside of JavaScript: TLS records, HTTP parser, system calls';
/** A map, since functions may be called `toString`. */
const SPECIAL: ReadonlyMap<string, string> = new Map([['(garbage collector)', 'garbage collection'], ['(idle)', 'idle'], ['(program)', NATIVE]]);

/** Own time by group, in microseconds. What is native belongs to who called it. */
export function timeByGroup(root: Frame): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  const add = (frame: Frame, inherited: string): void => {
    const group = SPECIAL.get(frame.name) ?? GROUPS.find(([, place]) => place.test(frame.place))?.[0] ?? inherited;
    times.set(group, (times.get(group) ?? 0) + frame.selfMicros);
    frame.children.forEach((child) => add(child, group));
  };
  add(root, NATIVE);
  return times;
}

/** Functions by own time, wherever they were called from. */
export function heaviest(root: Frame, most: number): readonly (readonly [name: string, micros: number])[] {
  const times = new Map<string, number>();
  const add = (frame: Frame): void => {
    const name = frame.place === '' ? frame.name : `${frame.name} ${frame.place}`;
    times.set(name, (times.get(name) ?? 0) + frame.selfMicros);
    frame.children.forEach(add);
  };
  add(root);
  return [...times].sort(([, one], [, other]) => other - one).slice(0, most);
}
