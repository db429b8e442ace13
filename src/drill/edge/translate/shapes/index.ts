import * as types from '../types';
import type { Shape } from '../treatment';
import { LISTENER, LISTENER_CERTIFICATE } from './listener';
import { LISTENER_RULE } from './listener-rule';
import { LOAD_BALANCER } from './load-balancer';
import { TARGET_GROUP } from './target-group';
import { TRUST_STORE, TRUST_STORE_REVOCATION } from './trust-store';
import { IP_SET, REGEX_PATTERN_SET, WEB_ACL, WEB_ACL_ASSOCIATION } from './web-acl';

/** Every property of the types that are translated. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  [types.LOAD_BALANCER]: LOAD_BALANCER,
  [types.LISTENER]: LISTENER,
  [types.LISTENER_RULE]: LISTENER_RULE,
  [types.LISTENER_CERTIFICATE]: LISTENER_CERTIFICATE,
  [types.TARGET_GROUP]: TARGET_GROUP,
  [types.TRUST_STORE]: TRUST_STORE,
  [types.TRUST_STORE_REVOCATION]: TRUST_STORE_REVOCATION,
  [types.WEB_ACL]: WEB_ACL,
  [types.WEB_ACL_ASSOCIATION]: WEB_ACL_ASSOCIATION,
  [types.IP_SET]: IP_SET,
  [types.REGEX_PATTERN_SET]: REGEX_PATTERN_SET,
};
