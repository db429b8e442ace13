import * as fs from 'fs';
import * as path from 'path';
import { RULES } from '../../src/checks/rules';
import { CONTROL_IDS, CONTROLS, FAMILIES } from '../../src/controls';
import { EVERY_ATTACK } from '../../src/drill/every-attack';

const FOLDER = path.join(__dirname, '../../src/controls');
const files = fs.readdirSync(FOLDER).map((file) => path.basename(file, '.ts')).filter((name) => name !== 'control' && name !== 'index');
const ids = FAMILIES.flatMap((family) => Object.keys(family.controls));
const bySeverity = (severity: string): number => Object.values(CONTROLS).filter((control) => control.severity === severity).length;

test('there are 122 controls in 17 families', () => {
  expect(ids).toHaveLength(122);
  expect(FAMILIES).toHaveLength(17);
});

test('no id is given twice', () => {
  expect(new Set(ids).size).toBe(ids.length);
  expect([...CONTROL_IDS].sort()).toEqual([...ids].sort());
});

test('every file holds one family, prefixed by the file\'s name and numbered from 1 without a gap', () => {
  expect(files).toHaveLength(FAMILIES.length);
  for (const file of files) {
    const family = Object.values(jest.requireActual<Record<string, { readonly controls: object }>>(path.join(FOLDER, file)))[0];
    const own = Object.keys(family?.controls ?? {});
    expect(own).toEqual(own.map((_, index) => `${file.toUpperCase()}-${index + 1}`));
  }
});

// Counted in the catalogue, where "(future)" is left off and CTR-4's "critical (socket) / medium" counts by its worse half.
test.each([['critical', 32], ['high', 56], ['medium', 25], ['low', 9]])('as many controls are %s as the catalogue says: %i', (severity, count) => {
  expect(bySeverity(severity)).toBe(count);
});

test.each(CONTROL_IDS)('%s has a title and names the rows it comes from', (id) => {
  const { title, severity, sources } = CONTROLS[id];
  expect(title).toMatch(/\S/);
  expect(['critical', 'high', 'medium', 'low']).toContain(severity);
  expect(new Set(sources).size).toBe(sources.length);
  for (const source of sources) expect(source).toMatch(/^(RC|CX|TG|NT|TS)-\d+$/);
});

test('RTL-6 is the only control that no row names', () => {
  expect(CONTROL_IDS.filter((id) => CONTROLS[id].sources.length === 0)).toEqual(['RTL-6']);
});

test('a reason for having no rule is a sentence, and given where there is none', () => {
  const reasoned = CONTROL_IDS.filter((id) => CONTROLS[id].unchecked !== undefined);
  expect(reasoned).toEqual(expect.arrayContaining(['SUP-2', 'SUP-3', 'SUP-4', 'INC-4', 'INC-5']));
  for (const id of reasoned) {
    expect(CONTROLS[id].unchecked).toMatch(/^\S.{20,}$/);
    expect(RULES.filter(({ control }) => control === id)).toEqual([]);
  }
});

test('a reason for having no attack is a sentence, given where there is none, and names tests that are there', () => {
  const reasoned = CONTROL_IDS.filter((id) => CONTROLS[id].unattacked !== undefined);
  expect(reasoned).toEqual(['SUP-1', 'SUP-2', 'SUP-3', 'SUP-4', 'INC-2', 'INC-4', 'WCC-9']);
  for (const id of reasoned) {
    const { unattacked = '' } = CONTROLS[id];
    expect(unattacked).toMatch(/^\S.{20,}$/);
    expect(EVERY_ATTACK.filter(({ control }) => control === id)).toEqual([]);
    for (const [file] of unattacked.matchAll(/test\/[\w/-]+\.test\.ts/g)) expect(fs.existsSync(path.join(__dirname, '../..', file))).toBe(true);
  }
});

test.each(['AUD', 'RED', 'MON', 'INC', 'SUP'])('every control of %s has an attack, or a reason for having none', (family) => {
  const attacked = new Set(EVERY_ATTACK.map(({ control }) => control));
  const own = CONTROL_IDS.filter((id) => id.startsWith(`${family}-`));
  expect(own.filter((id) => !attacked.has(id) && CONTROLS[id].unattacked === undefined)).toEqual([]);
});
