import type { Readers } from '../reader';
import { CONTAINER_READERS } from './containers';
import { IDENTITY_READERS } from './identity';
import { LOAD_BALANCING_READERS } from './load-balancing';
import { NETWORK_READERS } from './network';
import { SECURITY_GROUP_READERS } from './security-groups';
import { WAF_READERS } from './waf';

/** How each type is read back. */
export const READERS: Readers = {
  ...NETWORK_READERS,
  ...SECURITY_GROUP_READERS,
  ...LOAD_BALANCING_READERS,
  ...WAF_READERS,
  ...CONTAINER_READERS,
  ...IDENTITY_READERS,
};
