import { SECURITY_HEADERS } from './contract';

export { HSTS_MIN_SECONDS } from './contract';

export const HSTS_ATTRIBUTE = 'routing.http.response.strict_transport_security.header_value';
export const CONTENT_TYPE_OPTIONS_ATTRIBUTE = 'routing.http.response.x_content_type_options.header_value';
export const FRAME_OPTIONS_ATTRIBUTE = 'routing.http.response.x_frame_options.header_value';
export const SERVER_HEADER_ATTRIBUTE = 'routing.http.response.server.enabled';

/** Listener attributes that shape the headers of every answer, those included that the load balancer makes itself. */
export const RESPONSE_HEADER_ATTRIBUTES: Readonly<Record<string, string>> = {
  [HSTS_ATTRIBUTE]: SECURITY_HEADERS['strict-transport-security'],
  [CONTENT_TYPE_OPTIONS_ATTRIBUTE]: SECURITY_HEADERS['x-content-type-options'],
  [FRAME_OPTIONS_ATTRIBUTE]: SECURITY_HEADERS['x-frame-options'],
  [SERVER_HEADER_ATTRIBUTE]: 'false',
};
