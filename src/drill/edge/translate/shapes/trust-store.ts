import { byValue, each, irrelevant, list, mapped, NAMES, notEmulated, type Shape } from '../treatment';

const OWN_AUTHORITY = notEmulated('the drill has an authority of its own in place of the bundle, whose private keys are not at hand');
const OWN_LIST = notEmulated('the drill revokes a certificate of its own: what the list holds is in a bucket');

/** AWS: "AWS::ElasticLoadBalancingV2::TrustStore" of the CloudFormation template reference. */
export const TRUST_STORE: Shape = {
  CaCertificatesBundleS3Key: OWN_AUTHORITY,
  ...each(['CaCertificatesBundleS3Bucket', 'CaCertificatesBundleS3ObjectVersion'], irrelevant('where the bundle is: its key is reported')),
  Name: NAMES,
  Tags: NAMES,
};

/** AWS: "AWS::ElasticLoadBalancingV2::TrustStoreRevocation" of the CloudFormation template reference. */
export const TRUST_STORE_REVOCATION: Shape = {
  TrustStoreArn: mapped,
  RevocationContents: list(() => ({
    RevocationType: byValue({ CRL: mapped }),
    S3Key: OWN_LIST,
    ...each(['S3Bucket', 'S3ObjectVersion'], irrelevant('where the list is: its key is reported')),
  })),
};
