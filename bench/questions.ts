/** What every contender is asked, and the rows that it is asked about. */
export const customers = 10_000;
export const subscriptions = 12_000;

const subscription = `subscriptions {
  nodes { id status currentPeriodEnd price { id currency unitAmount { amount } product { id name } } }
}`;

export const one = {
  name: 'one',
  query: `query One($id: ID!) { customer(by: { id: $id }) { id email name ${subscription} } }`,
  variables: (n: number) => ({ id: customerId(1 + (n % customers)) }),
};

export const list = {
  name: 'list',
  query: `query List { customers { nodes { id email name ${subscription} } } }`,
  variables: () => ({}),
};

export type Question = typeof one | typeof list;

export const customerId = (n: number) => `pc_${String(n).padStart(26, '0')}`;
