import { randomInt } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Of the 16 to 128 characters that ElastiCache takes (API CreateUser), and as long as what a deployment makes: 381 bits. */
const LENGTH = 64;

/** Letters and digits, each as likely as any other: `randomInt` throws away what a remainder would favour. */
export function newRedisPassword(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}
