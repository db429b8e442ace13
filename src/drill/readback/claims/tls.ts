import { type Claims, CLASSIC, ENVIRONMENTS, LISTENER, LISTENER_RULE, LOAD_BALANCER, SERVICE, TARGET_GROUP } from './claim';

/** Encryption on the way in and between hops. */
export const TLS_CLAIMS: Claims = {
  'TLS-1': [
    { type: LISTENER, properties: ['Protocol', 'Port', 'DefaultActions', 'Certificates'] },
    { type: LISTENER_RULE, properties: ['ListenerArn', 'Actions'] },
    { type: LOAD_BALANCER, properties: ['Listeners', 'Type'] },
    { type: TARGET_GROUP, properties: ['TargetType', 'Protocol', 'Port'] },
    CLASSIC,
  ],
  'TLS-2': [{ type: LISTENER, properties: ['Protocol', 'SslPolicy'] }, CLASSIC],
  'TLS-3': [
    { type: LISTENER, properties: ['Certificates'] },
    CLASSIC,
    { type: 'AWS::ElasticLoadBalancingV2::ListenerCertificate', properties: ['ListenerArn', 'Certificates'] },
    { type: 'AWS::CertificateManager::Certificate', properties: ['ValidationMethod', 'CertificateExport', 'CertificateAuthorityArn'] },
  ],
  'TLS-4': [
    { type: LISTENER, properties: ['Protocol', 'DefaultActions', 'Rules'] },
    { type: LISTENER_RULE, properties: ['ListenerArn', 'Actions'] },
  ],
  'TLS-5': [
    { type: TARGET_GROUP, properties: ['Protocol', 'TargetType'] },
    { type: 'AWS::SNS::Topic', properties: [] },
    { type: 'AWS::SNS::TopicPolicy', properties: ['Topics', 'PolicyDocument'] },
    ...ENVIRONMENTS,
  ],
  'TLS-6': [{ type: SERVICE, properties: ['ServiceConnectConfiguration'] }],
  'TLS-7': [{ type: LOAD_BALANCER, properties: ['LoadBalancerAttributes'] }],
};
