import type { Stored } from '../objects.ts';
import { enterNextPhase } from '../schedules/enter-next-phase.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { announceChange } from './announce-subscription.ts';
import { periodAfter } from './billing-period.ts';
import { endAtPeriodEnd } from './cancel-subscription.ts';
import { advanceLine, isMetered, usageLine } from './cycle-lines.ts';
import { newSubscriptionInvoice } from './subscription-invoice.ts';
import { stopsAfterTrial } from './trial.ts';

type Subscription = Stored<'subscription'>;

const untilFinal = 3_600;

/** The end of a period, or of a trial: the next one begins and is billed by a draft, which stands an hour later. */
export async function renew(tx: AccountTransaction, id: string): Promise<void> {
  const subscription = await tx.find('subscription', id);
  if (!subscription || subscription.ended_at || subscription.status === 'paused') return;
  if (subscription.cancel_at !== null && subscription.cancel_at <= tx.now) return endAtPeriodEnd(tx, subscription);
  const wasTrial = subscription.status === 'trialing';
  if (wasTrial && (await stopsAfterTrial(tx, subscription))) return;

  const before = structuredClone(subscription);
  if (wasTrial) tx.update(subscription, { status: 'active' });
  await billNextPeriods(tx, subscription, wasTrial);
  await announceChange(tx, subscription, before);
}

async function billNextPeriods(tx: AccountTransaction, subscription: Subscription, wasTrial: boolean): Promise<void> {
  const lines = await enterNextPhase(tx, subscription, { wasTrial });
  const ended = subscription.items.data.filter(({ current_period_end }) => current_period_end <= tx.now);
  let periodStart = tx.now;
  for (const item of ended) {
    const over = { start: item.current_period_start, end: item.current_period_end };
    periodStart = Math.min(periodStart, over.start);
    item.current_period_start = over.end;
    item.current_period_end = periodAfter(subscription.billing_cycle_anchor, item.price.recurring!, over.end);
    if (!isMetered(item)) lines.push(await advanceLine(tx, subscription, item));
    else if (!wasTrial) lines.push(await usageLine(tx, subscription, item, over));
  }
  tx.update(subscription, { items: subscription.items });
  const stays = subscription.status === 'unpaid' || subscription.pause_collection?.behavior === 'keep_as_draft';
  const invoice = await newSubscriptionInvoice(tx, subscription, lines, {
    auto_advance: !stays,
    automatically_finalizes_at: stays ? null : tx.now + untilFinal,
    billing_reason: 'subscription_cycle',
    period_end: tx.now,
    period_start: periodStart,
  });
  tx.schedule('invoice.finalize', invoice.id, invoice.automatically_finalizes_at);
}
