import { formsOf } from '../../../src/drill/gate/attacks/stored-keys';

const SECRET = Buffer.alloc(32, 7).toString('base64url');
const KEY = `ctx_${SECRET}`;

test('a key is looked for as it is, in parts, and as other programs write it', () => {
  const forms = Object.values(formsOf(KEY, 'ctx_'));
  for (const text of [KEY, SECRET, SECRET.slice(0, 16), SECRET.slice(-16), Buffer.from(KEY).toString('hex'), Buffer.alloc(32, 7).toString('hex')]) expect(forms).toContain(text);
  expect(Buffer.from(KEY).toString('base64')).toContain(formsOf(KEY, 'ctx_')['the key in base64'] ?? 'nothing');
});

test('no form is so short that chance would find it, and none is the prefix', () => {
  for (const text of Object.values(formsOf(KEY, 'ctx_'))) expect(text.length).toBeGreaterThanOrEqual(16);
});
