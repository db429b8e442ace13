import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { isWatched, SecretAccess } from '../secrets/secret-access';
import type { SecureCore } from '../secure-core';
import { SIZING } from '../size';
import type { ProfileContext } from './parts';

/**
 * Tells whoever reads a secret that a profile made and nobody watches yet (SEC-8), such as the password of a Redis user who is off: a SecureCore watches what its
 * tasks hold and what stands below it, and a broker what it reads.
 *
 * The role that fills the tasks is no surprise, as for all other secrets of the Core; it may read none of these.
 */
export function watchUnheld(parent: Construct, secureCore: SecureCore, { trail, alarmTopic, encryptionKey, size }: Pick<ProfileContext, 'trail' | 'alarmTopic' | 'encryptionKey' | 'size'>): void {
  const { core } = secureCore;
  const unheld = parent.node.children.filter((child) => child !== secureCore).flatMap((child) => child.node.findAll())
    .filter((one): one is Secret => one instanceof Secret && !isWatched(one));
  if (unheld.length === 0) return;
  new SecretAccess(parent, 'UnheldSecrets', { secrets: unheld, readers: [core.executionRole], trail, alarmTopic, encryptionKey, removalPolicy: SIZING[size].removalPolicy });
}
