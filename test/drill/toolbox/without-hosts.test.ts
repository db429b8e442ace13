import { withoutHosts } from '../../../src/drill/toolbox/without-hosts';

test.each([
  ['Looking in indexes: https://user:secret@packages.corp.example/simple/', 'Looking in indexes: [host]'],
  ["HTTPSConnectionPool(host='nexus', port=443): Max retries exceeded", "HTTPSConnectionPool(host='[host]', port=443): Max retries exceeded"],
  ["Failed to resolve 'nexus' ([Errno -2] Name or service not known)", "Failed to resolve '[host]' ([Errno -2] Name or service not known)"],
  ['Connection to packages.corp.example timed out.', 'Connection to [host] timed out.'],
  ['Cannot connect to proxy 10.1.2.3:3128', 'Cannot connect to proxy [host]'],
  ['no route to packages.corp.example:8443, giving up', 'no route to [host], giving up'],
])('%p is shown without where pip looked', (said, shown) => {
  expect(withoutHosts(said)).toBe(shown);
});

test.each([
  'ERROR: No matching distribution found for sslyze==6.3.1',
  'ERROR: python_dateutil-2.9.0.post0-py2.py3-none-any.whl is not a supported wheel on this platform.',
  'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device',
  "Command '['/home/me/.cache/cdk-secure-core/tools-1/bin/python3.11', '-m', 'ensurepip']' returned non-zero exit status 1.",
])('%p stays as it is', (said) => {
  expect(withoutHosts(said)).toBe(said);
});
