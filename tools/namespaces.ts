import { findNamespaces } from '../src/drill/network/wire';
import { ToolboxError } from '../src/drill/toolbox/toolbox-error';
import { aptInstall, canInstall } from './apt';

/** Has what builds networks installed where that can be done without asking anybody. Throws a sentence that says what to do elsewhere. */
export function prepareNamespaces(say: (line: string) => void): void {
  if (typeof findNamespaces() !== 'string') return;
  if (canInstall()) {
    say('Installing iproute2, nftables and util-linux for the tests of the drill\'s network (once, some seconds) …');
    aptInstall('iproute2', 'nftables', 'util-linux');
  }
  const reason = findNamespaces();
  if (typeof reason === 'string') throw new ToolboxError(`npm test builds networks: ${reason}`);
}
