import * as fs from 'node:fs';
import * as path from 'node:path';
import { CHECKLISTS } from '../../src/profiles/checklists';
import { PROFILE_NAMES } from '../../src/profiles/variables/variable';

const EXAMPLES = path.join(__dirname, '..', '..', 'examples');
const read = (profile: string, file: string): string => fs.readFileSync(path.join(EXAMPLES, profile, file), 'utf8');

test.each(PROFILE_NAMES)('examples/%s is an app of 40 lines at most, with its profile and the pack', (profile) => {
  const app = read(profile, 'app.ts');
  expect(app.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  expect(app).toMatch(/new ProfiledCore\(/);
  expect(app).toContain('new SecureCoreChecks(app)');
});

test.each(Object.entries(CHECKLISTS))('the README of examples/%s says of each item of its document\'s checklist where it is met, once and in order', (profile, checklist) => {
  const asked = new Set(checklist.map(({ row }) => row));
  const rows = [...read(profile, 'README.md').matchAll(/^\| ([A-Z]{2}-\d+) \| ([^|]+) \| [^|]+ \|$/gm)].map(([, row = '', title = '']) => ({ row, title }));
  expect(rows.filter(({ row }) => asked.has(row))).toEqual(checklist.map(({ row, title }) => ({ row, title })));
  expect(new Set(rows.map(({ row }) => row)).size).toBe(rows.length);
});
