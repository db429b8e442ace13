import { attributes, byValue, each, irrelevant, list, map, mapped, NAMES, notEmulated, refused, type Shape } from '../treatment';
import { ACTION } from './actions';

/** Response headers that a listener can add, by the middle of the attribute's name. AWS: "HTTP header modification for your Application Load Balancer". */
export const RESPONSE_HEADERS = [
  'strict_transport_security', 'content_security_policy', 'x_content_type_options', 'x_frame_options',
  'access_control_allow_origin', 'access_control_allow_methods', 'access_control_allow_headers', 'access_control_allow_credentials',
  'access_control_expose_headers', 'access_control_max_age',
] as const;

/** Request headers that a listener can rename, likewise. */
export const REQUEST_HEADERS = [
  'x_amzn_mtls_clientcert_serial_number', 'x_amzn_mtls_clientcert_issuer', 'x_amzn_mtls_clientcert_subject', 'x_amzn_mtls_clientcert_validity',
  'x_amzn_mtls_clientcert_leaf', 'x_amzn_mtls_clientcert', 'x_amzn_tls_version', 'x_amzn_tls_cipher_suite',
] as const;

export const responseHeaderKey = (header: string): string => `routing.http.response.${header}.header_value`;
export const requestHeaderKey = (header: string): string => `routing.http.request.${header}.header_name`;

const OWN_CERTIFICATE = notEmulated('the drill shows a certificate of its own authority, since the private key of this one is not at hand');

/** AWS: "ListenerAttribute" of the Elastic Load Balancing API reference. */
export const LISTENER_ATTRIBUTES: Shape = {
  'routing.http.response.server.enabled': mapped,
  ...each(RESPONSE_HEADERS.map(responseHeaderKey), mapped),
  ...each(REQUEST_HEADERS.map(requestHeaderKey), mapped),
  ...each(['tcp.idle_timeout.seconds', 'send_tcp_reset.on_idle_timeout.enabled'], refused('an application load balancer does not take it')),
};

/** AWS: "AWS::ElasticLoadBalancingV2::Listener" of the CloudFormation template reference. */
export const LISTENER: Shape = {
  LoadBalancerArn: mapped,
  Protocol: mapped,
  Port: mapped,
  SslPolicy: mapped,
  DefaultActions: list(() => ACTION),
  ListenerAttributes: attributes(LISTENER_ATTRIBUTES),
  MutualAuthentication: map(() => ({
    Mode: mapped,
    TrustStoreArn: mapped,
    IgnoreClientCertificateExpiry: mapped,
    AdvertiseTrustStoreCaNames: byValue({
      on: notEmulated('the drill names its own authority to callers, not those of the trust store'),
      off: irrelevant('it is off'),
    }),
  })),
  Certificates: OWN_CERTIFICATE,
  AlpnPolicy: refused('only TLS listeners of network load balancers take it'),
  Tags: NAMES,
};

/** AWS: "AWS::ElasticLoadBalancingV2::ListenerCertificate" of the CloudFormation template reference. */
export const LISTENER_CERTIFICATE: Shape = {
  ListenerArn: mapped,
  Certificates: OWN_CERTIFICATE,
};
