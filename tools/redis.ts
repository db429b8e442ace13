import { findRedis, REDIS_WANTED } from '../src/drill/services/redis';
import { aptInstall, canInstall } from './apt';

/**
 * Has a Redis with TLS installed where that can be done without asking anybody; elsewhere the toolbox's takes its place.
 * The package has the program and no system service, so nothing starts to listen.
 */
export function prepareRedis(say: (line: string) => void): void {
  if (findRedis() !== undefined) return;
  if (canInstall()) {
    say('Installing redis-tools for the tests of the limiter (once, some seconds; no service is started) …');
    aptInstall('redis-tools');
  }
  if (findRedis() === undefined) say(`No Redis is installed: the tests of the limiter run with the toolbox's Valkey alone. To run them with both, install ${REDIS_WANTED}.`);
}
