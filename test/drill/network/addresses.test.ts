import { addressIn, contains, isIpv4Block, isPrivate, sizeOf } from '../../../src/drill/network/addresses';

test.each([['10.0.0.0/16', true], ['0.0.0.0/0', true], ['10.0.0.0', false], ['10.0.0.256/32', false], ['10.0.0.0/33', false], ['::/0', false]])('%s is an IPv4 block: %s', (cidr, is) => {
  expect(isIpv4Block(cidr)).toBe(is);
});

test('an address is counted from the first of its block, wherever the block is written to begin', () => {
  expect(addressIn('10.0.3.0/24', 4)).toBe('10.0.3.4');
  expect(addressIn('10.0.3.77/24', 256)).toBe('10.0.4.0');
  expect(addressIn('203.0.113.0/24', 255)).toBe('203.0.113.255');
});

test('a block contains what lies in it, and nothing beside it', () => {
  expect(contains('10.0.0.0/16', '10.0.255.255')).toBe(true);
  expect(contains('10.0.0.0/16', '10.1.0.0')).toBe(false);
  expect(contains('10.0.0.0/16', '10.0.0.0/8')).toBe(false);
  expect(sizeOf('0.0.0.0/0')).toBe(2 ** 32);
});

test('private is what RFC 1918 says', () => {
  expect(['10.1.2.3', '172.31.0.0/16', '192.168.0.0/16'].map(isPrivate)).toEqual([true, true, true]);
  expect(['172.32.0.0/16', '198.51.100.7', '0.0.0.0/0'].map(isPrivate)).toEqual([false, false, false]);
});
