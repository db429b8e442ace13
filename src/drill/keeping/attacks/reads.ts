import type { Rule } from '@aws-sdk/client-eventbridge';
import { regionAndAccountOf } from '../../../arn';
import { defineKeepingAttack, resourcesIn } from '../attack';
import { secretArn } from '../reading';
import { READS_NOT_DELIVERED, READS_UNWATCHED } from '../saboteurs';
import { matchesAny, readEvent, watching } from '../secret-reads';
import { SECRET } from '../types';
import { nameIn } from './rights';

const STRANGER = 'drill-stranger';

export const READ_ATTACKS = [
  defineKeepingAttack('SEC-8', 'stranger', {
    tries: 'A role that has nothing to do with the secret reads it, by its ARN, by its ARN without the random end and by its name, and is refused or not',
    expects: 'A rule with a target is given every one of these events.',
    evidence: 'template-intent',
    needs: 'secret',
    targets: (model) => resourcesIn(model, [SECRET]),
    run: async (target, scene) => {
      const arn = secretArn(scene, scene.now(target));
      const { region, account } = regionAndAccountOf(arn);
      // Those that name it are asked first, or every rule of every stack would be asked six times over for each secret.
      const isAboutIt = ({ EventPattern = '' }: Rule): boolean => EventPattern.includes(nameIn(arn));
      const all = await watching(scene);
      const rules = [...all.filter(isAboutIt), ...all.filter((rule) => !isAboutIt(rule))];
      scene.note(`${rules.length} rules with a target are given reads.`);
      const short = arn.replace(/-[A-Za-z0-9]{6}$/, '');
      for (const secretId of [arn, short, nameIn(arn)]) {
        for (const isDenied of [false, true]) {
          const event = JSON.stringify(readEvent({ account, region, secretId, role: STRANGER, isDenied }));
          if (!await matchesAny(scene, rules, event)) {
            return { verdict: 'succeeded', saw: `Nobody hears of ${isDenied ? 'a refused read' : 'a read'} ${secretId === arn ? 'by ARN' : secretId === short ? 'by a part of the ARN' : 'by name'}.` };
          }
        }
      }
      return { verdict: 'withstood', saw: 'A rule with a target is given all six.' };
    },
    saboteurs: [READS_UNWATCHED, READS_NOT_DELIVERED],
  }),
] as const;
