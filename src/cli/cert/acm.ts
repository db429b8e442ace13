import { ACMClient, type CertificateDetail, DescribeCertificateCommand, ResourceNotFoundException } from '@aws-sdk/client-acm';
import { quietly } from '../../drill/emulator/quietly';
import { explainAwsError, REQUEST_HANDLER } from '../aws-errors';
import { UsageError } from '../usage-error';

/** Asks ACM about a certificate; undefined where there is none. Throws a UsageError where ACM cannot be asked. */
export type Describe = (arn: string) => Promise<CertificateDetail | undefined>;

/** `arn:aws:acm:eu-central-1:111122223333:certificate/…`, in any partition. */
const ARN = /^arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate\/[A-Za-z0-9-]+$/;

export function isCertificateArn(text: string): boolean {
  return ARN.test(text);
}

const ASKED = { service: 'ACM', right: 'acm:DescribeCertificate, in the account that the certificate is in' };

/** One client a region, for an ARN says where its certificate is. The SDK finds credentials and AWS_ENDPOINT_URL as it always does. */
export function describeIn(clients = new Map<string, ACMClient>()): Describe {
  return async (arn) => {
    const region = ARN.exec(arn)?.[1] ?? '';
    const client = clients.get(region) ?? quietly(() => new ACMClient({ region, maxAttempts: 2, requestHandler: REQUEST_HANDLER }));
    clients.set(region, client);
    try {
      return (await client.send(new DescribeCertificateCommand({ CertificateArn: arn }))).Certificate;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw new UsageError(`${arn} cannot be looked up. ${explainAwsError(error, ASKED)}`);
    }
  };
}
