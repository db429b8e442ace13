/** A certificate that nobody has, for listeners that must name one. */
export const CERTIFICATE_ARN = 'arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-0000-0000-000000000000';
