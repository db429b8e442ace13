import { Token } from 'aws-cdk-lib';
import { CfnUserPoolClient, type IUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { IConstruct } from 'constructs';
import { resolvedProperties } from '../ingress/resolved-properties';
import { invalidProp } from '../invalid-prop';

/** Where a load balancer takes the codes of logins (AWS ELB guide, "Authenticate users"). */
export const LOGIN_CALLBACK = '/oauth2/idpresponse';

/**
 * Refuses a client of the app that calls back to other hosts only: every login would end in `redirect_mismatch`. What an imported one calls back to
 * is not known here.
 */
export function verifyCallback(scope: IConstruct, client: IUserPoolClient, domainName: string): void {
  const made = client.node.defaultChild;
  if (Token.isUnresolved(domainName) || !CfnUserPoolClient.isCfnUserPoolClient(made)) return;
  // A port stands in it where the listener has another one than 443; browsers write hosts in lower case.
  const host = domainName.toLowerCase();
  const isOurs = (url: string): boolean => url.replace(/^(https:\/\/[^/:]+):\d+\//, '$1/') === `https://${host}${LOGIN_CALLBACK}`;
  scope.node.addValidation({
    validate: () => {
      const { CallbackURLs: urls = [] } = resolvedProperties(made);
      const isKnown = Array.isArray(urls) && urls.every((url) => typeof url === 'string');
      if (!isKnown || urls.some(isOurs)) return [];
      const todo = `Logins come back to domainName: give AdminUsers the domainName ${host}, or the client ${made.node.path} the callback https://${host}${LOGIN_CALLBACK}.`;
      return [invalidProp(scope, 'admin', `a client that calls back to ${urls.join(', ') || 'nowhere'}, not to ${host}`, todo).message];
    },
  });
}
