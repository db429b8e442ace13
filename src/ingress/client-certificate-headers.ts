/** In which a load balancer tells its targets whose certificate a caller has (AWS ELB guide, "Mutual TLS"). */
export const CLIENT_CERTIFICATE_HEADERS: readonly string[] = [
  'X-Amzn-Mtls-Clientcert',
  'X-Amzn-Mtls-Clientcert-Serial-Number',
  'X-Amzn-Mtls-Clientcert-Issuer',
  'X-Amzn-Mtls-Clientcert-Subject',
  'X-Amzn-Mtls-Clientcert-Validity',
  'X-Amzn-Mtls-Clientcert-Leaf',
];

/** The one that names the certificate's subject, as a request carries it. */
export const CLIENT_CERTIFICATE_SUBJECT_HEADER = 'x-amzn-mtls-clientcert-subject';
