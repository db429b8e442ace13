import type { JsonMap, Template } from '../../../src/checks/template/template';
import { TemplateGraph } from '../../../src/checks/template/template-graph';
import type { Saboteur } from '../../../src/drill/attack';
import { type KeepingAttack, proveKeeping } from '../../../src/drill/keeping';
import { defineKeepingAttack, resourcesIn } from '../../../src/drill/keeping/attack';
import { partOf } from './stand-in';

const SECRET = 'AWS::SecretsManager::Secret';
const TEMPLATES: readonly Template[] = [{ name: 'Stack', body: { Resources: { One: { Type: SECRET }, Two: { Type: SECRET }, Alarm: { Type: 'AWS::CloudWatch::Alarm' } } } }];

const named = (name: string, note: string): Saboteur => ({ name, sabotage: (template) => ({ ...template, Metadata: { note } }) });
const NOTHING: Saboteur = { name: 'nothing to take', sabotage: () => undefined };

function attack(aspect: string, saboteurs: KeepingAttack['saboteurs'], run: KeepingAttack['run'], type = SECRET): KeepingAttack {
  return defineKeepingAttack('SEC-1', aspect, { tries: '', expects: '', evidence: 'template-intent', needs: '', targets: (model) => resourcesIn(model, [type]), run, saboteurs });
}

const succeeds: KeepingAttack['run'] = () => Promise.resolve({ verdict: 'succeeded', saw: 'done' });
const withstands: KeepingAttack['run'] = () => Promise.resolve({ verdict: 'withstood', saw: 'nothing' });

async function proven(attacks: readonly KeepingAttack[], fault?: string): Promise<{ readonly verdicts: unknown; readonly stood: readonly JsonMap[]; readonly stops: number }> {
  const stood: JsonMap[] = [];
  let stops = 0;
  const records = await proveKeeping(attacks, TEMPLATES, {
    translate: (templates) => ({ graph: new TemplateGraph([...templates]) }),
    stand: (templates) => {
      stood.push(...templates.map(({ body }) => body));
      if (fault !== undefined) throw new Error(fault);
      return Promise.resolve({
        open: () => partOf({}),
        stop: () => {
          stops += 1;
          return Promise.resolve();
        },
      });
    },
  });
  return { verdicts: records.map(({ attack: id, saboteur, verdict }) => `${id}, ${saboteur}: ${verdict}`), stood, stops };
}

test('what weakens templates alike is deployed once, and every attack still says what it saw', async () => {
  const { verdicts, stood, stops } = await proven([attack('a', [named('x', '1'), named('y', '2')], succeeds), attack('b', [named('x', '1')], withstands)]);
  expect(verdicts).toEqual(['SEC-1.a, x: succeeded', 'SEC-1.a, y: succeeded', 'SEC-1.b, x: withstood']);
  expect(stood.map(({ Metadata }) => Metadata)).toEqual([{ note: '1' }, { note: '2' }]);
  expect(stops).toBe(2);
});

test('what keeps nothing is not deployed', async () => {
  const { stood } = await proven([attack('a', [named('x', '1')], succeeds)]);
  expect(stood.map(({ Resources }) => Object.keys(Resources as JsonMap))).toEqual([['One', 'Two']]);
});

test('nothing is deployed where there is nothing to attack or to take away', async () => {
  const { verdicts, stood } = await proven([attack('a', [NOTHING], succeeds), attack('b', [named('x', '1')], succeeds, 'AWS::S3::Bucket')]);
  expect(verdicts).toEqual(['SEC-1.a, nothing to take: not-applicable', 'SEC-1.b, x: not-applicable']);
  expect(stood).toEqual([]);
});

test('one target after the other is attacked until there is one at which it succeeds', async () => {
  const tried: string[] = [];
  const until = (last: string): KeepingAttack => attack(last, [named('x', '1')], ({ place }) => {
    tried.push(place.logicalId);
    return Promise.resolve(place.logicalId === last ? { verdict: 'succeeded', saw: '' } : { verdict: 'withstood', saw: '' });
  });
  expect((await proven([until('One'), until('Two')])).verdicts).toEqual(['SEC-1.One, x: succeeded', 'SEC-1.Two, x: succeeded']);
  expect(tried).toEqual(['One', 'One', 'Two']);
});

test('what cannot be brought up, or breaks off, proves nothing', async () => {
  expect((await proven([attack('a', [named('x', '1')], succeeds)], 'no room')).verdicts).toEqual(['SEC-1.a, x: inconclusive']);
  expect((await proven([attack('a', [named('x', '1')], () => Promise.reject(new Error('lost')))])).verdicts).toEqual(['SEC-1.a, x: inconclusive']);
});
