// expect: 'neverExpires' does not exist in type 'TokenJoinOptions'
// control: WCC-7
import { WorkerJoin } from '../../../src';

/** A token that lets whoever finds it join, at any time. */
export const unsafe = (): WorkerJoin => WorkerJoin.token({ neverExpires: true });
