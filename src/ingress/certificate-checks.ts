import { CfnResource, Token } from 'aws-cdk-lib';
import { CfnCertificate, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Construct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { checkSameRegion } from '../same-region';
import { resolvedProperties, texts } from './resolved-properties';

/** Refuses a certificate of another region, and one of the app that does not cover the host name or is renewed by hand (TLS-3). */
export function checkCertificate(scope: Construct, certificate: ICertificate, domainName: string): void {
  checkSameRegion(scope, 'certificate', regionOf(scope, certificate));
  const resource = certificate.node.defaultChild;
  if (!CfnResource.isCfnResource(resource) || resource.cfnResourceType !== CfnCertificate.CFN_RESOURCE_TYPE_NAME) return;
  const { DomainName, SubjectAlternativeNames, ValidationMethod, CertificateAuthorityArn } = resolvedProperties(resource);
  const stated = [DomainName, ...(Array.isArray(SubjectAlternativeNames) ? SubjectAlternativeNames as unknown[] : [SubjectAlternativeNames ?? []].flat())];
  const names = texts(...stated);
  const isKnown = names.length === stated.length && !Token.isUnresolved(domainName);
  if (isKnown && !names.some((name) => covers(name, domainName))) {
    throw invalidProp(scope, 'certificate', `for ${names.join(', ')}`, `Name a certificate for ${domainName}, or for ${domainName.replace(/^[^.]+/, '*')}: a wildcard stands for one label.`);
  }
  // A private authority validates nobody; otherwise ACM asks by e-mail unless told to look into DNS (ACM guide, "Validate domain ownership").
  if (CertificateAuthorityArn === undefined && ValidationMethod !== 'DNS') {
    throw invalidProp(scope, 'certificate', 'validated by e-mail', 'Validate it by DNS, acm.CertificateValidation.fromDns(zone): otherwise somebody must answer a message before every renewal.');
  }
}

/** A wildcard stands for exactly one label (RFC 6125, 6.4.3). */
function covers(name: string, domainName: string): boolean {
  const [pattern, host] = [name.toLowerCase(), domainName.toLowerCase()];
  if (!pattern.startsWith('*.')) return pattern === host;
  return host.includes('.') && host.slice(host.indexOf('.')) === pattern.slice(1);
}

/** An imported certificate knows its region only by its ARN. */
function regionOf(scope: Construct, { certificateArn }: ICertificate): string {
  if (Token.isUnresolved(certificateArn)) return certificateArn;
  const region = /^arn:[a-z-]+:acm:([a-z0-9-]+):\d{12}:certificate\/.+$/.exec(certificateArn)?.[1];
  if (region === undefined) throw invalidProp(scope, 'certificate', certificateArn, 'Name a certificate of AWS Certificate Manager, arn:aws:acm:<region>:<account>:certificate/<id>.');
  return region;
}
