import { isatty } from 'node:tty';
import pc from 'picocolors';
import type { Paint } from '../report/paint';

/** Colours for a terminal that wants them, and for nothing else: the library would also colour the logs of a build server. */
export function colorsOf(stream: { readonly fd: number }): Paint {
  return pc.createColors(isatty(stream.fd) && pc.isColorSupported);
}

export const NO_COLORS: Paint = pc.createColors(false);
