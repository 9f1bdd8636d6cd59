import type Stripe from 'stripe';
import { idOf } from '../../ingestion/mirror/seen.ts';

type Phase = Stripe.SubscriptionScheduleUpdateParams.Phase;

/** How long the schedule outlives the change: as short as Stripe lets a phase be, since nothing else may be set meanwhile. */
const shortest = { interval: 'day', interval_count: 1 } as const;

/** What is billed from the change on, and Stripe's price of the item that it was; null for a new one. */
type NextItem = { was: string | null; becomes: { price: string; quantity?: number } };

/** The current phase as it is, until the change, and what is billed from then on. Discounts and taxes go along, those of an item with the item. */
export function phasesOf(
  { phases, current_phase }: Stripe.SubscriptionSchedule,
  next: { startsAt: Date; items: NextItem[] },
): Phase[] {
  const now = phases.find(({ start_date }) => start_date === current_phase?.start_date) ?? phases[0]!;
  const stays = {
    ...(now.discounts.length ? { discounts: now.discounts.map(discountOf) } : {}),
    ...(now.default_tax_rates?.length ? { default_tax_rates: now.default_tax_rates.map(({ id }) => id) } : {}),
  };
  return [
    {
      ...stays,
      start_date: now.start_date,
      end_date: next.startsAt.getTime() / 1000,
      ...(now.trial_end === null ? {} : { trial_end: now.trial_end }),
      items: now.items.map(({ price, quantity, ...item }) => ({
        price: idOf(price),
        ...(quantity === undefined ? {} : { quantity }),
        ...detailsOf(item),
      })),
    },
    {
      ...stays,
      duration: shortest,
      proration_behavior: 'none',
      items: next.items.map(({ was, becomes }) => {
        const known = now.items.find(({ price }) => idOf(price) === was);
        return { ...(known && detailsOf(known)), ...becomes };
      }),
    },
  ];
}

type Details = Pick<Stripe.SubscriptionSchedule.Phase.Item, 'metadata' | 'discounts' | 'tax_rates'>;

function detailsOf({ metadata, discounts, tax_rates }: Details) {
  return {
    ...(metadata && Object.keys(metadata).length ? { metadata } : {}),
    ...(discounts.length ? { discounts: discounts.map(discountOf) } : {}),
    ...(tax_rates?.length ? { tax_rates: tax_rates.map(({ id }) => id) } : {}),
  };
}

/** One that is redeemed already goes on with what is left of it. */
function discountOf({ discount, coupon, promotion_code }: Stripe.SubscriptionSchedule.Phase.Discount) {
  if (discount) return { discount: idOf(discount) };
  return coupon ? { coupon: idOf(coupon) } : { promotion_code: idOf(promotion_code!) };
}
