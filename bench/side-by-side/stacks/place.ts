/** Where every stack of the comparison goes, and what it is handed: the same for all. */
export const ENVIRONMENT = { account: '111122223333', region: 'eu-central-1' };

export const CERTIFICATE_ARN = 'arn:aws:acm:eu-central-1:111122223333:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6';

export const DOMAIN = 'core.acme.internal';
