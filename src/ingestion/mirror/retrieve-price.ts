import type Stripe from 'stripe';

/** What Stripe leaves out of a price unless it is asked for. */
export const partsOfPrice = ['tiers', 'currency_options'];

/** The price with all that it costs, and with these other parts. */
export async function retrievePrice(
  stripe: Stripe,
  id: string,
  others: string[] = [],
): Promise<Stripe.Response<Stripe.Price>> {
  const parts = [...partsOfPrice, ...others];
  const price = await stripe.prices.retrieve(id, { expand: parts });
  const lacking = currenciesWithoutTiers(price);
  if (!lacking.length) return price;
  return stripe.prices.retrieve(id, { expand: [...parts, ...lacking.map(tiersOf)] });
}

/** A page of a list of prices, each with all that it costs. */
export async function listPrices(
  stripe: Stripe,
  params: Stripe.PriceListParams,
): Promise<Stripe.Response<Stripe.ApiList<Stripe.Price>>> {
  const page = await stripe.prices.list({ ...params, expand: partsOfPrice.map((part) => `data.${part}`) });
  for (const [index, price] of page.data.entries())
    if (currenciesWithoutTiers(price).length) page.data[index] = await retrievePrice(stripe, price.id);
  return page;
}

/** What to ask for with a price that is made, or changed, with these currencies. */
export const partsWith = (currencies: string[], { isTiered }: { isTiered: boolean }) => [
  ...partsOfPrice,
  ...(isTiered ? currencies.map(tiersOf) : []),
];

/** Stripe shows the tiers of another currency only where it is named. */
const tiersOf = (currency: string) => `currency_options.${currency}.tiers`;

/** The other currencies of a tiered price that are shown without what they cost. */
function currenciesWithoutTiers({ billing_scheme, currency, currency_options }: Stripe.Price): string[] {
  if (billing_scheme !== 'tiered') return [];
  const others = Object.entries(currency_options ?? {}).filter(([name]) => name !== currency);
  return others.filter(([, { tiers }]) => !tiers).map(([name]) => name);
}
