import type { Stored } from '../objects.ts';

/** What a customer has in a currency, below zero for credit. `balance` is that of the currency in which the customer is billed. */
export function balanceIn(customer: Stored<'customer'>, currency: string): number {
  const { balance, currency: own, invoice_credit_balance: others = {} } = customer;
  return currency === (own ?? currency) ? balance : (others[currency] ?? 0);
}
