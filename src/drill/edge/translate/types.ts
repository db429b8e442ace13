/** What the edge is read from. */
export { LISTENER, LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP } from '../../../checks/rules/load-balancing';
export const LISTENER_CERTIFICATE = 'AWS::ElasticLoadBalancingV2::ListenerCertificate';
export const TRUST_STORE = 'AWS::ElasticLoadBalancingV2::TrustStore';
export const TRUST_STORE_REVOCATION = 'AWS::ElasticLoadBalancingV2::TrustStoreRevocation';
export const WEB_ACL = 'AWS::WAFv2::WebACL';
export const WEB_ACL_ASSOCIATION = 'AWS::WAFv2::WebACLAssociation';
export const IP_SET = 'AWS::WAFv2::IPSet';
export const REGEX_PATTERN_SET = 'AWS::WAFv2::RegexPatternSet';
/** Makes two IP sets whose addresses are changed while the stack stands, and no part of any template. */
export { LOCKDOWN_TYPE as LOCKDOWN } from '../../../lockdown/contract';
