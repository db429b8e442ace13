import * as fs from 'fs';
import * as path from 'path';
import { RULES } from '../../src/checks/rules';
import { CONTROL_IDS } from '../../src/controls';

const FOLDER = path.join(__dirname, 'rules');
const tests = fs.readdirSync(FOLDER).filter((file) => file.endsWith('.test.ts')).map((file) => fs.readFileSync(path.join(FOLDER, file), 'utf8'));

test('no two rules share an id', () => {
  const ids = RULES.map((rule) => rule.id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

describe.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test('is named after a control and an aspect of it', () => {
    expect(CONTROL_IDS).toContain(rule.control);
    expect(id.startsWith(`${rule.control}.`)).toBe(true);
    expect(id).toMatch(/^[A-Z]+-\d+\.[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  test('says which types it judges, each once, and what to do', () => {
    expect(rule.appliesTo.length).toBeGreaterThan(0);
    expect(new Set(rule.appliesTo).size).toBe(rule.appliesTo.length);
    for (const type of rule.appliesTo) expect(type).toMatch(/^\w+::\w+(::\w+)?$/);
    expect(rule.remediation).toMatch(/^[A-Z].*\.$/s);
  });

  test('is held to the cases that every rule is held to', () => {
    expect(tests.some((text) => text.includes(`describeRule('${id}'`))).toBe(true);
  });
});
