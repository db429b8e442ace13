import * as fs from 'node:fs';
import * as path from 'node:path';
import { CONTROL_IDS, FAMILIES } from '../../../src/controls';
import { ATTACKS } from '../../../src/drill/attacks';

const FAMILY_NAMES = new Set(FAMILIES.flatMap(({ controls }) => Object.keys(controls)).map((id) => id.split('-')[0]?.toLowerCase()));

test('every attack has an id of its own, named after a control', () => {
  expect(new Set(ATTACKS.map(({ id }) => id)).size).toBe(ATTACKS.length);
  for (const { id, control } of ATTACKS) {
    expect(id).toMatch(/^[A-Z]{3}-\d+\.[a-z-]+$/);
    expect(id.startsWith(`${control}.`)).toBe(true);
    expect(CONTROL_IDS).toContain(control);
  }
});

test('every attack on an imitation says that it proves the template and nothing more', () => {
  expect(ATTACKS.filter(({ evidence }) => evidence !== 'template-intent')).toEqual([]);
});

test('every family that is attacked has a file of its name', () => {
  const files = fs.readdirSync(path.resolve(__dirname, '../../../src/drill/attacks'));
  const attacked = new Set(ATTACKS.map(({ control }) => control.split('-')[0]?.toLowerCase()));
  for (const family of attacked) {
    expect(FAMILY_NAMES).toContain(family);
    expect(files).toContain(`${family ?? ''}.ts`);
  }
});
