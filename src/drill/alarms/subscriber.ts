import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ConfirmSubscriptionCommand, CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { isJsonMap } from '../../checks/template/template';
import type { Emulator } from '../emulator/emulator';
import { quietly } from '../emulator/quietly';
import { listenOnLoopback } from '../services/loopback';

/** A topic of the emulator's, with somebody who hears what is published to it. */
export interface HeardTopic {
  readonly arn: string;
  readonly cloudWatch: CloudWatchClient;
  /** What was delivered so far, as text. */
  readonly heard: readonly string[];
  stop(): Promise<void>;
}

/** Stands in for the mailbox or pager of a template: an HTTP server that confirms its subscription, as Amazon SNS asks it to. */
export async function heardTopic({ endpoint, region }: Emulator, name: string): Promise<HeardTopic> {
  const options = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 2 };
  const [sns, cloudWatch] = quietly(() => [new SNSClient(options), new CloudWatchClient(options)] as const);
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: name }));
  const heard: string[] = [];
  const confirmation = deferred();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      response.end();
      const message = JSON.parse(body) as unknown;
      if (!isJsonMap(message)) return;
      if (message.Type !== 'SubscriptionConfirmation') heard.push(String(message.Message));
      else sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: String(message.Token) })).then(confirmation.resolve, confirmation.reject);
    }).catch(confirmation.reject);
  });
  const listening = await listenOnLoopback(server);
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: `http://127.0.0.1:${listening.port}/` }));
  await confirmation.promise;
  return {
    arn: TopicArn,
    cloudWatch,
    heard,
    stop: async () => {
      sns.destroy();
      cloudWatch.destroy();
      await listening.stop();
    },
  };
}

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

function deferred(): Deferred {
  const parts: Pick<Deferred, 'resolve' | 'reject'>[] = [];
  const promise = new Promise<void>((resolve, reject) => parts.push({ resolve, reject }));
  const [made] = parts;
  if (made === undefined) throw new Error('A promise runs what it is made with at once.');
  return { promise, ...made };
}
