import type pg from 'pg';

// biome-ignore lint/suspicious/noExplicitAny: an object of an older API version, for which the SDK has no types any more
export type Json = Record<string, any>;

/** What an older shape shows of other objects. */
export function lookUp(pool: pg.Pool, account: string) {
  const select = async (condition: string, value: unknown): Promise<Json | null> => {
    const text = `select data from sandbox.object where account = $1 and not deleted and ${condition} order by seq desc`;
    return (await pool.query<{ data: Json }>(`${text} limit 1`, [account, value])).rows[0]?.data ?? null;
  };
  return {
    byId: (id: string | null | undefined) => (id ? select('id = $2', id) : null),
    paymentOfInvoice: (id: string) => select(`object = 'invoice_payment' and data->>'invoice' = $2`, id),
    invoiceOfPayment: (intent: string | null) =>
      intent ? select(`object = 'invoice_payment' and data#>>'{payment,payment_intent}' = $2`, intent) : null,
  };
}
export type LookUp = ReturnType<typeof lookUp>;
