import type { EdgeModel, ListenerModel, TlsVersion } from '../edge/model';
import type { Scene } from '../scene';

/** Cipher suites that a port takes, by version; a version that it refuses has none. OpenSSL names. */
export type Accepted = Readonly<Record<TlsVersion, readonly string[]>>;

const VERSIONS: readonly { readonly version: TlsVersion; readonly option: string; readonly key: string }[] = [
  { version: 'TLSv1', option: '--tlsv1', key: 'tls_1_0_cipher_suites' },
  { version: 'TLSv1.1', option: '--tlsv1_1', key: 'tls_1_1_cipher_suites' },
  { version: 'TLSv1.2', option: '--tlsv1_2', key: 'tls_1_2_cipher_suites' },
  { version: 'TLSv1.3', option: '--tlsv1_3', key: 'tls_1_3_cipher_suites' },
];

/** What of sslyze's report is read here; all of it may be missing. */
interface Report {
  readonly server_scan_results?: readonly { readonly scan_result?: Readonly<Record<string, Scanned | undefined>> | null }[];
}
interface Scanned {
  readonly status?: string;
  readonly result?: { readonly is_tls_version_supported?: boolean; readonly accepted_cipher_suites?: readonly { readonly cipher_suite: { readonly openssl_name: string } }[] } | null;
}

/** One scan a listener of an edge: both TLS attacks ask the same, and a scan takes a second. */
const scans = new WeakMap<EdgeModel, Map<string, Promise<Accepted>>>();

/** Offers a listener every version and cipher suite that sslyze knows; throws where no scan was completed. */
export function scan(scene: Scene, listener: ListenerModel): Promise<Accepted> {
  const { host, port } = scene.address(listener);
  const ofEdge = scans.get(scene.model) ?? new Map<string, Promise<Accepted>>();
  scans.set(scene.model, ofEdge);
  const running = ofEdge.get(`${host}:${port}`) ?? scanned(scene, `${host}:${port}`);
  ofEdge.set(`${host}:${port}`, running);
  return running;
}

async function scanned(scene: Scene, address: string): Promise<Accepted> {
  return acceptedIn(await scene.tool('sslyze', ['--json_out=-', ...VERSIONS.map(({ option }) => option), address]));
}

/** Reads sslyze's JSON. */
export function acceptedIn(output: string): Accepted {
  const { server_scan_results: [server] = [] } = JSON.parse(output) as Report;
  return Object.fromEntries(VERSIONS.map(({ version, key }) => {
    const { status, result } = server?.scan_result?.[key] ?? {};
    if (status !== 'COMPLETED' || result === undefined || result === null) throw new Error(`sslyze has not completed its scan for ${version}: ${status ?? 'no result'}.`);
    return [version, (result.accepted_cipher_suites ?? []).map(({ cipher_suite: suite }) => suite.openssl_name)];
  })) as unknown as Accepted;
}
