import { acceptedIn } from '../../../src/drill/attacks/sslyze';

const KEYS = ['tls_1_0_cipher_suites', 'tls_1_1_cipher_suites', 'tls_1_2_cipher_suites', 'tls_1_3_cipher_suites'];
const scanned = (...suites: readonly string[]): object => ({ status: 'COMPLETED', result: { accepted_cipher_suites: suites.map((name) => ({ cipher_suite: { openssl_name: name } })) } });
const report = (scans: object): string => JSON.stringify({ server_scan_results: [{ scan_result: { ...Object.fromEntries(KEYS.map((key) => [key, scanned()])), ...scans } }] });

test('every version is told with the suites that are taken', () => {
  expect(acceptedIn(report({ tls_1_2_cipher_suites: scanned('ECDHE-RSA-AES128-GCM-SHA256'), tls_1_3_cipher_suites: scanned('TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384') }))).toEqual({
    'TLSv1': [], 'TLSv1.1': [], 'TLSv1.2': ['ECDHE-RSA-AES128-GCM-SHA256'], 'TLSv1.3': ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384'],
  });
});

test.each([
  ['a scan that failed', report({ tls_1_1_cipher_suites: { status: 'ERROR', result: null } })],
  ['a server that was not reached', JSON.stringify({ server_scan_results: [{ scan_result: null }] })],
  ['a report without a server', JSON.stringify({ server_scan_results: [] })],
])('%s is no refusal of any version', (_, output) => {
  expect(() => acceptedIn(output)).toThrow(/sslyze has not completed its scan/);
});
