import { type CpuProfile, framesOf, modulesOf } from '../../../bench/gate/profile/cpu-profile';
import { flameGraph } from '../../../bench/gate/profile/flame';
import { heaviest, timeByGroup } from '../../../bench/gate/profile/groups';

const BUNDLE = `"use strict";
// src/runtime/gate/hygiene/path.ts
function checkPath() {}
  // ../../node_modules/undici/lib/core/util.js
function parse() {}
// just a comment
x();`;
const moduleAt = modulesOf(BUNDLE);

const node = (id: number, functionName: string, url: string, lineNumber: number, children: readonly number[] = []): CpuProfile['nodes'][number] => (
  { id, callFrame: { functionName, url, lineNumber }, children }
);
/** checkPath calls something native, and is called by who else is there; then nothing happens for a while. */
const PROFILE: CpuProfile = {
  nodes: [
    node(1, '(root)', '', -1, [2, 5, 6, 7]), node(2, 'parse', 'file:///gate.js', 4, [3]), node(3, 'checkPath', 'file:///gate.js', 2, [4]), node(4, 'test<&>', '', -1),
    node(5, '(idle)', '', -1), node(6, '', 'node:net', 10), node(7, '(garbage collector)', '', -1),
  ],
  samples: [2, 3, 4, 4, 5, 6, 7],
  timeDeltas: [100, 200, 300, 400, 5000, 50, 25],
};
const frames = framesOf(PROFILE, moduleAt);

describe('a bundle', () => {
  test.each([
    [0, 'bundle'], [1, 'src/runtime/gate/hygiene/path.ts'], [2, 'src/runtime/gate/hygiene/path.ts'], [4, 'node_modules/undici/lib/core/util.js'], [6, 'node_modules/undici/lib/core/util.js'],
  ])('says of line %i of which module it is', (line, name) => expect(moduleAt(line)).toBe(name));
});

describe('a profile', () => {
  test('is a tree of calls with its times', () => {
    const [parse] = frames.children;
    expect(frames.totalMicros).toBe(6075);
    expect(parse).toMatchObject({ name: 'parse', place: 'node_modules/undici/lib/core/util.js', selfMicros: 100, totalMicros: 1000 });
    expect(parse?.children).toEqual([expect.objectContaining({ name: 'checkPath', place: 'src/runtime/gate/hygiene/path.ts', selfMicros: 200, totalMicros: 900 })]);
  });
  test('counts what is native with who called it', () => {
    expect(Object.fromEntries(timeByGroup(frames))).toMatchObject({
      'HTTP towards the Core (undici)': 100, 'headers: read, checked, made': 900, 'idle': 5000, 'garbage collection': 25, 'sockets, streams, timers, promises (node:)': 50,
    });
  });
  test('names functions by their own time', () => {
    expect(heaviest(frames, 3)).toEqual([['(idle)', 5000], ['test<&>', 700], ['checkPath src/runtime/gate/hygiene/path.ts', 200]]);
  });
  test('that is empty is refused', () => expect(() => framesOf({ nodes: [], samples: [], timeDeltas: [] }, moduleAt)).toThrow('The profile is empty.'));
});

describe('a flame graph', () => {
  const svg = flameGraph(frames, 'a < b');
  const widthOf = (name: string): number => Number(new RegExp(`<title>${name}[^<]*</title><rect x="[\\d.]+" y="\\d+" width="([\\d.]+)"`).exec(svg)?.[1]);

  test('is as wide as the time, of which nothing is idle', () => {
    expect(svg).not.toContain('(idle)');
    expect(widthOf('all')).toBe(1200);
    expect(widthOf('parse')).toBeCloseTo(1200 * 1000 / 1075, 0);
    expect(widthOf('checkPath')).toBeCloseTo(1200 * 900 / 1075, 0);
  });
  test('holds no name as markup', () => {
    expect(svg).toContain('a &#60; b');
    expect(svg).toContain('test&#60;&#38;&#62;');
    expect(svg).not.toContain('test<');
  });
});
