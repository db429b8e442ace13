import { existsSync } from 'node:fs';
import { ToolboxError } from '../src/drill/toolbox/toolbox-error';
import { aptInstall, canInstall } from './apt';

const KNOWN_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** A browser for the tests of pages: the one named by CHROMIUM, or an installed one. */
export function findChromium(): string | undefined {
  return [process.env.CHROMIUM, ...KNOWN_PLACES].find((file) => file !== undefined && existsSync(file));
}

/** Has Debian's Chromium installed where that can be done without asking anybody. Throws a sentence that says what to do elsewhere. */
export function prepareChromium(say: (line: string) => void): void {
  if (findChromium() !== undefined) return;
  if (!canInstall()) throw new ToolboxError('npm test needs Chromium for the report page: install it, or name the program with the variable CHROMIUM.');
  say('Installing Chromium for the tests of the report page (once, about a minute) …');
  aptInstall('chromium');
}
