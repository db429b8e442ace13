/** A .cpuprofile, as V8 writes it (DevTools protocol, Profiler.Profile). */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** The node at each sample. */
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

/** A function as it was called, with its own time and that of what it called. */
export interface Frame {
  readonly name: string;
  /** Module of the bundle, `node:` module, or empty where it is native. */
  readonly place: string;
  readonly selfMicros: number;
  readonly totalMicros: number;
  readonly children: readonly Frame[];
}

/** esbuild writes the name of each module above it. */
const MODULE = /^\s*\/\/ (?:\.\.\/)*((?:src|node_modules)\/\S+)$/;

/** Where in a bundle which module begins. */
export function modulesOf(bundle: string): (line: number) => string {
  const starts = bundle.split('\n').flatMap((line, index) => {
    const name = MODULE.exec(line)?.[1];
    return name === undefined ? [] : [[index, name] as const];
  });
  return (line) => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle]?.[0] ?? Infinity) <= line) low = middle + 1;
      else high = middle;
    }
    return starts[low - 1]?.[1] ?? 'bundle';
  };
}

/** The tree of calls with its times. */
export function framesOf(profile: CpuProfile, moduleAt: (line: number) => string): Frame {
  const self = new Map<number, number>();
  profile.samples.forEach((id, index) => self.set(id, (self.get(id) ?? 0) + Math.max(0, profile.timeDeltas[index] ?? 0)));
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const read = (node: ProfileNode): Frame => {
    const { functionName, url, lineNumber } = node.callFrame;
    const children = (node.children ?? []).flatMap((id) => {
      const child = byId.get(id);
      return child ? [read(child)] : [];
    });
    const selfMicros = self.get(node.id) ?? 0;
    const place = url === '' || url.startsWith('node:') ? url : moduleAt(lineNumber);
    return { name: functionName === '' ? '(anonymous)' : functionName, place, selfMicros, totalMicros: selfMicros + children.reduce((sum, { totalMicros }) => sum + totalMicros, 0), children };
  };
  const [root] = profile.nodes;
  if (!root) throw new Error('The profile is empty.');
  return read(root);
}
