import { findRedis, REDIS_WANTED } from '../src/drill/services/redis';
import { ToolboxError } from '../src/drill/toolbox/toolbox-error';
import { aptInstall, canInstall } from './apt';

/** Has a Redis installed where that can be done without asking anybody. The package has the program and no system service, so nothing starts to listen. */
export function prepareRedis(say: (line: string) => void): void {
  if (findRedis() !== undefined) return;
  if (canInstall()) {
    say('Installing redis-tools for the tests of the limiter (once, some seconds; no service is started) …');
    aptInstall('redis-tools');
  }
  if (findRedis() === undefined) throw new ToolboxError(`npm test counts requests in a real Redis: install ${REDIS_WANTED}.`);
}
