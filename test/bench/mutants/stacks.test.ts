import { BASELINES, runBaselines } from '../../../bench/mutants/baselines';
import { mutantsOf } from '../../../bench/mutants/mutate';
import { faultsOf } from '../../../bench/mutants/named-faults';
import { findingsIn, MutantJudge } from '../../../bench/mutants/ours';
import { rowsOf, table } from '../../../bench/mutants/report';
import { SchemaBook } from '../../../bench/mutants/schema';
import { sample } from '../../../bench/mutants/score';
import { ACKNOWLEDGED, plainTemplates } from '../../../bench/mutants/stacks';
import { JUDGED_CONTROLS } from '../../../bench/mutants/verdict';
import { temporaryFolder } from '../../support/checked-app';

const plain = plainTemplates();
const faults = plain.flatMap((template) => {
  const judge = new MutantJudge(template);
  return faultsOf(template).map((mutant) => ({ mutant, judge }));
});

describe('compliant templates', () => {
  test.each(plain)('$name has no finding but those acknowledged, so that every other finding of a mutant is about its fault', (template) => {
    expect(findingsIn(template).filter(({ rule }) => ACKNOWLEDGED[template.name]?.includes(rule) !== true)).toEqual([]);
  });

  test('give at least 200 mutants each', () => {
    const book = SchemaBook.open();
    plain.forEach((template) => expect(mutantsOf(template, book).length).toBeGreaterThan(200));
  });
});

describe('what judges a mutant', () => {
  test('says of it what the whole pack says', () => {
    const book = SchemaBook.open();
    for (const template of plain) {
      const [judge, known] = [new MutantJudge(template), new Set(findingsIn(template).map(({ message }) => message))];
      const every = [...mutantsOf(template, book), ...faultsOf(template)];
      const some = sample(every, 60);
      expect(some.map((mutant) => judge.killedBy(mutant))).toEqual(some.map((mutant) => findingsIn(mutant.template).find(({ message }) => !known.has(message))?.control));
      expect(new Set(some.map((mutant) => judge.killedBy(mutant) === undefined))).toEqual(new Set([true, false]));
    }
  });

  test('reads what a rule reads by way of other resources', () => {
    const [template] = plain;
    if (!template) throw new Error('no template');
    const open = faults.filter(({ mutant }) => mutant.stack === template.name && mutant.path !== 'Properties' && mutant.type === 'AWS::EC2::Route');
    expect(open.map(({ mutant, judge }) => judge.killedBy(mutant))).not.toContain(undefined);
  });
});

describe('faults of the catalogue', () => {
  test('have ids of their own and leave the base as it was', () => {
    expect(new Set(faults.map(({ mutant }) => mutant.id)).size).toBe(faults.length);
    expect(plainTemplates()).toEqual(plain);
  });

  test('are found wherever their control has rules', () => {
    const judged = faults.filter(({ mutant }) => JUDGED_CONTROLS.has(mutant.control ?? ''));
    expect(judged.length).toBeGreaterThan(150);
    expect(judged.filter(({ mutant, judge }) => judge.killedBy(mutant) === undefined).map(({ mutant }) => mutant.id)).toEqual([]);
  });

  test('about whom the edge counts by are found as such, whatever else is found first', () => {
    const counted = faults.filter(({ mutant }) => mutant.control === 'RTL-5' && mutant.type === 'AWS::WAFv2::WebACL');
    expect(counted.map(({ mutant }) => mutant.operator)).toEqual(expect.arrayContaining(['rate by who somebody says he is', 'rate by an address that anybody forges']));
    for (const { mutant } of counted) expect(findingsIn(mutant.template).map(({ rule }) => rule)).toContain('RTL-5.edge-key');
  });
});

describe('the table', () => {
  const weakenings = faults.slice(0, 4).map(({ mutant }, index) => ({ mutant, control: 'TLS-2', killed: index > 0 }));
  const [first, second] = weakenings.map(({ mutant }) => mutant);

  test('counts what each tool finds of the same weakenings, and what the others find together', () => {
    if (!first || !second) throw new Error('no mutants');
    const rows = rowsOf(weakenings, { killed: new Map([['b', new Set([second])], ['a', new Set([first])]]), notes: [] });
    expect(rows.map(({ tool, killed, of }) => [tool, killed, of])).toEqual([['cdk-secure-core', 3, 4], ['a', 1, 4], ['b', 1, 4], ['union of the others', 2, 4]]);
    expect(table(rows).split('\n')[1]).toMatch(/^cdk-secure-core\s+3\s+4\s+75%\s+75%$/);
  });

  test('leaves out a tool that does not run, and says why', async () => {
    const broken = { name: 'broken', run: () => Promise.reject(new Error('cannot start')) };
    const result = await runBaselines(plain, [], temporaryFolder(), () => undefined, [broken]);
    expect([result.killed.size, result.notes]).toEqual([0, ['broken did not run and is not counted: cannot start']]);
  });

  test('counts for a tool only what its base does not have', async () => {
    const [template] = plain;
    if (!template || !first || !second) throw new Error('no mutants');
    const base = `base-${template.name}.json`;
    const found = new Map([[base, new Set(['x'])], ['mutant-0000.json', new Set(['x'])], ['mutant-0001.json', new Set(['x', 'y'])]]);
    const tool = { name: 'tool', run: () => Promise.resolve({ columns: new Map([['tool', found]]), unread: [] }) };
    const { killed } = await runBaselines([template], [first, second], temporaryFolder(), () => undefined, [tool]);
    expect([...killed.get('tool') ?? []]).toEqual([second]);
  });

  test('knows three other tools', () => {
    expect(BASELINES.map(({ name }) => name)).toEqual(['checkov', 'cfn-guard', 'cdk-nag']);
  });

  test('judges the same sample in every run, spread over all', () => {
    expect(sample([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 3)).toEqual([0, 3, 6]);
    expect(sample([1, 2], 3)).toEqual([1, 2]);
  });
});
