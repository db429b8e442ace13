import type { Mutant } from '../../../bench/mutants/mutant';
import { complaints } from '../../../bench/mutants/report';
import { applyVerdicts, isGap, type Verdict } from '../../../bench/mutants/verdict';

const mutant = (path: string, operator = 'delete'): Mutant => ({
  id: `Stack/One/Properties.${path}#${operator}`, stack: 'Stack', logicalId: 'One', type: 'AWS::EC2::VPC', path: `Properties.${path}`, operator, template: { name: 'Stack', body: {} },
});
const verdict = (path: RegExp, operator = /delete/): Verdict => ({ verdict: 'equivalent', type: /EC2::VPC/, path, operator, because: 'of the test' });
const missing = (control: 'TLS-2' | 'SUP-2'): Verdict => ({ ...verdict(/Tags/), verdict: 'missing', control });

const [tags, block] = [mutant('Tags'), mutant('CidrBlock')];

describe('verdicts', () => {
  test('a survivor with one verdict is judged', () => {
    const judged = applyVerdicts([verdict(/Tags/)], [tags], []);
    expect([...judged.verdicts.keys()]).toEqual([tags]);
    expect(judged.faults).toEqual({ unjudged: [], ambiguous: [], stale: [], tooWide: [] });
  });

  test('a survivor without one is named', () => {
    expect(applyVerdicts([verdict(/Tags/)], [tags, block], []).faults.unjudged).toEqual([block]);
  });

  test('a survivor with two is named, and has neither', () => {
    const judged = applyVerdicts([verdict(/Tags/), verdict(/T.*/)], [tags], []);
    expect(judged.faults.ambiguous).toEqual([tags]);
    expect(judged.verdicts.size).toBe(0);
  });

  test('a verdict without a survivor is stale', () => {
    const old = verdict(/Old/);
    expect(applyVerdicts([verdict(/Tags/), old], [tags], []).faults.stale).toEqual([old]);
  });

  test('a verdict that takes in a mutant which is found is too wide, so no rule can fall silent behind it', () => {
    const wide = verdict(/.*/);
    expect(applyVerdicts([wide], [tags], [block]).faults.tooWide).toEqual([{ verdict: wide, mutant: block }]);
  });

  test('patterns match the whole of what they stand for', () => {
    expect(applyVerdicts([verdict(/Tag/)], [tags], []).faults.unjudged).toEqual([tags]);
    expect(applyVerdicts([verdict(/Tags/, /del/)], [tags], []).faults.unjudged).toEqual([tags]);
    expect(applyVerdicts([{ ...verdict(/Tags/), resource: /Stack\/Two/ }], [tags], []).faults.unjudged).toEqual([tags]);
  });

  test('a missing rule is a gap only where its control has rules', () => {
    expect([missing('TLS-2'), missing('SUP-2'), verdict(/Tags/)].map(isGap)).toEqual([true, false, false]);
  });

  test('every fault is a complaint that names the mutant or the verdict', () => {
    const { faults, verdicts } = applyVerdicts([verdict(/Old/), missing('TLS-2')], [tags, block], []);
    expect(complaints({ mutants: [], weakenings: [], survivors: verdicts, faults, gaps: [tags] })).toEqual([
      'survives and is not judged: Stack/One/Properties.CidrBlock#delete',
      'no survivor needs the verdict "equivalent, because of the test" (EC2::VPC Old delete)',
      'rule missing in a control that has rules (TLS-2): Stack/One/Properties.Tags#delete',
    ]);
  });
});
