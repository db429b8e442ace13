import { isIP } from 'node:net';

/** A block of addresses, both ends included. */
interface Block {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly last: bigint;
}

/** Whether a CIDR block holds an address; one that cannot be read, such as `${Vpc.CidrBlock}`, holds none. */
export function contains(cidr: string, address: string): boolean {
  const block = blockOf(cidr);
  const value = numberOf(address);
  return block !== undefined && value !== undefined && bitsOf(address) === block.bits && value >= block.first && value <= block.last;
}

/**
 * The first address of every block, and the first one after it. Wherever some addresses lie in the right blocks and out of the others,
 * the lowest of them is one of these, or the lowest of all.
 */
export function edgesOf(cidrs: readonly string[]): string[] {
  return cidrs.flatMap((cidr) => {
    const block = blockOf(cidr);
    if (block === undefined) return [];
    const beyond = block.last + 1n;
    return [block.first, ...(beyond < 1n << BigInt(block.bits) ? [beyond] : [])].map((value) => textOf(value, block.bits));
  });
}

function blockOf(cidr: string): Block | undefined {
  const [, address = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(cidr.trim()) ?? [];
  const bits = bitsOf(address);
  const value = numberOf(address);
  if (bits === undefined || value === undefined || Number(length) > bits) return undefined;
  const size = 1n << BigInt(bits - Number(length));
  const first = value - value % size;
  return { bits, first, last: first + size - 1n };
}

function bitsOf(address: string): 32 | 128 | undefined {
  return ({ 0: undefined, 4: 32, 6: 128 } as const)[isIP(address) as 0 | 4 | 6];
}

function numberOf(address: string): bigint | undefined {
  switch (isIP(address)) {
    case 4: return address.split('.').reduce((value, byte) => (value << 8n) + BigInt(byte), 0n);
    case 6: return groupsOf(address).reduce((value, group) => (value << 16n) + BigInt(`0x${group}`), 0n);
    default: return undefined;
  }
}

/** The eight groups of an IPv6 address, whose longest run of zeros may be left out and whose end may be written as IPv4. */
function groupsOf(address: string): readonly string[] {
  const [head = [], tail] = withoutIpv4(address).split('::').map((half) => half === '' ? [] : half.split(':'));
  return tail === undefined ? head : [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
}

function withoutIpv4(address: string): string {
  return address.replace(/\d+\.\d+\.\d+\.\d+$/, (ipv4) => {
    const value = numberOf(ipv4) ?? 0n;
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  });
}

function textOf(value: bigint, bits: 32 | 128): string {
  const [size, separator, radix] = bits === 32 ? [8, '.', 10] as const : [16, ':', 16] as const;
  const parts = Array.from({ length: bits / size }, (_, index) => value >> BigInt(bits - size * (index + 1)) & (1n << BigInt(size)) - 1n);
  return parts.map((part) => part.toString(radix)).join(separator);
}
