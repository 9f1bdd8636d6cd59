/** An address as Stripe keeps it; `country` is of ISO 3166-1, in upper case. */
export type Address = {
  line1: string | null;
  line2: string | null;
  city: string | null;
  state: string | null;
  postalCode: string | null;
  country: string | null;
};
