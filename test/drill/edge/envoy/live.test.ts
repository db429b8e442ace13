import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { sameSet, webAclFilters, writeLiveFilters } from '../../../../src/drill/edge/envoy/live';
import type { LiveSet, WafStatement, WebAclModel } from '../../../../src/drill/edge/model';
import { edge, listener, place, wafRule, webAcl } from './models';

const SET: LiveSet = { place: place('Lock'), family: 'v4' };
const IN_SET: WafStatement = { kind: 'ip-set', cidrs: [], live: SET };
const LOCKED: WebAclModel = webAcl([wafRule(0, IN_SET, { kind: 'block', status: 503 }), wafRule(1, { kind: 'ip-set', cidrs: ['10.0.0.0/8'] }, { kind: 'block', status: 403 })]);

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'live-test-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Where Envoy is told to look for each filter; undefined where it stands in the configuration. */
function sources(acl: WebAclModel): (string | undefined)[] {
  return webAclFilters('0', acl, { folder, addresses: () => [] }).map((filter) => (
    JSON.parse(JSON.stringify(filter)) as { config_discovery?: { config_source: { path_config_source: { path: string } } } }
  ).config_discovery?.config_source.path_config_source.path);
}

test('what hangs on addresses that change comes from a file, and nothing else does', () => {
  const [lock, fixed] = sources(LOCKED);
  expect(path.dirname(lock ?? '')).toBe(folder);
  expect(fixed).toBeUndefined();
});

test('the file that a filter comes from is written, for the caller alone, with the addresses of the moment', async () => {
  const [file = ''] = sources(LOCKED);
  await writeLiveFilters(edge(listener('One', { webAcl: LOCKED })), { folder, addresses: () => [] });
  const open = fs.readFileSync(file, 'utf8');
  await writeLiveFilters(edge(listener('One', { webAcl: LOCKED })), { folder, addresses: (set) => (sameSet(set, SET) ? ['0.0.0.0/1'] : []) });
  const locked = fs.readFileSync(file, 'utf8');
  expect(open).not.toContain('0.0.0.0');
  expect(locked).toContain('"0.0.0.0"');
  expect(fs.readdirSync(folder)).toEqual([path.basename(file)]);
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
});

test('a file names the filter that it is about, as Envoy asks for it', async () => {
  const [filter] = webAclFilters('0', LOCKED, { folder, addresses: () => [] });
  await writeLiveFilters(edge(listener('One', { webAcl: LOCKED })), { folder, addresses: () => [] });
  const { resources } = JSON.parse(fs.readFileSync(sources(LOCKED)[0] ?? '', 'utf8')) as { resources: readonly [{ name: string }] };
  expect(resources[0].name).toBe((filter as { name?: string } | undefined)?.name);
});

test('sets are told apart by place and family', () => {
  expect(sameSet(SET, { ...SET })).toBe(true);
  const others: LiveSet[] = [{ ...SET, family: 'v6' }, { ...SET, place: place('Other') }, { ...SET, place: { ...SET.place, stack: 'Other' } }];
  expect(others.filter((other) => sameSet(SET, other))).toEqual([]);
});
