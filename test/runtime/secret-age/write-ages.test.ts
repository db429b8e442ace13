import { readSecrets, writeAges } from '../../../src/runtime/secret-age/write-ages';
import { AGE_SECRETS_VARIABLE } from '../../../src/secrets/contract';

const SECRETS = ['OpenAi', 'Anthropic', 'Gemini'].map((name) => ({ secretArn: `arn:${name}`, metricName: `Core/${name}` }));
const NOW = Date.UTC(2026, 10, 22);

function parts(broken: readonly string[] = []) {
  const lines: Record<string, unknown>[] = [];
  return {
    lines,
    clock: () => NOW,
    log: (line: Record<string, unknown>) => void lines.push(line),
    since: (arn: string) => (broken.includes(arn) ? Promise.reject(Object.assign(new Error('canary'), { name: 'AccessDeniedException' })) : Promise.resolve(new Date(NOW - 86_400_000))),
  };
}

describe('the ages of secrets', () => {
  test('are written, a line for each', async () => {
    const given = parts();
    await writeAges(SECRETS, given);
    expect(given.lines.map(({ Secret, AgeDays }) => [Secret, AgeDays])).toEqual([['Core/OpenAi', 1], ['Core/Anthropic', 1], ['Core/Gemini', 1]]);
  });

  test('are written of all that can be told, before it fails for the others', async () => {
    const given = parts(['arn:OpenAi']);
    await expect(writeAges(SECRETS, given)).rejects.toThrow('The age of 1 of 3 secrets could not be told; the log says of which.');
    expect(given.lines).toContainEqual({ event: 'secret-age-unknown', secret: 'Core/OpenAi', error: 'AccessDeniedException' });
    expect(given.lines.filter(({ event }) => event === 'secret-age')).toHaveLength(2);
    expect(JSON.stringify(given.lines)).not.toContain('canary');
  });
});

describe('the list of secrets', () => {
  test('is what the variable says', () => {
    expect(readSecrets({ [AGE_SECRETS_VARIABLE]: JSON.stringify(SECRETS) })).toEqual(SECRETS);
  });

  test.each([undefined, '', 'canary', '{}', '[]', '["arn:canary"]', '[{"secretArn":"arn:canary"}]', '[{"secretArn":"a","metricName":"b","canary":1}]'])('is refused where it is %s', (value) => {
    expect(() => readSecrets({ [AGE_SECRETS_VARIABLE]: value })).toThrow(/^SECRETS must be a JSON list of at least one object with secretArn and metricName\.$/);
  });
});
