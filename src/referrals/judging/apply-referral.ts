import type { EntityManager } from '@mikro-orm/core';
import { findCustomer } from '../../billing/customers/find-customer.ts';
import { awaitTurn } from '../../database/await-turn.ts';
import { badInput, conflict, notFound } from '../../errors.ts';
import { newId } from '../../ids.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { spelledCode } from '../codes/new-code.ts';
import { ReferralCode } from '../codes/referral-code.entity.ts';
import { Referral } from '../life/referral.entity.ts';
import type { ReferralReason } from '../life/referral-status.ts';
import { referralLaneOf } from '../life/wake-referrals.ts';
import { findReferralConfig } from '../programme/find-referral-config.ts';
import type { ReferralConfig } from '../programme/referral-config.entity.ts';
import { isCapReached } from './is-cap-reached.ts';
import { judgePair } from './judge-pair.ts';
import { makesCycle } from './makes-cycle.ts';

/**
 * Notes that a customer was referred, by a code. What speaks against the pair makes it REJECTED, with the reason. The same code again is
 * answered with the same referral.
 * @param tools.em of every tenant: what is judged are rows of two customers. Each look-up states the side.
 * @throws Refusal NOT_FOUND for the customer and the code; BAD_USER_INPUT for the customer's own code; CONFLICT where the programme is disabled, the
 * code is inactive, or the customer has applied another one.
 */
export async function applyReferral(
  { em }: { em: EntityManager },
  side: Side,
  input: { code: string; customerId: string },
): Promise<Referral> {
  const referee = await findCustomer({ em }, side, input.customerId);
  const code = await findCode({ em }, side, input.code);
  const referrer = code.customer;
  const same = await em.findOne(Referral, { referee, code });
  if (same) return same;
  // One at a time in a side: two that would make a cycle, or two codes for one customer, are judged one after the other.
  const now = await awaitTurn(em, `referrals/${side.projectId}/${side.environment}`);
  const earlier = await em.find(Referral, { referee, ...side });
  const meanwhile = earlier.find((one) => one.code.id === code.id);
  if (meanwhile) return meanwhile;
  const config = await findReferralConfig({ em }, side);
  if (!config.enabled) throw conflict('The referral programme is disabled.', 'code');
  if (referrer.id === referee.id) throw badInput("This is the customer's own code.", 'code');
  if (code.deactivatedAt || referrer.deletedAt) throw conflict('This code is inactive.', 'code');
  if (earlier.some(({ status }) => status !== 'REJECTED'))
    throw conflict('The customer was referred already, by another code.', 'customerId');

  const reason = await judge({ em }, { code, referee, config, now });
  const made = em.create(Referral, {
    id: newId('ref'),
    projectId: side.projectId,
    environment: side.environment,
    code,
    referrer,
    referee,
    status: reason ? 'REJECTED' : 'PENDING',
    reason,
    ...termsOf(config),
    appliedAt: now,
    endedAt: reason && now,
  });
  await em.flush();
  // What is due at once is credited by the lane: a customer's token writes no ledger.
  if (!reason) await wakeLanes(em, [referralLaneOf(made.id)]);
  return made;
}

/** @throws Refusal NOT_FOUND for a code that nobody of this side has. */
async function findCode({ em }: { em: EntityManager }, { projectId, environment }: Side, text: string) {
  const where = { projectId, environment, code: spelledCode(text) };
  const code = text.includes('\0') ? null : await em.findOne(ReferralCode, where, { populate: ['customer'] });
  if (!code) throw notFound('referral code', 'code');
  return code;
}

type Case = { code: ReferralCode; referee: Referral['referee']; config: ReferralConfig; now: Date };

async function judge(
  { em }: { em: EntityManager },
  { code, referee, config, now }: Case,
): Promise<ReferralReason | null> {
  const referrer = code.customer;
  const pair = { referrerId: referrer.id, refereeId: referee.id };
  const found = await judgePair({ em }, { referrer, referee, before: null });
  if (found) return found;
  if (await makesCycle({ em }, pair)) return 'CYCLE';
  const { capReferrals, capPeriod } = config;
  const cap = { referrerId: referrer.id, capReferrals, capPeriod };
  return (await isCapReached({ em }, cap, now)) ? 'CAP_REACHED' : null;
}

const termsOf = (config: ReferralConfig) => ({
  currency: config.currency,
  referrerCredit: config.referrerCredit,
  refereeCredit: config.refereeCredit,
  refereeCreditAt: config.refereeCreditAt,
  holdDays: config.holdDays,
  capReferrals: config.capReferrals,
  capPeriod: config.capPeriod,
  minimumPaid: config.minimumPaid,
  rewardedInvoices: config.rewardedInvoices,
});
