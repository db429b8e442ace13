import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { LlmProvider, ProviderKey } from '../../src';
import { ENV } from '../support/network-stack';
import { remoteCore } from '../support/remote-core';

/** A Core that holds a key which somebody has to fill, made in a stack of its own or beside it. */
function coreWith(keys: string): Stack {
  const app = new App();
  const stack = new Stack(app, 'Test', { env: ENV });
  const key = new ProviderKey(keys === 'Test' ? stack : new Stack(app, keys, { env: ENV }), 'OpenAi', { provider: LlmProvider.OPENAI, environment: 'production' });
  remoteCore(stack, { container: { secrets: { [key.variable]: key.container() } } });
  return stack;
}

const EMPTY = Match.stringLikeRegexp('OpenAi/Secret is empty until somebody fills it');

test('Who makes a provider\'s key beside the Core that holds it is told what the first deployment will come to, and what to do', () => {
  Annotations.fromStack(coreWith('Test')).hasWarning('/Test/Core/Service',
    Match.stringLikeRegexp('^Test/OpenAi/Secret is empty .* a first deployment is rolled back. Make it in a stack of its own, and fill it before this one is deployed.'));
});

test('Who makes it in another stack is told nothing', () => {
  Annotations.fromStack(coreWith('Keys')).hasNoWarning('*', EMPTY);
});
