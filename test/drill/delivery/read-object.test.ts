import { gzipSync } from 'node:zlib';
import { DeliveryNotEmulated } from '../../../src/drill/delivery/not-emulated';
import { partitionOf } from '../../../src/drill/delivery/partitions';
import { readObject } from '../../../src/drill/delivery/read-object';
import { fits } from '../../../src/drill/delivery/table';
import { NOON, type TableChanges, tableWith } from './designs';

const KEY = 'records/day=2026-01-02/Stream-1.gz';
const read = (lines: string, changes: TableChanges = {}, key = KEY) =>
  readObject(tableWith(changes), { bucket: 'archive', key, body: key.endsWith('.gz') ? gzipSync(lines) : Buffer.from(lines) }, NOON);

test('rows have what their line holds, and the values of their partitions', () => {
  expect(read('{"event":"audit","seq":1}\n\n{"event":"audit","seq":2,"latency":1.5,"final":true}\n')).toEqual({
    rows: [{ event: 'audit', seq: 1, day: '2026-01-02' }, { event: 'audit', seq: 2, latency: 1.5, final: true, day: '2026-01-02' }], faults: [],
  });
});

test.each([
  ['{"event":"a"}{"event":"b"}', /Line 1 of \S+ is no JSON object/],
  ['[1]', /is no JSON object/],
  ['{"event":"a","unknown":1}', /has unknown, for which there is no column/],
  ['{"seq":1.5}', /has a seq that is no bigint/],
  ['{"small":5000000000}', /has a small that is no int/],
  ['{"latency":"1"}', /has a latency that is no double/],
  ['{"final":"true"}', /has a final that is no boolean/],
  ['{"event":{}}', /has a event that is no string/],
])('%s does not fit', (line, fault) => {
  expect(read(line)).toEqual({ rows: [], faults: [expect.stringMatching(fault)] });
});

test('a field may be called otherwise than its column', () => {
  expect(read('{"sequence":1}', { mapping: { 'mapping.seq': 'sequence' } }).faults).toEqual([]);
});

test('an ending that promises compression is believed', () => {
  expect(readObject(tableWith(), { bucket: 'archive', key: KEY, body: Buffer.from('{}') }, NOON).faults).toEqual([`${KEY} is not compressed as its name says.`]);
  expect(read('{"seq":1}', {}, 'records/day=2026-01-02/plain').rows).toHaveLength(1);
});

test('of a table that is read by something else nothing is decided', () => {
  expect(() => read('{}', { serde: 'org.apache.hadoop.hive.serde2.OpenCSVSerde' })).toThrow(DeliveryNotEmulated);
  expect(() => fits(1, 'decimal(3,1)')).toThrow(DeliveryNotEmulated);
});

const at = (address: string, changes: TableChanges = {}) => partitionOf(tableWith(changes), address, NOON);

test.each<[string, string, TableChanges, object | undefined]>([
  ['another bucket', 's3://other/records/day=2026-01-02/x', {}, undefined],
  ['another folder', 's3://archive/failed/day=2026-01-02/x', {}, undefined],
  ['no date', 's3://archive/records/day=today/x', {}, undefined],
  ['too long ago', 's3://archive/records/day=2025-01-02/x', {}, undefined],
  ['the day after tomorrow', 's3://archive/records/day=2026-01-04/x', {}, undefined],
  ['tomorrow', 's3://archive/records/day=2026-01-03/x', {}, { day: '2026-01-03' }],
  ['projection that is off', 's3://archive/records/day=2026-01-02/x', { parameters: { 'projection.enabled': 'false' } }, undefined],
  ['a date of three folders', 's3://archive/records/2026/01/02/x', {
    parameters: { 'projection.day.format': 'yyyy/MM/dd', 'storage.location.template': 's3://archive/records/${day}' },
  }, { day: '2026/01/02' }],
  ['a table without partitions', 's3://archive/records/any/x', { partitions: [] }, {}],
  ['a table without partitions, elsewhere', 's3://archive/x', { partitions: [] }, undefined],
  ['an hour', 's3://archive/records/hour=07/x', { partitions: [{ Name: 'hour', Type: 'string' }], parameters: {
    'storage.location.template': 's3://archive/records/hour=${hour}/', 'projection.hour.type': 'integer', 'projection.hour.range': '0,23', 'projection.hour.digits': '2',
  } }, { hour: '07' }],
  ['an hour of one digit', 's3://archive/records/hour=7/x', { partitions: [{ Name: 'hour', Type: 'string' }], parameters: {
    'storage.location.template': 's3://archive/records/hour=${hour}/', 'projection.hour.type': 'integer', 'projection.hour.range': '0,23', 'projection.hour.digits': '2',
  } }, undefined],
])('a table comes to an object or does not: %s', (_, address, changes, values) => {
  expect(at(address, changes)).toEqual(values);
});

test('without a template, folders are named after the partitions', () => {
  const table = tableWith();
  const parameters = Object.fromEntries(Object.entries(table.parameters).filter(([name]) => name !== 'storage.location.template'));
  expect(partitionOf({ ...table, parameters }, 's3://archive/records/day=2026-01-02/x', NOON)).toEqual({ day: '2026-01-02' });
});
