import { type EntityManager, LockMode } from '@mikro-orm/core';
import { checkCharge } from '../../check-input.ts';
import { badInput, conflict } from '../../errors.ts';
import { Project } from '../../tenancy/teams/project.entity.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { findReferralConfig } from './find-referral-config.ts';
import type { ReferralConfig } from './referral-config.entity.ts';
import type { CapPeriod, RefereeCreditTime } from './referral-terms.ts';
import { wakeOpenReferrals } from './wake-open-referrals.ts';

export type ReferralConfigChange = {
  enabled?: boolean | null;
  /** With `enabled: false`: what was not converted is rejected. */
  rejectOpen?: boolean | null;
  currency?: string | null;
  /** Amounts are in minor units; null takes one away. */
  referrerCredit?: bigint | null;
  refereeCredit?: bigint | null;
  refereeCreditAt?: RefereeCreditTime | null;
  holdDays?: number | null;
  cap?: { referrals: number; period: CapPeriod } | null;
  minimumPaidAmount?: bigint | null;
  rewardedInvoices?: number | null;
};

const amounts = ['referrerCredit', 'refereeCredit', 'minimumPaidAmount'] as const;

/**
 * Changes the referral programme of one side of a project; what is left out stays.
 * @throws Refusal BAD_USER_INPUT with the field; CONFLICT where the project is archived.
 */
export async function updateReferralConfig(
  { em }: { em: EntityManager },
  side: Side,
  change: ReferralConfigChange,
): Promise<ReferralConfig> {
  // One change at a time: two that make the first row would stand in each other's way.
  const locked = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;
  const { archivedAt } = await em.findOneOrFail(Project, side.projectId, locked);
  if (archivedAt) throw conflict('This project is archived. Take it up again first (unarchiveProject).');
  const config = await findReferralConfig({ em }, side);
  setAmounts(config, change);
  if (change.refereeCreditAt != null) config.refereeCreditAt = change.refereeCreditAt;
  if (change.holdDays != null) config.holdDays = within(change.holdDays, [0, 365], 'holdDays');
  if (change.rewardedInvoices != null)
    config.rewardedInvoices = within(change.rewardedInvoices, [1, 120], 'rewardedInvoices');
  if (change.cap === null) config.capReferrals = null;
  else if (change.cap) {
    config.capReferrals = within(change.cap.referrals, [1, 1_000_000], 'cap.referrals');
    config.capPeriod = change.cap.period;
  }
  if (change.enabled != null) config.enabled = change.enabled;
  if (config.enabled) checkSomebodyIsCredited(config);
  await setRejecting({ em }, side, { config, rejectOpen: change.rejectOpen });
  await em.persist(config).flush();
  return config;
}

function setAmounts(config: ReferralConfig, change: ReferralConfigChange): void {
  const { currency: currencyBefore, referrerCredit, refereeCredit, minimumPaid } = config;
  const before = { referrerCredit, refereeCredit, minimumPaidAmount: BigInt(minimumPaid) === 1n ? null : minimumPaid };
  const currency = change.currency === undefined ? config.currency : change.currency;
  for (const name of amounts) {
    const amount = change[name] === undefined ? before[name] : change[name];
    if (amount == null) continue;
    if (currency == null) throw badInput('Say the currency of the amounts.', 'currency');
    // The same number of another currency's minor units is another amount.
    if (currency !== currencyBefore && change[name] === undefined)
      throw badInput('The currency changes: say this amount in the new one, or null for none.', name);
    checkCharge({ amount: BigInt(amount), currency }, name);
  }
  config.currency = currency;
  if (change.referrerCredit !== undefined) config.referrerCredit = change.referrerCredit;
  if (change.refereeCredit !== undefined) config.refereeCredit = change.refereeCredit;
  if (change.minimumPaidAmount !== undefined) config.minimumPaid = change.minimumPaidAmount ?? 1n;
}

function checkSomebodyIsCredited({ referrerCredit, refereeCredit, refereeCreditAt }: ReferralConfig): void {
  if (referrerCredit != null || (refereeCredit != null && refereeCreditAt === 'CONVERSION')) return;
  throw badInput(
    'Nobody would be credited for a conversion: set referrerCredit, or refereeCredit at CONVERSION.',
    'enabled',
  );
}

async function setRejecting(
  { em }: { em: EntityManager },
  side: Side,
  { config, rejectOpen }: { config: ReferralConfig; rejectOpen?: boolean | null },
): Promise<void> {
  if (rejectOpen && config.enabled)
    throw badInput('A programme that is enabled goes on: give this with enabled: false.', 'rejectOpen');
  if (config.enabled) config.rejectsOpen = false;
  if (rejectOpen == null || config.enabled) return;
  config.rejectsOpen = rejectOpen;
  if (rejectOpen) await wakeOpenReferrals({ em }, side);
}

function within(value: number, [least, most]: [number, number], field: string): number {
  if (value < least || value > most)
    throw badInput(`This is a whole number from ${least} to ${most.toLocaleString('en')}.`, field);
  return value;
}
