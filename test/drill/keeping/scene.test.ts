import type { AlbFront } from '../../../src/drill/broker/alb-front';
import type { KeepingTarget } from '../../../src/drill/keeping/attack';
import { type FunctionRan } from '../../../src/drill/keeping/function';
import { openKeepingScene, type SceneParts, variablesOf } from '../../../src/drill/keeping/scene';
import { clientsThat, deploymentOf, graphOf } from './stand-in';

const SECRET = 'AWS::SecretsManager::Secret';
const TEMPLATES = [
  ['One', {
    Key: { Type: SECRET, Properties: { Description: 'of one' } },
    Fn: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
    Role: { Type: 'AWS::IAM::Role' },
  }],
  ['Two', { Key: { Type: SECRET, Properties: { Description: { Ref: 'Other' } } }, Other: { Type: SECRET } }],
] as const;
const GRAPH = graphOf(...TEMPLATES);
const RAN: FunctionRan = { answer: 1, written: '' };

function sceneWith(parts: Partial<SceneParts> = {}, transcript: string[] = []) {
  const unasked = (): never => {
    throw new Error('nobody asked for this');
  };
  const aws = clientsThat(() => ({ Environment: { Variables: { A: 'engine', B: 'kept' } } }));
  const given: SceneParts = { deployment: deploymentOf(GRAPH), aws, stores: {} as SceneParts['stores'], as: unasked, elsewhere: unasked, run: unasked, serve: unasked, ask: unasked };
  return openKeepingScene({ ...given, ...parts }, transcript);
}

const targetIn = (stack: string, logicalId = 'Key'): KeepingTarget => {
  const resource = graphOf(...TEMPLATES).ofType(SECRET).find((secret) => secret.template.name === stack);
  if (!resource) throw new Error('no such resource');
  return { resource, place: { stack, logicalId } };
};

test('what is meant is found by its stack and its logical id', () => {
  const scene = sceneWith();
  expect(scene.now(targetIn('One')).prop('Description').text()).toBe('of one');
  expect(scene.now(targetIn('Two')).template.name).toBe('Two');
  expect(() => scene.now(targetIn('One', 'Gone'))).toThrow('One/Gone is gone.');
});

test('a resource is called what it has become, and so is what its properties point at', () => {
  const scene = sceneWith();
  const key = scene.now(targetIn('Two'));
  expect([scene.id(key), scene.id(key, 'Arn'), scene.id(key, 'Name')]).toEqual(['Two-Key', 'arn:Two:Key', undefined]);
  expect(scene.propertiesOf(key)).toEqual({ Description: 'Two-Other' });
  expect(scene.stackOf(key)).toBe('Two');
});

test('a function runs with what the engine tells it, what is put in the place of that, and the credentials of its role', async () => {
  const ran: unknown[] = [];
  const credentials = { accessKeyId: 'of the role', secretAccessKey: 'x' };
  const scene = sceneWith({
    as: (role) => Promise.resolve({ ...clientsThat(() => undefined), credentials: { ...credentials, sessionToken: role } }),
    run: (fn, ...given) => {
      ran.push(fn.logicalId, ...given);
      return Promise.resolve(RAN);
    },
  });
  const [fn] = GRAPH.ofType('AWS::Lambda::Function');
  expect(fn && await scene.invoke(fn, { Step: 'x' }, { A: 'instead' })).toBe(RAN);
  expect(ran).toEqual(['Fn', { A: 'instead', B: 'kept' }, { ...credentials, sessionToken: 'arn:One:Role' }, { Step: 'x' }]);
});

test('a function without variables is told none', async () => {
  const [fn] = GRAPH.ofType('AWS::Lambda::Function');
  expect(fn && await variablesOf({ aws: clientsThat(() => ({})), id: () => 'Fn' }, fn)).toEqual({});
});

test('notes are lines of the transcript', () => {
  const transcript: string[] = [];
  sceneWith({}, transcript).note('so far');
  expect(transcript).toEqual(['so far']);
});

test('a function that answers HTTP is told the same, and has the same role', async () => {
  const served: unknown[] = [];
  const front: AlbFront = { port: 1, invoke: () => Promise.resolve(), stop: () => Promise.resolve() };
  const scene = sceneWith({
    as: (role) => Promise.resolve({ ...clientsThat(() => undefined), credentials: { accessKeyId: role, secretAccessKey: 'x' } }),
    serve: (fn, ...given) => {
      served.push(fn.logicalId, ...given);
      return Promise.resolve(front);
    },
  });
  const [fn] = GRAPH.ofType('AWS::Lambda::Function');
  expect(fn && await scene.serve(fn, { instead: { A: 'instead' }, environments: 2 })).toBe(front);
  expect(fn && await scene.serve(fn)).toBe(front);
  const credentials = { accessKeyId: 'arn:One:Role', secretAccessKey: 'x' };
  expect(served).toEqual(['Fn', { A: 'instead', B: 'kept' }, credentials, { environments: 2 }, 'Fn', { A: 'engine', B: 'kept' }, credentials, {}]);
});
