import type { EntityManager } from '@mikro-orm/core';
import { newId } from '../ids.ts';
import type { Operation } from './operation.ts';
import { StripeFailed, sendToStripe } from './send-to-stripe.ts';

/** An operation of nobody's, for scripts and for what asks without a credential: its steps run, and nothing of it is kept. */
export function unrecorded({ em }: { em: EntityManager }): Operation {
  const note = () => {};
  return {
    keyed: false,
    resumed: false,
    waitForLane() {},
    write: (work) => em.transactional((em) => work(em, note)),
    async askStripe({ prepare, send, record, undo, recordPart }) {
      const prepared = await em.transactional((em) => prepare(em, note));
      const asking = { idempotencyKey: newId('mut'), askedBefore: false };
      const made = await sendToStripe((...how) => send(prepared, ...how), asking).catch(async (failure) => {
        if (!(failure instanceof StripeFailed)) throw failure;
        if (failure.did === 'nothing') await em.transactional(async (em) => undo?.(em, prepared));
        if (failure.did === 'part') await em.transactional(async (em) => recordPart?.(em, prepared, note));
        throw failure.failure;
      });
      return em.transactional((em) => record(em, prepared, made, note));
    },
  };
}
