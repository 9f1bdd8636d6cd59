import { newId } from '../../src/ids.ts';
import { clawBack } from '../../src/referrals/ledger/claw-back.ts';
import { credit } from '../../src/referrals/ledger/credit.ts';
import type { Billgraph, TestTenant } from './billgraph.ts';
import { asOwner } from './database.ts';

/** Rewards of a tenant's customers as the ledger, the payouts and Stripe have them. */
export function rewardsOf(billgraph: Billgraph, tenant: TestTenant) {
  const { projectId, environment, stripe } = tenant;
  const sql = (text: string, values: unknown[] = []) => asOwner(billgraph.databaseUrl, text, values);
  const written = <Result>(work: (em: any) => Promise<Result>) => billgraph.app.orm.em.fork().transactional(work);

  return {
    sql,
    reward(customerId: string, amount = 1_000n, currency = 'USD') {
      const rewardId = newId('led');
      const money = { rewardId, projectId, environment, customerId, amount, currency };
      return {
        rewardId,
        /** Of an entry of the customer's and of the payout. */
        async ids(): Promise<{ LedgerEntry: string; ReferralPayout: string }> {
          const text = `select e.id as "LedgerEntry", p.id as "ReferralPayout" from ledger_entry e join referral_payout p using (reward_id, customer_id)
            where reward_id = $1 order by e.id limit 1`;
          return (await sql(text, [rewardId]))[0];
        },
        credit: () => written((em) => credit({ em }, money)),
        clawBack: () => written((em) => clawBack({ em }, money)),
        /** Kind, account and amount of each entry, in the order in which they were written. */
        async entries(): Promise<[string, string, number][]> {
          const text = 'select kind, account, amount::int from ledger_entry where reward_id = $1 order by id';
          return (await sql(text, [rewardId])).map(({ kind, account, amount }) => [kind, account, amount]);
        },
        payouts: () => sql('select * from referral_payout where reward_id = $1 order by id', [rewardId]),
        /** The states of the credit and of its clawback. */
        async states(): Promise<string[]> {
          return (await sql('select state from referral_payout where reward_id = $1 order by id', [rewardId])).map(
            ({ state }) => state,
          );
        },
      };
    },
    /** What the ledger says that Stripe holds of a customer's, above zero for credit. */
    async held(customerId: string): Promise<number> {
      const text = `select coalesce(-sum(amount), 0)::int as held from ledger_entry where customer_id = $1 and account = 'STRIPE_BALANCE'`;
      return (await sql(text, [customerId]))[0].held;
    },
    /** What Stripe's entries with our metadata come to, above zero for credit. */
    async inStripe(stripeCustomerId: string): Promise<number> {
      let sum = 0;
      for await (const { amount, metadata } of stripe.customers.listBalanceTransactions(stripeCustomerId, {
        limit: 100,
      }))
        if (metadata?.billgraph_payout) sum -= amount;
      return sum;
    },
    /** Payouts whose answer nobody knows were asked for a day ago; lanes that wait come at once. */
    async aDayLater(): Promise<void> {
      await sql(`update referral_payout set asked_at = asked_at - interval '24 hours' where state = 'ASKED'`);
      await sql(`update lane set run_at = now() where key like 'referral-payout/%'`);
      await billgraph.settled();
    },
    async atOnce(): Promise<void> {
      await sql(`update lane set run_at = now() where key like 'referral-payout/%'`);
      await billgraph.settled();
    },
  };
}
