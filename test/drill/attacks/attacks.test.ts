import * as fs from 'node:fs';
import * as path from 'node:path';
import { CONTROL_IDS, FAMILIES } from '../../../src/controls';
import { ATTACKS } from '../../../src/drill/attacks';
import { GATE_ATTACKS } from '../../../src/drill/gate/attacks';

const FAMILY_NAMES = new Set(FAMILIES.flatMap(({ controls }) => Object.keys(controls)).map((id) => id.split('-')[0]?.toLowerCase()));

test('every attack has an id of its own, named after a control', () => {
  expect(new Set(ATTACKS.map(({ id }) => id)).size).toBe(ATTACKS.length);
  for (const { id, control } of ATTACKS) {
    expect(id).toMatch(/^[A-Z]{3}-\d+\.[a-z-]+$/);
    expect(id.startsWith(`${control}.`)).toBe(true);
    expect(CONTROL_IDS).toContain(control);
  }
});

test('every attack on an imitation says that it proves the template and nothing more; those on the gate itself attack what a deployment runs', () => {
  const real = ATTACKS.filter(({ evidence }) => evidence !== 'template-intent').map(({ id }) => id);
  expect(real).toEqual(GATE_ATTACKS.map(({ id }) => id));
  expect(real).not.toHaveLength(0);
});

test('every family that is attacked on an imitation has a file of its name', () => {
  const files = fs.readdirSync(path.resolve(__dirname, '../../../src/drill/attacks'));
  const attacked = new Set(ATTACKS.filter((attack) => !GATE_ATTACKS.includes(attack)).map(({ control }) => control.split('-')[0]?.toLowerCase()));
  for (const family of attacked) {
    expect(FAMILY_NAMES).toContain(family);
    expect(files).toContain(`${family ?? ''}.ts`);
  }
});

test('of what a gate does about limits, records, metrics and withdrawal, everything has an attack on the gate itself', () => {
  const controls = new Set(GATE_ATTACKS.map(({ control }) => control));
  expect(['RTL-2', 'RTL-3', 'RTL-4', 'RTL-5', 'RTL-6', 'AUD-1', 'MON-3', 'INC-1', 'IDN-4'].filter((control) => !controls.has(control as (typeof CONTROL_IDS)[number]))).toEqual([]);
});

test('attacks that spend what others may need come last on the gate', () => {
  const spending = GATE_ATTACKS.map(({ id }) => id).slice(-5);
  expect(spending).toEqual(['RTL-4.gate-streams', 'RTL-2.gate-per-identity', 'RTL-3.gate-heavy-budget', 'RTL-5.gate-rotated-callers', 'RTL-6.gate-store-lost']);
});
