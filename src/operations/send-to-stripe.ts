import { setTimeout as sleep } from 'node:timers/promises';
import { certainlyNotDone, isWorthAnotherTry } from '../stripe/translate-stripe-failure.ts';
import type { StripeOptions } from './operation.ts';

const pause = 500;

/** Stripe's failure, and whether Stripe certainly did nothing, in this try and in every earlier one. */
export class StripeFailed extends Error {
  override name = 'StripeFailed';
  readonly failure: unknown;
  readonly didNothing: boolean;
  constructor(failure: unknown, didNothing: boolean) {
    super('Stripe failed.');
    this.failure = failure;
    this.didNothing = didNothing;
  }
}

/**
 * Asks Stripe, and once more where nobody knows what became of it. The SDK's own retries would hide the first failure: that the
 * second try never reached Stripe says nothing of the first one.
 * @param askedBefore whether Stripe was asked under this key by an earlier execution, whose end nobody knows.
 * @throws StripeFailed.
 */
export async function sendToStripe<Made>(
  send: (options: StripeOptions) => Promise<Made>,
  { idempotencyKey, askedBefore }: { idempotencyKey: string; askedBefore: boolean },
): Promise<Made> {
  const options = { idempotencyKey, maxNetworkRetries: 0 };
  try {
    return await send(options);
  } catch (first) {
    if (!isWorthAnotherTry(first)) throw new StripeFailed(first, certainlyNotDone(first, { askedBefore }));
    await sleep(pause);
    const unknown = askedBefore || !certainlyNotDone(first, { askedBefore });
    return await send(options).catch((second) => {
      throw new StripeFailed(second, certainlyNotDone(second, { askedBefore: unknown }));
    });
  }
}
