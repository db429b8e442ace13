import type { Resource } from '../template/resource';

export const REDIS_USER = 'AWS::ElastiCache::User';

/** Where a user's passwords are written (ElastiCache API, CreateUser). */
export const REDIS_PASSWORDS: readonly string[] = ['Passwords', 'AuthenticationMode.Passwords'];

/** What an access string says, word by word. */
export const wordsOf = (user: Resource): string[] => user.prop('AccessString').text()?.toLowerCase().split(/\s+/) ?? [];

/** The last of the two counts; a user is off until told otherwise. */
export const isOn = (words: readonly string[]): boolean => words.lastIndexOf('on') > words.lastIndexOf('off');
