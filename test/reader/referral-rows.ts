import type { Making } from './money-rows.ts';
import type { Row } from './tenants.ts';

type Tenant = Pick<Row, 'project_id' | 'environment'>;

/** Codes of each customer, whom they were applied by, and what both get: whoever else is of the tenant, and nobody twice by one code. */
export function addReferrals(making: Making, { tenant, customers }: { tenant: Tenant; customers: Row[] }) {
  const { random, pick, maybe, instant, add } = making;
  for (const referrer of customers)
    for (let n = random(3); n > 0; n--) {
      const code = add('referral_code', 'rco', tenant, {
        customer_id: referrer.id,
        code: `CODE${n}${referrer.id}`,
        custom: true,
        deactivated_at: random(4) ? null : instant(),
      });
      for (const referee of customers.filter(() => !random(5)))
        addReferral(making, { tenant, code, referrer, referee });
    }

  function addReferral(
    { tables }: Making,
    { code, referrer, referee, ...of }: { tenant: Tenant; code: Row; referrer: Row; referee: Row },
  ) {
    const isReferred = tables.referral.some((one) => one.referee_id === referee.id && one.status !== 'REJECTED');
    const status = isReferred ? 'REJECTED' : pick(['PENDING', 'CONVERTED', 'REVERSED', 'REJECTED']);
    const referral = add('referral', 'ref', of.tenant, {
      code_id: code.id,
      referrer_id: referrer.id,
      referee_id: referee.id,
      status,
      reason: status === 'REJECTED' ? 'SAME_CARD' : status === 'REVERSED' ? 'REFUNDED' : null,
      currency: 'USD',
      hold_days: 30,
      cap_period: 'EVER',
      minimum_paid: '1',
      rewarded_invoices: 1,
      referee_credit_at: 'CONVERSION',
      applied_at: instant(),
      hold_until: maybe(instant()),
      converted_at: maybe(instant()),
    });
    for (const [beneficiary, customer] of [
      ['REFERRER', referrer],
      ['REFEREE', referee],
    ] as const)
      for (let round = random(3); round > 0; round--)
        add('referral_reward', 'rew', of.tenant, {
          referral_id: referral.id,
          customer_id: customer.id,
          beneficiary,
          invoice_id: null,
          amount: String(random(5_000)),
          currency: 'USD',
          status: pick(['HELD', 'CREDITED']),
          hold_until: instant(),
          round,
        });
  }
}
