import type { Frame } from './cpu-profile';

const WIDTH = 1200;
const ROW = 16;
const TOP = 40;
/** In pixels: narrower frames are left out. */
const LEAST = 0.6;
const CHARACTER = 6.6;
const LEAST_TEXT = 24;
const IDLE = '(idle)';

const COLOURS: readonly (readonly [place: RegExp, colour: string])[] = [
  [/^src\//, '#7fb069'],
  [/^node_modules\/undici/, '#e6aa68'],
  [/^node_modules\/@redis/, '#ca7df9'],
  [/^node_modules\//, '#f2cc8f'],
  [/^node:/, '#8ecae6'],
  [/^$/, '#c9c9c9'],
];

interface Merged {
  readonly name: string;
  readonly place: string;
  micros: number;
  readonly children: Map<string, Merged>;
}

/** A flame graph: callers below what they called, as wide as the time, hover for the names. Idle time is left out. */
export function flameGraph(root: Frame, title: string): string {
  const merged = merge(root);
  const rows: string[] = [];
  let depth = 0;
  const draw = (frame: Merged, x: number, level: number, scale: number): void => {
    const width = frame.micros * scale;
    if (width < LEAST) return;
    depth = Math.max(depth, level);
    rows.push(rectangle(frame, x, level, width, 100 * frame.micros / merged.micros));
    let left = x;
    for (const child of [...frame.children.values()].sort((one, other) => one.name.localeCompare(other.name))) {
      draw(child, left, level + 1, scale);
      left += child.micros * scale;
    }
  };
  draw(merged, 0, 0, WIDTH / merged.micros);
  const height = TOP + (depth + 1) * ROW + 8;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="ui-monospace, monospace" font-size="11">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="8" y="20" font-size="14">${escaped(title)}</text>
<text x="8" y="34" fill="#555555">green: the gate · blue: Node.js · orange: undici · purple: Redis client · yellow: other packages · grey: native</text>
${rows.join('\n')}
</svg>
`;
}

/** Calls of the same function from the same callers are one, and so is a function with those that it calls again and again by itself. */
function merge(root: Frame): Merged {
  const made: Merged = { name: 'all', place: '', micros: 0, children: new Map() };
  const put = (into: Merged, frame: Frame): number => {
    if (frame.name === IDLE) return 0;
    const key = `${frame.name} ${frame.place}`;
    const at = into.children.get(key) ?? { name: frame.name, place: frame.place, micros: 0, children: new Map<string, Merged>() };
    into.children.set(key, at);
    const micros = frame.children.reduce((sum, child) => sum + put(at, child), frame.selfMicros);
    at.micros += micros;
    return micros;
  };
  made.micros = root.children.reduce((sum, child) => sum + put(made, child), 0);
  return made;
}

function rectangle({ name, place }: Merged, x: number, level: number, width: number, share: number): string {
  const y = TOP + level * ROW;
  const colour = COLOURS.find(([pattern]) => pattern.test(place))?.[1] ?? '#c9c9c9';
  const words = place === '' ? name : `${name} (${place})`;
  const label = width < LEAST_TEXT ? '' : `<text x="${(x + 2).toFixed(1)}" y="${y + 12}">${escaped(name.slice(0, Math.floor(width / CHARACTER)))}</text>`;
  return `<g><title>${escaped(words)}, ${share.toFixed(1)}%</title><rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 1}" fill="${colour}"/>${label}</g>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
