/** An IPv4 block, as numbers. */
interface Block {
  readonly first: number;
  readonly size: number;
}

export function isIpv4Block(cidr: string): boolean {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  return match !== null && match.slice(1, 5).every((part) => Number(part) <= 255) && Number(match[5]) <= 32;
}

/** The address at a position of a block. */
export function addressIn(cidr: string, position: number): string {
  return written(blockOf(cidr).first + position);
}

export function sizeOf(cidr: string): number {
  return blockOf(cidr).size;
}

export function contains(cidr: string, inner: string): boolean {
  const [outer, within] = [blockOf(cidr), blockOf(inner.includes('/') ? inner : `${inner}/32`)];
  return within.first >= outer.first && within.first + within.size <= outer.first + outer.size;
}

/** RFC 1918. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

export function isPrivate(cidr: string): boolean {
  return PRIVATE.some((block) => contains(block, cidr));
}

function blockOf(cidr: string): Block {
  const [address = '', prefix = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(prefix));
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return { first: number - (number % size), size };
}

function written(number: number): string {
  return [2 ** 24, 2 ** 16, 2 ** 8, 1].map((weight) => Math.floor(number / weight) % 256).join('.');
}
