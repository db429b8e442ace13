const WIDTHS = { 4: 32, 6: 128 } as const;

/** The block that a CIDR block lies in once the bits behind its prefix are gone: `10.20.0.0/16` for `10.20.0.1/16`. The text must be a block. */
export function networkOf(block: string): string {
  const [address = '', prefix = ''] = block.split('/');
  const family = address.includes(':') ? 6 : 4;
  const behind = BigInt(WIDTHS[family] - Number(prefix));
  const bits = (bitsOf(address, family) >> behind) << behind;
  return `${family === 4 ? dotted(bits) : canonical(bits)}/${prefix}`;
}

/** Whether bits are set behind the prefix. EC2 would put another block into the rule than the one that was written, or refuse it. */
export function hasHostBits(block: string): boolean {
  const address = (text: string): bigint => bitsOf(text.split('/')[0] ?? '', text.includes(':') ? 6 : 4);
  return address(block) !== address(networkOf(block));
}

function bitsOf(address: string, family: keyof typeof WIDTHS): bigint {
  if (family === 4) return address.split('.').reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
  return groupsOf(address).reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

/** The eight groups of an IPv6 address; a URL writes those that end like an IPv4 address out. */
function groupsOf(address: string): string[] {
  const [head = [], tail = []] = hostOf(address).split('::').map((half) => (half === '' ? [] : half.split(':')));
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail];
}

function dotted(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn).join('.');
}

function canonical(bits: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((bits >> BigInt(16 * (7 - index))) & 0xffffn).toString(16));
  return hostOf(groups.join(':'));
}

/** As the URL standard writes an IPv6 address. */
function hostOf(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
