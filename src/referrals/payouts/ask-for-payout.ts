import type Stripe from 'stripe';
import { TryLater } from '../../lanes/lane-kind.ts';
import { isStripeTrouble, wasReplayed } from '../../stripe/stripe-trouble.ts';
import { certainlyNotDone } from '../../stripe/translate-stripe-failure.ts';
import type { WaitingPayout } from './waiting-payout.ts';

/** What Stripe says of a payout: done, refused, or certainly not done yet. */
export type Verdict =
  | { is: 'done'; stripeBalanceTransactionId: string }
  | { is: 'refused'; code: string; reason: string }
  | { is: 'not done'; failure: TryLater };

/** The metadata by which an entry of the customer's balance is known to be ours. */
const payoutMetadata = 'billgraph_payout';

/** Stripe keeps an idempotency key for a day at least. After so many seconds the same question may be carried out a second time. */
const forgottenAfter = 23 * 3_600;

export const isForgotten = ({ state, askedAgo }: WaitingPayout) => state === 'ASKED' && askedAgo! > forgottenAfter;

const descriptions = { CREDIT: 'Referral reward', CLAWBACK: 'Referral reward taken back' } as const;

/**
 * Asks Stripe to change the customer's balance, by the payout's idempotency key: however often it is asked, it is done once.
 * @throws TryLater where it may have been done: the same is asked again.
 */
export async function askForPayout(
  stripe: Stripe,
  payout: WaitingPayout & { idempotencyKey: string },
): Promise<Verdict> {
  const { id, kind, amount, currency, stripeCustomerId, idempotencyKey } = payout;
  const entry = {
    amount: Number(kind === 'CREDIT' ? -amount : amount),
    currency: currency.toLowerCase(),
    description: descriptions[kind],
    metadata: { [payoutMetadata]: id },
  };
  try {
    const made = await stripe.customers.createBalanceTransaction(stripeCustomerId!, entry, { idempotencyKey });
    return { is: 'done', stripeBalanceTransactionId: made.id };
  } catch (failure) {
    const later = new TryLater(`Stripe: ${(failure as Error).message}`, { cause: failure });
    const isTrouble = isStripeTrouble(failure);
    if (certainlyNotDone(failure, { askedBefore: payout.state === 'ASKED' }))
      return isTrouble ? { is: 'not done', failure: later } : refusal(failure);
    // A 500 is kept with the key, and says nothing of what was done: its entry does, where there is one.
    const found = wasReplayed(failure) ? await findPayout(stripe, payout) : null;
    if (found) return found;
    throw isTrouble ? later : failure;
  }
}

/** Finds out whether Stripe did it, by the metadata of the customer's entries: null where it did not. */
export async function findPayout(
  stripe: Stripe,
  { id, stripeCustomerId }: Pick<WaitingPayout, 'id' | 'stripeCustomerId'>,
): Promise<Verdict | null> {
  try {
    for await (const entry of stripe.customers.listBalanceTransactions(stripeCustomerId!, { limit: 100 }))
      if (entry.metadata?.[payoutMetadata] === id) return { is: 'done', stripeBalanceTransactionId: entry.id };
    return null;
  } catch (failure) {
    return laterOrRefused(failure);
  }
}

/**
 * What forbids a credit before Stripe is asked for it: a customer who is deleted there, or is billed in another currency. Stripe would
 * take the latter, and no invoice would ever use it.
 */
export async function refusedBefore(
  stripe: Stripe,
  { kind, currency, stripeCustomerId }: WaitingPayout,
): Promise<Verdict | null> {
  if (kind === 'CLAWBACK') return null;
  try {
    const customer = await stripe.customers.retrieve(stripeCustomerId!);
    if (customer.deleted)
      return { is: 'refused', code: 'resource_missing', reason: 'The customer is deleted in Stripe.' };
    const billedIn = customer.currency?.toUpperCase() ?? currency;
    if (billedIn === currency) return null;
    const reason = `The credit is in ${currency}, and Stripe bills the customer in ${billedIn}.`;
    return { is: 'refused', code: 'currency_mismatch', reason };
  } catch (failure) {
    return laterOrRefused(failure);
  }
}

function laterOrRefused(failure: unknown): Verdict {
  if (isStripeTrouble(failure)) throw new TryLater(`Stripe: ${(failure as Error).message}`, { cause: failure });
  return refusal(failure);
}

const longestReason = 500;

function refusal(failure: unknown): Verdict {
  const { code, message, type } = failure as Stripe.errors.StripeError;
  if (!type) throw failure;
  return {
    is: 'refused',
    code: code ?? 'invalid_request',
    reason: message.replaceAll('\0', '').slice(0, longestReason),
  };
}
