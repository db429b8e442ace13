import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Authorizer } from '../authorizer/authorizer';
import { Callers } from '../ingress/callers';
import { DEFAULT_RATES, WAF_MIN_LIMIT } from '../ingress/rate';
import { Route } from '../ingress/route';
import { SecureIngress } from '../ingress/secure-ingress';
import type { WebAclOptions } from '../ingress/web-acl-props';
import type { BrokerIngressOptions, CredentialBrokerProps } from './broker-props';
import { ROUTE_NAMES, ROUTES } from './protocol/contract';

/** A worker has an address of its own, and may ask twice: more than one of them is none. */
const WORKERS_BEHIND_ONE_ADDRESS = 2;

/** Longer than the function takes. */
const IDLE = Duration.seconds(30);

/** What stands between workers and the function: it asks nobody who he is, since only the function can tell, and lets strangers no further than to five exact paths. */
export function brokerIngress(broker: Construct, { network, ingress, exposure, size, encryptionKey }: CredentialBrokerProps, requestsPerWorker: number): SecureIngress {
  return new SecureIngress(broker, 'Ingress', {
    ...optionsOf(ingress),
    network,
    exposure,
    size,
    encryptionKey,
    callers: ingress.callers ?? Callers.granted(),
    authorizer: Authorizer._forFunction(),
    routes: ROUTE_NAMES.map((name) => Route.post(ROUTES[name].path, { takesCredentials: name === 'register' })),
    webAcl: limits(ingress.webAcl, requestsPerWorker),
    streamIdleTimeout: IDLE,
  });
}

/** One by one: nothing else that an ingress can be told has a place here. */
function optionsOf({ domainName, certificate, accessLogBucket, aliasZone, deletionProtection }: BrokerIngressOptions): Omit<BrokerIngressOptions, 'callers' | 'webAcl'> {
  return { domainName, certificate, accessLogBucket, aliasZone, deletionProtection };
}

/** Beside what is said: the broker counts by worker, once it knows who that is. */
function limits(given: WebAclOptions = {}, requestsPerWorker: number): WebAclOptions {
  const { rateWindow = Duration.minutes(1) } = given;
  const minutes = rateWindow.isUnresolved() ? 1 : rateWindow.toMinutes({ integral: false });
  const ofOneAddress = Math.max(WAF_MIN_LIMIT, Math.ceil(WORKERS_BEHIND_ONE_ADDRESS * requestsPerWorker * minutes));
  const rateLimit = given.rateLimit ?? Math.max(DEFAULT_RATES.any * minutes, ofOneAddress);
  return { ...given, rateLimit, credentialRateLimit: given.credentialRateLimit ?? Math.min(ofOneAddress, rateLimit) };
}
