import { setTimeout as sleep } from 'node:timers/promises';
import { certainlyNotDone, isWorthAnotherTry } from '../stripe/translate-stripe-failure.ts';
import type { Progress, StripeOptions } from './operation.ts';

const pause = 500;

/** What Stripe did, in this try and in every earlier one: certainly nothing, certainly no more than a part, or nobody knows. */
export type Outcome = 'nothing' | 'part' | 'unknown';

/** Stripe's failure, and what was done. */
export class StripeFailed extends Error {
  override name = 'StripeFailed';
  readonly failure: unknown;
  readonly did: Outcome;
  constructor(failure: unknown, did: Outcome) {
    super('Stripe failed.');
    this.failure = failure;
    this.did = did;
  }
}

/**
 * Asks Stripe, and once more where nobody knows what became of it. The SDK's own retries would hide the first failure: that the
 * second try never reached Stripe says nothing of the first one.
 * @param askedBefore whether Stripe was asked under this key by an earlier execution, whose end nobody knows.
 * @throws StripeFailed.
 */
export async function sendToStripe<Made>(
  send: (options: StripeOptions, progress: Progress) => Promise<Made>,
  { idempotencyKey, askedBefore }: { idempotencyKey: string; askedBefore: boolean },
): Promise<Made> {
  const options = { idempotencyKey, maxNetworkRetries: 0 };
  const progress: Progress = { part: false };
  const outcomeOf = (failure: unknown, asked: boolean): Outcome =>
    !certainlyNotDone(failure, { askedBefore: asked || progress.part })
      ? 'unknown'
      : progress.part
        ? 'part'
        : 'nothing';
  try {
    return await send(options, progress);
  } catch (first) {
    const did = outcomeOf(first, askedBefore);
    if (!isWorthAnotherTry(first)) throw new StripeFailed(first, did);
    await sleep(pause);
    return await send(options, progress).catch((second) => {
      throw new StripeFailed(second, outcomeOf(second, askedBefore || did === 'unknown'));
    });
  }
}
