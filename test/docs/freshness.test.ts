import * as fs from 'node:fs';
import * as path from 'node:path';
import { CONTROL_IDS } from '../../src/controls';
import { controlsPage } from '../../src/report/controls-page';
import { coveragePage } from '../../src/report/catalogue/page';
import { programHeaders } from '../../tools/generate-coverage-doc';

const DOCS = path.resolve(__dirname, '../../docs');

describe('docs/controls.md', () => {
  const page = fs.readFileSync(path.join(DOCS, 'controls.md'), 'utf8');

  test('is what "npm run docs:controls" writes', () => {
    expect(page).toBe(controlsPage());
  });

  test('lists every control once', () => {
    for (const id of CONTROL_IDS) expect(page.split(`| ${id} |`)).toHaveLength(2);
  });
});

describe('docs/coverage.md', () => {
  test('is what "npm run docs:coverage" writes', () => {
    expect(fs.readFileSync(path.join(DOCS, 'coverage.md'), 'utf8')).toBe(coveragePage(programHeaders()));
  });
});
