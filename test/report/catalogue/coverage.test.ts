import * as fs from 'node:fs';
import * as path from 'node:path';
import { RULES } from '../../../src/checks/rules';
import { CONTROL_IDS, type ControlId, CONTROLS } from '../../../src/controls';
import { VARIABLES } from '../../../src/profiles/variables';
import { faultsIn } from '../../../src/profiles/variables/judge';
import { type Column, COLUMNS, type RowAnswer, type Words } from '../../../src/report/catalogue/answer';
import { ANSWERS } from '../../../src/report/catalogue/answers';
import { artefactsOf, controlsOf, cover, namesOf } from '../../../src/report/catalogue/cover';
import { coveragePage } from '../../../src/report/catalogue/page';
import { DOCUMENTS, type DocumentId, type RowId } from '../../../src/report/catalogue/rows';
import { rulesOfVariables } from '../../../src/report/catalogue/told';
import { programHeaders } from '../../../tools/generate-coverage-doc';

const ROOT = path.resolve(__dirname, '../../..');
const IDS = Object.keys(DOCUMENTS) as DocumentId[];
const ROWS = IDS.flatMap((id) => Object.entries(DOCUMENTS[id].rows));
const PROGRAMS = programHeaders();
const ARTEFACTS = artefactsOf(PROGRAMS);

const ofControls = Object.entries(ANSWERS.ofControls).flatMap(([control, answers]) => COLUMNS.flatMap((column) => {
  const words = answers[column];
  return words === undefined ? [] : [{ control: control as ControlId, column, words, place: `${control}.${column}` }];
}));
const ofRows = Object.entries(ANSWERS.ofRows).flatMap(([row, answers]) => COLUMNS.flatMap((column) => {
  const answer: RowAnswer | undefined = answers[column];
  return answer === undefined ? [] : [{ row: row as RowId, column, answer, place: `${row}.${column}` }];
}));

/** What is left of the artefacts of a row's controls. */
function left(row: RowId, column: Column, { without = [] }: RowAnswer): string[] {
  return namesOf(row, column, ARTEFACTS).filter(({ id, controls }) => ![id, ...controls].some((name) => without.includes(name))).map(({ id }) => id);
}

describe('The rows', () => {
  test('are those that the controls name as their sources, all of them and no other', () => {
    expect(ROWS.map(([id]) => id).sort()).toEqual([...new Set(CONTROL_IDS.flatMap((id) => CONTROLS[id].sources))].sort());
  });

  test.each([['RC', 30], ['CX', 74], ['TG', 73], ['NT', 90], ['TS', 43]] as const)('of %s are numbered from 1 to %i without a gap', (document, count) => {
    expect(Object.keys(DOCUMENTS[document].rows)).toEqual(Array.from({ length: count }, (_, index) => `${document}-${String(index + 1).padStart(2, '0')}`));
  });

  test('each say in a line what they ask for', () => {
    for (const [, asks] of ROWS) expect(asks).toMatch(/^[^|\n]{4,100}$/);
  });
});

describe('Every row has three answers', () => {
  test.each(IDS)('in %s', (document) => {
    for (const { cells } of cover(document, ARTEFACTS, ANSWERS)) {
      for (const column of COLUMNS) expect([...cells[column].names, ...cells[column].texts]).not.toEqual([]);
    }
  });

  test('and where one is missing, it is named', () => {
    expect(() => cover('NT', ARTEFACTS, { ...ANSWERS, ofControls: { ...ANSWERS.ofControls, 'SUP-4': undefined } })).toThrow('Row NT-01 has no answer to "typed"');
  });

  test('of which an artefact is the best, and what is not built is said beside it', () => {
    const [row] = cover('TS', { typed: [{ id: 'some-program', controls: ['SEC-2'] }], checked: [], attacked: [] }, {
      ...ANSWERS, ofRows: Object.fromEntries(Object.keys(DOCUMENTS.TS.rows).map((id) => [id, { checked: { says: { kind: 'reason', text: 'r' } }, attacked: { says: { kind: 'reason', text: 'r' } } }])),
      ofControls: { ...Object.fromEntries(CONTROL_IDS.map((id) => [id, { typed: { kind: 'derived', text: 'd' } }])), 'WCC-5': { typed: { kind: 'not built', text: 'x' } } },
    }).filter(({ id }) => id === 'TS-16');
    expect(row?.cells.typed).toEqual({ kind: 'artefact', names: ['some-program'], texts: ['not built yet: x'] });
    expect(row?.cells.checked).toEqual({ kind: 'reason', names: [], texts: ['no: r'] });
  });
});

test('A program that is called after a profile is about its document alone', () => {
  const programs = [{ id: 'tgefd-some', controls: ['CFG-3'] }, { id: 'some-of-tom', controls: ['CFG-3'] }, { id: 'customary', controls: ['CFG-3'] }];
  const typed = (row: RowId): string[] => namesOf(row, 'typed', { ...ARTEFACTS, typed: programs }).map(({ id }) => id);
  expect([typed('TG-07'), typed('TS-38'), typed('NT-07')]).toEqual([['tgefd-some', 'customary'], ['some-of-tom', 'customary'], ['customary']]);
});

describe('A row about a variable', () => {
  const controlsIn = (row: string): Set<string> => new Set(RULES.filter(({ id }) => rulesOfVariables(row as RowId).has(id)).map(({ control }) => control));
  const inPlainSight = VARIABLES.filter(({ place }) => place !== 'secrets');

  test.each(VARIABLES)('has the rules that miss $name where it is not there', ({ name, profile, rows }) => {
    const missed = faultsIn(profile, new Map()).filter(({ names, aspect }) => aspect === 'presence' && names.includes(name)).map(({ control }) => control);
    for (const row of rows) expect([...controlsIn(row)]).toEqual(expect.arrayContaining(missed));
  });

  test.each(inPlainSight)('has the rules that refuse what $name must not be', ({ name, profile, rows, refused }) => {
    const wrong = refused.flatMap((text) => faultsIn(profile, new Map([[name, { text, isSecret: false }]])))
      .filter(({ names, aspect }) => aspect === 'form' && names.includes(name)).map(({ control }) => control);
    for (const row of rows) expect([...controlsIn(row)]).toEqual(expect.arrayContaining(wrong));
  });

  test('has rules that are there, and those of how variables go together', () => {
    for (const [row] of ROWS) for (const rule of rulesOfVariables(row as RowId)) expect(RULES.map(({ id }) => id)).toContain(rule);
    expect([...rulesOfVariables('TG-37')]).toContain('CFG-6.conflicts');
    // Half of what belongs together is missing, and not in conflict.
    expect([...rulesOfVariables('NT-22')]).toEqual(['CFG-6.malformed', 'CFG-4.complete']);
    expect([...rulesOfVariables('RC-01')]).toEqual([]);
  });
});

test('A control that is left out of a row says nothing there', () => {
  const spoken = (without: string[]): readonly string[] | undefined =>
    cover('NT', ARTEFACTS, { ...ANSWERS, ofRows: { ...ANSWERS.ofRows, 'NT-83': { typed: { without } } } }).find(({ id }) => id === 'NT-83')?.cells.typed.texts;
  expect([spoken([])?.length, spoken(['CTR-7'])?.length]).toEqual([2, 1]);
});

describe('What is said in the place of artefacts', () => {
  const words: (readonly [string, Words])[] = [
    ...ofControls.map(({ place, words: one }) => [place, one] as const),
    ...ofRows.flatMap(({ place, answer: { says } }) => (says ? [[place, says] as const] : [])),
  ];

  test.each(words)('%s is a clause without a full stop', (_, { kind, text }) => {
    expect(text).toMatch(kind === 'not built' ? /^\S[^|\n]{9,}[^.\s]$/ : /^\S[^|\n]{19,}[^.\s]$/);
  });

  test('names a construct of the library where it is derived, and tests and pages that are there', () => {
    const declared = new Set(sourceFiles(path.join(ROOT, 'src')).flatMap((file) => [...fs.readFileSync(file, 'utf8').matchAll(/^export (?:class|enum) (\w+)/gm)].map(([, name]) => name)));
    for (const [place, { kind, text }] of words) {
      const named = [...text.matchAll(/`([A-Z]\w+)(?:\.\w+)?`/g)].map(([, name]) => name);
      expect([place, named.filter((name) => !declared.has(name))]).toEqual([place, []]);
      if (kind === 'derived') expect([place, named.length]).not.toEqual([place, 0]);
    }
    const said = [...words.map(([, { text }]) => text), ...ofRows.flatMap(({ answer: { note } }) => note ?? [])];
    for (const [file] of said.flatMap((text) => [...text.matchAll(/\b(?:test|docs|examples)\/[\w/.-]*\w/g)])) expect([file, fs.existsSync(path.join(ROOT, file))]).toEqual([file, true]);
  });

  test('is not said in the checklist too', () => {
    const twice = ofControls.filter(({ control, column }) => ({ typed: undefined, checked: CONTROLS[control].unchecked, attacked: CONTROLS[control].unattacked })[column] !== undefined);
    expect(twice.map(({ place }) => place)).toEqual([]);
  });

  test('goes once no row has use for it: where there is an artefact now, or another answer to each row', () => {
    const covered = IDS.flatMap((document) => cover(document, ARTEFACTS, ANSWERS));
    const isSaid = (control: ControlId, column: Column, text: string): boolean =>
      covered.some(({ controls, cells }) => controls.includes(control) && cells[column].texts.some((one) => one.endsWith(text)));
    const stale = ofControls.filter(({ control, column, words: { text } }) => !isSaid(control, column, text));
    expect(stale.map(({ place }) => place)).toEqual([]);
  });
});

describe('An answer to a row', () => {
  test.each(ofRows)('$place leaves out what is there, and adds what is not', ({ row, column, answer: { without = [], also = [] } }) => {
    const names = namesOf(row, column, ARTEFACTS).map(({ id }) => id);
    expect(without.filter((name) => !names.includes(name) && !(controlsOf(row) as string[]).includes(name))).toEqual([]);
    expect(also.filter((name) => names.includes(name) || !ARTEFACTS[column].some(({ id }) => id === name))).toEqual([]);
  });

  test('has words where nothing is left, and notes where something is', () => {
    const odd = ofRows.filter(({ row, column, answer }) => {
      const some = left(row, column, answer).length + (answer.also ?? []).length > 0;
      return some ? answer.says !== undefined : answer.note !== undefined;
    });
    expect(odd.map(({ place }) => place)).toEqual([]);
  });
});

describe('The page', () => {
  const page = coveragePage(PROGRAMS);

  test('has each row once', () => {
    for (const [id] of ROWS) expect(page.split(`\n| ${id} |`)).toHaveLength(2);
  });

  test('counts every row once for each answer', () => {
    const totals = [...page.matchAll(/^\| (?:typed|checked|attacked) \| \*\*All\*\* \| (\d+) \| (.+) \|$/gm)];
    expect(totals).toHaveLength(COLUMNS.length);
    for (const [, rows, counts = ''] of totals) {
      expect(rows).toBe('310');
      expect(counts.split(' | ').reduce((sum, count) => sum + Number(count), 0)).toBe(310);
    }
  });

  test('links to sections that docs/controls.md has', () => {
    const sections = new Set([...fs.readFileSync(path.join(ROOT, 'docs/controls.md'), 'utf8').matchAll(/^## (.+)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-')));
    const links = new Set([...page.matchAll(/controls\.md#([\w-]+)/g)].map(([, link]) => link));
    expect(links.size).toBe(17);
    for (const link of links) expect(sections).toContain(link);
  });
});

function sourceFiles(folder: string): string[] {
  return fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts')).map((file) => path.join(folder, file));
}
