import { Token } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnTopic, type ITopicSubscription, SubscriptionProtocol, type Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, LambdaSubscription, SqsSubscription, UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { invalidProp } from '../invalid-prop';
import { checkedReason } from '../secrets/reason';
import { ELSEWHERE_METADATA } from './alarm-contract';

type Subscribe = (topic: Topic, prop: string) => void;

const subscribed = (check: Subscribe, subscription: () => ITopicSubscription): Subscribe => (topic, prop) => {
  check(topic, prop);
  topic.addSubscription(subscription());
};

/** Who hears an alarm (MON-6). */
export class Recipient {
  /**
   * A mailbox. Somebody has to confirm it within two days, or it hears nothing (Amazon SNS guide, "Email notifications").
   *
   * @param address such as `oncall@acme.com`
   */
  public static email(address: string): Recipient {
    return new Recipient(subscribed((topic, prop) => {
      if (!Token.isUnresolved(address) && !/^[^\s@]+@[^\s@]+$/.test(address)) throw invalidProp(topic, prop, address, 'Name one mailbox, such as oncall@acme.com.');
    }, () => new EmailSubscription(address)));
  }

  /**
   * What pages people, by its URL. It has to confirm the subscription (Amazon SNS guide, "HTTP/S notifications").
   *
   * @param url which begins with `https://`: an alarm tells an eavesdropper where it hurts
   */
  public static https(url: string): Recipient {
    return new Recipient(subscribed((topic, prop) => {
      if (!Token.isUnresolved(url) && !/^https:\/\/[^\s/]+/.test(url)) throw invalidProp(topic, prop, withoutSecrets(url), 'Name a URL that begins with https://.');
    }, () => new UrlSubscription(url, { protocol: SubscriptionProtocol.HTTPS })));
  }

  /** A queue that somebody works off. */
  public static queue(queue: IQueue): Recipient {
    return new Recipient(subscribed(() => undefined, () => new SqsSubscription(queue)));
  }

  /** A function, such as one that opens a ticket. */
  public static lambda(handler: IFunction): Recipient {
    return new Recipient(subscribed(() => undefined, () => new LambdaSubscription(handler)));
  }

  /**
   * Whoever is subscribed to the topic outside of this app, such as a chat bot.
   *
   * @param reason where they are subscribed, in a sentence: a reviewer reads it in the template
   */
  public static elsewhere(reason: string): Recipient {
    return new Recipient((topic, prop) => {
      const resource = topic.node.defaultChild;
      if (resource instanceof CfnTopic) resource.addMetadata(ELSEWHERE_METADATA, checkedReason(topic, prop, reason));
    });
  }

  private constructor(private readonly subscribe: Subscribe) {}

  /**
   * Has the topic tell it.
   *
   * @internal
   * @param prop by which a message names it
   */
  public _bind(topic: Topic, prop: string): void {
    this.subscribe(topic, prop);
  }
}

/** Services put what opens them into the path of such a URL. */
function withoutSecrets(url: string): string {
  return `${/^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0] ?? ''}…`;
}
