import * as fs from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** The machine's own Chromium: none is downloaded. Without the flags it would look for Google's hosts at every start. */
export async function launchChromium(): Promise<Browser> {
  if (!fs.existsSync(EXECUTABLE)) throw new Error(`There is no Chromium at ${EXECUTABLE}: install it (on Debian, \`apt-get install chromium\`) or name another one in the variable CHROMIUM.`);
  return chromium.launch({
    executablePath: EXECUTABLE,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}
