import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { badInput, conflict } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Tenant } from '../../tenant.ts';
import type { Aggregation, StripeFormula } from './aggregation.ts';
import { checkDisplayName, checkEventName, checkUnit } from './check-meter.ts';
import { type MeterTools, nameTaken } from './create-meter.ts';
import { Meter } from './meter.entity.ts';
import { updateMeter } from './update-meter.ts';
import { stateOfMeter } from './write-meter.ts';

/** What a meter of Stripe's can be here. */
const fitting: Record<StripeFormula, readonly Aggregation[]> = {
  sum: ['SUM', 'COUNT'],
  count: ['COUNT'],
  last: ['LAST', 'MAX', 'UNIQUE_COUNT'],
};

type Taken = {
  stripeMeterId: string;
  eventName: string;
  displayName?: string | null;
  unit?: string | null;
  aggregation: Aggregation;
};

/**
 * Makes a row for a meter that Stripe has already. What was reported to it before is Stripe's alone. Another name is Stripe's from then on.
 * @returns the id of the row.
 * @throws Refusal BAD_USER_INPUT where the aggregation does not fit Stripe's; CONFLICT where the name is taken, or the meter by a
 * project; Stripe's failure, which is NOT_FOUND where Stripe has no such meter.
 */
export async function takeMeterIn(
  tools: MeterTools,
  tenant: Tenant,
  { stripeMeterId, aggregation, ...input }: Taken,
): Promise<string> {
  const { stripe, operation } = tools;
  const { projectId, environment, connectionId } = tenant;
  const eventName = checkEventName(input.eventName);
  const unit = checkUnit(input.unit ?? null);
  const displayName = input.displayName == null ? null : checkDisplayName(input.displayName);
  if (!/^mtr_\w{1,100}$/.test(stripeMeterId))
    throw badInput("This is no id of Stripe's meters: `mtr_…`.", 'stripeMeterId');
  const known = await stripe.billing.meters.retrieve(stripeMeterId);
  const stripeFormula = known.default_aggregation.formula as StripeFormula;
  if (!fitting[stripeFormula]?.includes(aggregation))
    throw badInput(
      `Stripe's meter is one of \`${stripeFormula}\`: here it can be ${fitting[stripeFormula]?.join(' or ') ?? 'none'}.`,
      'aggregation',
    );
  const row = { id: newId('met'), projectId, environment, connectionId, eventName, unit, aggregation, stripeFormula };
  const ofStripe = {
    ...stateOfMeter(known),
    stripeMeterId: known.id,
    stripeEventName: known.event_name,
    customerPayloadKey: known.customer_mapping.event_payload_key,
    valuePayloadKey: known.value_settings.event_payload_key,
  };
  try {
    const meterId = await operation.write(async (em) => {
      em.create(Meter, { ...row, ...ofStripe });
      await em.flush();
      return row.id;
    });
    if (displayName === null) return meterId;
    return await updateMeter(tools, tenant, { meterId, displayName });
  } catch (failure) {
    if (!(failure instanceof UniqueConstraintViolationException)) throw failure;
    throw failure.message.includes('stripe_meter_id')
      ? conflict('A project of this team has this meter already.', 'stripeMeterId')
      : nameTaken();
  }
}
