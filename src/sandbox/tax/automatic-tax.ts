import type { InvoiceLine } from '../invoices/invoice-line.ts';
import { invalidRequest } from '../wire/api-error.ts';

/** What is added to everything sold in a country, in percent. In a country that is not here nothing is. */
export const taxRates: Readonly<Record<string, number>> = {
  AT: 20,
  AU: 10,
  BE: 21,
  CA: 5,
  CH: 8.1,
  DE: 19,
  ES: 21,
  FR: 20,
  GB: 20,
  IE: 23,
  IT: 22,
  JP: 10,
  NL: 21,
  SE: 25,
};

/** On an amount in minor units, to the nearest one. */
export function taxOn(amount: number, country: string | null | undefined): number {
  const code = country?.toUpperCase() ?? '';
  return Object.hasOwn(taxRates, code) ? Math.round((amount * taxRates[code]!) / 100) : 0;
}

/** The lines with the tax on what is left of them after discounts. @param country null: nothing is taxed. */
export function taxLines(lines: InvoiceLine[], country: string | null | undefined): InvoiceLine[] {
  return lines.map((line) => {
    const discount = (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0);
    const taxable = line.amount - discount;
    const amount = taxOn(taxable, country);
    return { ...line, taxes: amount === 0 ? [] : [taxOf(amount, taxable, country!)] };
  });
}

/** What a document says of a tax that is added on top. */
export const taxOf = (amount: number, taxable_amount: number, country: string) => ({
  amount,
  tax_behavior: 'exclusive' as const,
  tax_rate_details: { tax_rate: `txr_sandbox${country.toUpperCase()}` },
  taxability_reason: 'standard_rated' as const,
  taxable_amount,
  type: 'tax_rate_details' as const,
});

/** Who has no country cannot be taxed. */
export function refuseUnlocated(address: { country?: string | null } | null | undefined, message: string): void {
  if (!address?.country) throw invalidRequest(message, undefined, 'customer_tax_location_invalid');
}
