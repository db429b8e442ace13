import { BlockList, isIPv4 } from 'node:net';
import { contains, edgesOf } from '../../../src/drill/requests/addresses';

test.each([
  ['10.0.0.0/8', '10.255.255.255', true],
  ['10.0.0.0/8', '11.0.0.0', false],
  ['10.1.2.3/8', '10.200.0.1', true],
  ['0.0.0.0/1', '127.0.0.1', true],
  ['128.0.0.0/1', '127.0.0.1', false],
  ['203.0.113.9/32', '203.0.113.9', true],
  ['2001:db8::/32', '2001:db8:ffff::1', true],
  ['2001:db8::/32', '2001:db9::', false],
  ['::ffff:10.0.0.0/104', '::ffff:10.1.2.3', true],
  ['::/1', '127.0.0.1', false],
  ['${Vpc.CidrBlock}', '10.0.0.1', false],
  ['10.0.0.0/33', '10.0.0.1', false],
  ['10.0.0.0/8', 'nobody', false],
])('%s and %s: %s', (cidr, address, expected) => {
  expect(contains(cidr, address)).toBe(expected);
});

test('it agrees with Node about blocks of every length', () => {
  for (const [address, bits, family] of [['203.0.113.77', 32, 'ipv4'], ['2001:db8:1:2:3:4:5:6', 128, 'ipv6']] as const) {
    for (let length = 0; length <= bits; length++) {
      const list = new BlockList();
      list.addSubnet(address, length, family);
      for (const edge of [address, ...edgesOf([`${address}/${length}`])]) {
        expect([length, edge, contains(`${address}/${length}`, edge)]).toEqual([length, edge, list.check(edge, family)]);
      }
    }
  }
});

test('the edges of a block are its first address and the first one after it', () => {
  expect(edgesOf(['10.1.2.3/8', '2001:db8::/32', '${Vpc.CidrBlock}'])).toEqual(['10.0.0.0', '11.0.0.0', '2001:db8:0:0:0:0:0:0', '2001:db9:0:0:0:0:0:0']);
});

test('nothing comes after the last block', () => {
  expect(edgesOf(['128.0.0.0/1', '8000::/1'])).toEqual(['128.0.0.0', '8000:0:0:0:0:0:0:0']);
});

test('every edge is an address', () => {
  expect(edgesOf(['0.0.0.0/0', '10.0.0.0/12', '192.0.2.255/32']).every(isIPv4)).toBe(true);
});
