import { answer } from '../../../src/runtime/rotation/answer';
import { RotationError } from '../../../src/runtime/rotation/ports';

const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:core-AbCdEf';

function parts() {
  const rotation = { rotate: jest.fn().mockResolvedValue(undefined), retire: jest.fn().mockResolvedValue({ outcome: 'retired' }), ensure: jest.fn().mockResolvedValue(undefined) };
  const writeAge = jest.fn().mockResolvedValue(undefined);
  return { rotation, writeAge, log: jest.fn(), calls: () => Object.entries({ ...rotation, writeAge }).flatMap(([name, mock]) => mock.mock.calls.map((args: unknown[]) => [name, ...args])) };
}

const STEP = { Step: 'setSecret', SecretId: ARN, ClientRequestToken: 'token' };

describe('whoever calls', () => {
  test.each<[string, unknown, unknown[], unknown]>([
    ['the roll-out function, with a request to retire', { retire: { secretArn: ARN } }, ['retire', { retire: { secretArn: ARN, versionId: undefined } }], { outcome: 'retired' }],
    ['the roll-out function, with the version it decided on', { retire: { secretArn: ARN, versionId: 'v' } }, ['retire', { retire: { secretArn: ARN, versionId: 'v' } }], { outcome: 'retired' }],
    ['a schedule', { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }, ['writeAge'], undefined],
  ])('%s, gets one thing done and nothing else', async (_who, event, call, answered) => {
    const { calls, ...rest } = parts();
    expect(await answer(event, rest)).toEqual(answered);
    expect(calls()).toEqual([call]);
  });

  test('Secrets Manager, with a step, gets it done, and the age told, since it calls as soon as a schedule is made', async () => {
    const { calls, ...rest } = parts();
    expect(await answer({ ...STEP, RotationToken: 'canary' }, rest)).toBeUndefined();
    expect(calls()).toEqual([['rotate', STEP], ['writeAge']]);
  });

  test.each<[string, unknown]>([
    ['an empty object', {}], ['nothing', null], ['less than nothing', undefined],
  ])('a deployment, with %s, gets a value that is good, and its age told', async (_what, event) => {
    const { calls, ...rest } = parts();
    expect(await answer(event, rest)).toBeUndefined();
    expect(calls()).toEqual([['ensure'], ['writeAge']]);
  });

  test.each<[string, object]>([['step', STEP], ['deployment', {}]])('a %s that is done is done, even where nobody can tell the age: it would be repeated for ever', async (_what, event) => {
    const given = parts();
    given.writeAge.mockRejectedValue(Object.assign(new Error('canary'), { name: 'ThrottlingException' }));
    await expect(answer(event, given)).resolves.toBeUndefined();
    expect(given.log.mock.calls).toEqual([[{ event: 'secret-age-unknown', error: 'ThrottlingException' }]]);
  });

  test('a schedule that cannot tell the age fails, for nobody else would hear of it', async () => {
    const given = parts();
    given.writeAge.mockRejectedValue(new Error('ours'));
    await expect(answer({ source: 'aws.events' }, given)).rejects.toThrow('ours');
  });

  test('a deployment that fails is told no age', async () => {
    const { calls, ...rest } = parts();
    rest.rotation.ensure.mockRejectedValue(new RotationError('NO_CURRENT', 'ours'));
    await expect(answer({}, rest)).rejects.toThrow('ours');
    expect(calls()).toEqual([['ensure']]);
  });

  test.each<[string, unknown]>([
    ['a text', 'canary'],
    ['a list', []],
    ['a number', 0],
    ['an event of somebody else', { source: 'aws.s3', canary: 'canary' }],
    ['a step without its secret', { Step: 'setSecret', ClientRequestToken: 'token' }],
    ['a step without its token', { Step: 'setSecret', SecretId: ARN }],
    ['a step that is no text', { ...STEP, Step: 1 }],
    ['a step of nobody that is also a request to retire', { Step: 1, retire: { secretArn: ARN } }],
    ['a request to retire nothing', { retire: {} }],
    ['a request to retire that is no object', { retire: ARN }],
    ['a request to retire that is also a schedule', { retire: 1, source: 'aws.events' }],
    ['a request to retire with a strange version', { retire: { secretArn: ARN, versionId: 1 } }],
  ])('with %s is refused, and nothing is done or repeated', async (_case, event) => {
    const { calls, ...rest } = parts();
    const error: unknown = await answer(event, rest).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RotationError);
    expect(error).toMatchObject({ code: 'UNKNOWN_EVENT' });
    expect(String(error)).not.toContain('canary');
    expect(calls()).toEqual([]);
  });
});
