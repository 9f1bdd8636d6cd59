import type { TestTenant } from './billgraph.ts';
import { ask } from './graph.ts';

/** All that is published of a price but its dates. */
export const priceFields = `price {
  id active type currency unitAmount { amount } unitAmountDecimal billingScheme tiersMode tiers { ...tier }
  currencyOptions { currency unitAmount { amount currency } unitAmountDecimal tiers { ...tier } }
  recurring { interval intervalCount stripeMeterId } lookupKey nickname metadata stripePriceId product { id }
}`;
const tier = `fragment tier on PriceTier { upTo unitAmount { amount currency } unitAmountDecimal flatAmount { amount } flatAmountDecimal }`;

export const productFields = 'product { id name description unitLabel url active metadata stripeProductId }';

/** Asks mutations of the catalog. */
export const catalogOf = (server: { url: string }, { apiKey }: Pick<TestTenant, 'apiKey'>) => {
  const mutate = (name: string, input: object, credential: string | null = apiKey) => {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const isPrice = name.includes('Price');
    const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${isPrice ? priceFields : productFields} } }`;
    return ask(server, credential, `${document} ${isPrice ? tier : ''}`, { input });
  };
  const made = async (name: string, input: object) => {
    const { data, errors } = await mutate(name, input);
    if (errors) throw new Error(`${name}: ${errors[0]!.message}`);
    return Object.values<any>(data[name])[0];
  };
  return {
    mutate,
    /** What a mutation left that must succeed. */
    made,
    newProduct: (input: object = {}) => made('createProduct', { name: 'Pro', ...input }),
    newPrice: (productId: string, input: object = {}) =>
      made('createPrice', { productId, currency: 'USD', unitAmount: 100, ...input }),
  };
};
