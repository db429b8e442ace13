import { PRIVATE } from '../private-places';
import type { Difference } from './differences';
import type { Told } from './told';

const MAX_SHOWN = 160;

/** A difference in words. */
export function shown({ path, told, held }: Difference): string {
  if (PRIVATE.test(path)) return `${path} differs (its values are not shown)`;
  return `${path} is ${text(held)} in the emulator and ${text(told)} in the template`;
}

function text(value: Told | undefined): string {
  if (value === undefined || value === null) return 'absent';
  const full = typeof value === 'string' ? value : JSON.stringify(value, (key, inner: unknown) => (PRIVATE.test(key) ? '…' : inner));
  return full.length > MAX_SHOWN ? `${full.slice(0, MAX_SHOWN)}…` : full;
}
