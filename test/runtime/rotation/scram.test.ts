import { createHash, createHmac } from 'node:crypto';
import { scramVerifier } from '../../../src/runtime/rotation/scram';

/** The exchange that RFC 7677 shows in section 3. */
const RFC = {
  password: 'pencil',
  salt: Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'),
  said: [
    'n=user,r=rOprNGfwEbeRWgbNEkqO',
    'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
  ].join(','),
  proof: 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  signature: '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
};

function parts(verifier: string): { readonly iterations: string; readonly salt: string; readonly stored: Buffer; readonly server: Buffer } {
  const [, iterations = '', salt = '', stored = '', server = ''] = /^SCRAM-SHA-256\$(\d+):([\w+/=]+)\$([\w+/=]+):([\w+/=]+)$/.exec(verifier) ?? [];
  return { iterations, salt, stored: Buffer.from(stored, 'base64'), server: Buffer.from(server, 'base64') };
}

test("The server's key of the verifier signs the exchange of RFC 7677 as it stands there", () => {
  const { server } = parts(scramVerifier(RFC.password, RFC.salt));
  expect(createHmac('sha256', server).update(RFC.said).digest('base64')).toBe(RFC.signature);
});

test("The client's proof of RFC 7677 leads to the stored key of the verifier", () => {
  const { stored } = parts(scramVerifier(RFC.password, RFC.salt));
  const signature = createHmac('sha256', stored).update(RFC.said).digest();
  const clientKey = Buffer.from(RFC.proof, 'base64').map((byte, index) => byte ^ (signature[index] ?? 0));
  expect(createHash('sha256').update(clientKey).digest().equals(stored)).toBe(true);
});

test('It says how it was made: 4096 iterations, and a salt of 16 bytes', () => {
  const { iterations, salt } = parts(scramVerifier('some password'));
  expect(iterations).toBe('4096');
  expect(Buffer.from(salt, 'base64')).toHaveLength(16);
});

test('Of one password it is another one each time, and the password does not stand in it', () => {
  const [one, two] = [scramVerifier('some password'), scramVerifier('some password')];
  expect(one).not.toBe(two);
  expect(one).not.toContain('some password');
});
