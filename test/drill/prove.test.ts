import type { Template } from '../../src/checks/template/template';
import type { Saboteur } from '../../src/drill/attack';
import { gotThrough } from '../../src/drill/attacks/attempts';
import type { EdgeModel } from '../../src/drill/edge/model';
import { prove, type ProvingGround } from '../../src/drill/prove';
import { ANSWERING, attackOf, fakeScene, FORWARDING, listenerOf, modelOf } from '../support/fake-scene';
import { template } from '../support/templates';

/** An edge that lets everybody in once its template says so. */
class Ground implements ProvingGround {
  public started = 0;
  public standing = 0;
  private readonly open = new Set<EdgeModel>();

  public translate([{ body } = template({})]: readonly Template[]): EdgeModel {
    if (body.Broken === true) throw new Error('No such thing.');
    const model = modelOf(listenerOf(body.Rules === 0 ? [ANSWERING] : [FORWARDING, ANSWERING], body.Renamed === true ? 'Other' : 'Listener'));
    if (body.Open === true) this.open.add(model);
    return model;
  }

  public start(model: EdgeModel): ReturnType<ProvingGround['start']> {
    this.started += 1;
    this.standing += 1;
    return Promise.resolve({
      open: (transcript) => fakeScene(model, ({ headers }) => (this.open.has(model) || headers.authorization === 'good' ? 'core' : 401), transcript),
      stop: () => {
        this.standing -= 1;
        return Promise.resolve();
      },
    });
  }
}

const setting = (name: string, change: Template['body']): Saboteur => ({ name, sabotage: (body) => ({ ...body, ...change }) });
const OPENED = setting('opened', { Open: true });
const POINTLESS = setting('pointless', { Description: 'the same edge' });
const NOTHING_THERE: Saboteur = { name: 'nothing there', sabotage: () => undefined };

function stranger(saboteur: Saboteur, aspect?: string): ReturnType<typeof attackOf> {
  return attackOf(async (scene, listener) => (
    await gotThrough(scene, listener, { method: 'GET', path: '/', headers: {} }) ? { verdict: 'succeeded', saw: 'In.' } : { verdict: 'withstood', saw: 'Out.' }
  ), [saboteur], aspect);
}

test.each([
  [OPENED, 'succeeded', 'In.'],
  [POINTLESS, 'withstood', 'Out.'],
  [NOTHING_THERE, 'not-applicable', 'The templates have nothing of this kind to take away.'],
  [setting('broken', { Broken: true }), 'inconclusive', 'The weakened templates could not be brought up: No such thing.'],
  [setting('renamed', { Renamed: true }), 'inconclusive', 'It could not be carried out: The weakened templates have no listener Stack/Listener.'],
] as const)('with the saboteur %#, the attack ends as %s', async (saboteur, verdict, saw) => {
  const ground = new Ground();
  const records = await prove([stranger(saboteur)], [template({})], ground);
  expect(records).toEqual([{ attack: 'IDN-1.test', control: 'IDN-1', saboteur: saboteur.name, verdict, saw }]);
  expect(ground.standing).toBe(0);
});

test('an attack without a target in the good templates has nothing to prove', async () => {
  const records = await prove([stranger(OPENED)], [{ name: 'Stack', body: { Rules: 0 } }], new Ground());
  expect(records.map(({ verdict }) => verdict)).toEqual(['not-applicable']);
});

test('what the good templates promise is attacked, even where the weakened ones no longer say so', async () => {
  const records = await prove([stranger(setting('opened and without rules', { Open: true, Rules: 0 }))], [template({})], new Ground());
  expect(records.map(({ verdict }) => verdict)).toEqual(['succeeded']);
});

test('saboteurs that leave the same templates share an edge, and the records keep their order', async () => {
  const ground = new Ground();
  const attacks = ['a', 'b', 'c', 'd', 'e'].map((aspect, index) => stranger(index % 2 === 0 ? OPENED : POINTLESS, aspect));
  const records = await prove(attacks, [template({})], ground);
  expect(records.map(({ attack }) => attack)).toEqual(attacks.map(({ id }) => id));
  expect(ground.started).toBe(2);
  expect(ground.standing).toBe(0);
});

/** How many of some attacks of one edge were under way at once. */
async function mostAtOnce(evidence: 'real-artefact' | 'template-intent', gates?: EdgeModel['gates']): Promise<number> {
  const state = { running: 0, most: 0 };
  const attacks = ['a', 'b', 'c'].map((aspect) => ({
    ...attackOf(async () => {
      state.running += 1;
      state.most = Math.max(state.most, state.running);
      await new Promise((resolve) => setImmediate(resolve));
      state.running -= 1;
      return { verdict: 'succeeded', saw: 'In.' };
    }, [OPENED], aspect),
    evidence,
  }));
  const ground = new Ground();
  const translate = (templates: readonly Template[]): EdgeModel => {
    const [listener = listenerOf()] = ground.translate(templates).listeners;
    const [gate] = gates ?? [];
    const targets = [{ targetGroup: { stack: 'Stack', logicalId: 'Targets' }, weight: 1, protocol: 'HTTP' as const, gate }];
    return { ...modelOf({ ...listener, rules: [{ ...FORWARDING, actions: [{ kind: 'forward', targets }] }] }), gates };
  };
  await prove(attacks, [template({})], { translate, start: (model) => ground.start(model) });
  return state.most;
}

test('attacks on a gate that nobody meets any more are carried out at once, since none feels the other', async () => {
  expect(await mostAtOnce('real-artefact')).toBe(3);
});

test('attacks that share a gate or a load balancer are carried out one after the other', async () => {
  const gate = { place: { stack: 'Stack', logicalId: 'Task' }, container: 'Gate', image: '', command: [], environment: {}, secrets: [], targetGroups: [], storeUsers: [] };
  expect(await mostAtOnce('real-artefact', [gate])).toBe(1);
  expect(await mostAtOnce('template-intent')).toBe(1);
});

test('the templates stay as they are', async () => {
  const good = template({ Queue: { Type: 'AWS::SQS::Queue' } });
  const before = JSON.stringify(good);
  await prove([stranger(OPENED)], [good], new Ground());
  expect(JSON.stringify(good)).toBe(before);
});
