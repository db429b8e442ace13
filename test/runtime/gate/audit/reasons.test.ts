import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import { REFUSALS, type RefusalCode } from '../../../../src/runtime/gate/refusal';

const ROOT = path.resolve(__dirname, '../../../..');
const GATE = path.join(ROOT, 'src/runtime/gate');

/** Where the word stands among the arguments of what makes or passes on a reason, and the code where there is one. */
const MAKERS: Readonly<Record<string, { readonly reason: number; readonly code?: number | RefusalCode }>> = {
  Refusal: { reason: 1, code: 0 }, Unasked: { reason: 1, code: 0 }, CoreFault: { reason: 1, code: 0 },
  malformed: { reason: 0, code: 'bad_request' }, unauthenticated: { reason: 0, code: 'unauthenticated' },
};
/** Of web-socket.ts, whose reasons are given to nobody but the record. */
const RELAY: Readonly<Record<string, number>> = { cut: 0, flow: 3 };
/** In no record: what a health check is told. */
const UNRECORDED = new Set(['not-well']);
/** Words that are chosen elsewhere, by file and expression, and the declaration that holds them. */
const CHOSEN: Readonly<Record<string, string | undefined>> = {
  'hygiene/malformed.ts reason': undefined, 'identity/unauthenticated.ts reason': undefined, 'web-socket.ts reason': undefined, 'web-socket.ts broken': undefined,
  'limiter/answers.ts REASONS[by]': 'REASONS', 'limiter/connection.ts reason': 'reasonOf', 'core-exchange.ts `core-answered-${code.replaceAll(\'_\', \'-\')}`': 'FAULTS',
};

interface Found {
  readonly reason: string;
  /** Absent where the source does not say it in so many words. */
  readonly code?: string;
}

interface Source {
  readonly found: Found[];
  /** Expressions that this test does not understand. */
  readonly unknown: string[];
}

function wordsIn(node: ts.Node): string[] {
  const words: string[] = [];
  const visit = (each: ts.Node): void => {
    if (ts.isStringLiteral(each)) words.push(each.text);
    ts.forEachChild(each, visit);
  };
  visit(node);
  return words;
}

function declared(file: ts.SourceFile, name: string): ts.Node {
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name?.text === name) return statement;
    if (!ts.isVariableStatement(statement)) continue;
    for (const declaration of statement.declarationList.declarations) if (declaration.name.getText(file) === name && declaration.initializer) return declaration.initializer;
  }
  throw new Error(`There is no ${name} in ${file.fileName}.`);
}

/** What a declaration chooses from: of a function what it returns, of an object its values. */
function choices(file: ts.SourceFile, name: string): string[] {
  const node = declared(file, name);
  const words: string[] = [];
  const visit = (each: ts.Node): void => {
    const returned = ts.isReturnStatement(each) ? each.expression : undefined;
    if (returned) words.push(...(ts.isConditionalExpression(returned) ? [returned.whenTrue, returned.whenFalse] : [returned]).flatMap(wordsIn));
    if (ts.isPropertyAssignment(each)) words.push(...wordsIn(each.initializer));
    ts.forEachChild(each, visit);
  };
  visit(node);
  return words;
}

function read(fileName: string, { found, unknown }: Source): void {
  const name = path.relative(GATE, fileName);
  const file = ts.createSourceFile(fileName, readFileSync(fileName, 'utf8'), ts.ScriptTarget.Latest, true);
  const take = (reason: ts.Expression | undefined, code: string | undefined): void => {
    if (!reason) return;
    if (ts.isConditionalExpression(reason)) {
      take(reason.whenTrue, code);
      take(reason.whenFalse, code);
      return;
    }
    if (ts.isStringLiteral(reason)) {
      found.push({ reason: reason.text, ...(code !== undefined && { code }) });
      return;
    }
    const place = `${name} ${reason.getText(file)}`;
    if (!(place in CHOSEN)) unknown.push(place);
    const from = CHOSEN[place];
    if (from === 'FAULTS') found.push(...[...choices(file, from), 'bad_gateway'].map((word) => ({ reason: `core-answered-${word.replaceAll('_', '-')}` })));
    else if (from !== undefined) found.push(...choices(file, from).map((word) => ({ reason: word })));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const called = node.expression.getText(file);
      const maker = MAKERS[called];
      const args = node.arguments ?? [];
      const codeAt = typeof maker?.code === 'number' ? args[maker.code] : undefined;
      if (maker) take(args[maker.reason], codeAt && ts.isStringLiteral(codeAt) ? codeAt.text : typeof maker.code === 'string' ? maker.code : undefined);
      if (name === 'web-socket.ts' && RELAY[called] !== undefined) take(args[RELAY[called]], undefined);
    }
    const isReason = (left: ts.Node): boolean => ts.isPropertyAccessExpression(left) && left.name.text === 'reason';
    if (ts.isPropertyAssignment(node) && node.name.getText(file) === 'reason' || ts.isBinaryExpression(node) && isReason(node.left)) {
      found.push(...wordsIn(ts.isPropertyAssignment(node) ? node.initializer : node.right).map((reason) => ({ reason })));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
}

const source: Source = { found: [], unknown: [] };
for (const file of readdirSync(GATE, { recursive: true, encoding: 'utf8' })) if (file.endsWith('.ts')) read(path.join(GATE, file), source);
const recorded = source.found.filter(({ reason }) => !UNRECORDED.has(reason));

interface Row {
  readonly reasons: readonly string[];
  readonly outcomes: readonly string[];
  readonly status: string;
}

const page = readFileSync(path.join(ROOT, 'docs/audit-record.md'), 'utf8');
const chapter = /\n## Reasons\n([\s\S]*?)\n## /.exec(page)?.[1] ?? '';
const rows: readonly Row[] = chapter.split('\n').filter((line) => line.startsWith('| `') && !line.startsWith('| `reason`')).map((line) => {
  const [, first = '', , outcomes = '', status = ''] = line.split('|').map((cell) => cell.trim());
  return { reasons: [...first.matchAll(/`([^`]+)`/g)].map(([, reason = '']) => reason), outcomes: outcomes.split(', '), status };
});

test('every reason that the source can give stands in the table once, and no other does', () => {
  expect(source.unknown).toEqual([]);
  const documented = rows.flatMap(({ reasons }) => reasons);
  expect(documented.filter((reason, index) => documented.indexOf(reason) !== index)).toEqual([]);
  expect([...documented].sort()).toEqual([...new Set(recorded.map(({ reason }) => reason))].sort());
  expect(documented.length).toBeGreaterThan(80);
});

test('each has the status of the code that the source gives with it', () => {
  const wrong = recorded.filter(({ reason, code }) => code !== undefined && rows.find(({ reasons }) => reasons.includes(reason))?.status !== String(REFUSALS[code as RefusalCode].status));
  expect(wrong).toEqual([]);
  expect(new Set(recorded.flatMap(({ code }) => code ?? [])).size).toBeGreaterThan(10);
});

test('each is one that a record can hold, with outcomes that there are', () => {
  expect(rows.flatMap(({ outcomes }) => outcomes).filter((outcome) => !['refused', 'failed', 'cut'].includes(outcome))).toEqual([]);
  expect(rows.flatMap(({ reasons }) => reasons).filter((reason) => !/^[a-z0-9-]{1,64}$/.test(reason))).toEqual([]);
});
