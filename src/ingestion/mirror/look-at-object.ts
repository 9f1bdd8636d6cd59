import type Stripe from 'stripe';
import { TryLater } from '../../lanes/lane-kind.ts';
import { isNoSuchObject, isStripeTrouble } from '../../stripe/stripe-trouble.ts';
import { secondOf } from './second-of.ts';
import type { StripeObject } from './stripe-object.ts';

/** What Stripe answered: the object, or null where it is deleted, and the second of Stripe's clock when the answer ended. */
export type Look = { object: unknown; at: number };

/**
 * Asks Stripe for an object, in the API version of our SDK.
 * @throws TryLater where Stripe is not at our service.
 */
export async function lookAtObject({ retrieve, vanishes }: StripeObject, stripe: Stripe, id: string): Promise<Look> {
  try {
    const answer = await retrieve(stripe, id);
    // Of an event of v2 the SDK drops the headers.
    const { deleted, lastResponse } = answer as { deleted?: boolean } & Partial<typeof answer>;
    return { object: deleted ? null : answer, at: secondOf(lastResponse?.headers.date) };
  } catch (failure) {
    if (vanishes && isNoSuchObject(failure)) return { object: null, at: 0 };
    if (isStripeTrouble(failure)) throw new TryLater(`Stripe: ${(failure as Error).message}`, { cause: failure });
    throw failure;
  }
}
