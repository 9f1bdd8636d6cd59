import type Stripe from 'stripe';
import { badInput, conflict } from '../../errors.ts';
import type { Tenant } from '../../tenant.ts';
import { checkDisplayName, checkUnit } from './check-meter.ts';
import type { MeterTools } from './create-meter.ts';
import { findMeter, type KnownMeter } from './find-meter.ts';
import { Meter } from './meter.entity.ts';
import { writeMeter } from './write-meter.ts';

/** What changes. What is undefined stays; null takes a unit away. */
export type MeterChanges = { meterId: string; displayName?: string | null; unit?: string | null };

/**
 * Changes a meter: its name in Stripe too, which knows no units.
 * @returns the id of the row.
 * @throws Refusal BAD_USER_INPUT; NOT_FOUND; STRIPE_ERROR.
 */
export async function updateMeter(tools: MeterTools, tenant: Tenant, input: MeterChanges): Promise<string> {
  const { meterId, displayName } = input;
  if (displayName === null) throw badInput('A meter needs a name. Leave the field out to keep it.', 'displayName');
  const unit = input.unit === undefined ? {} : { unit: checkUnit(input.unit) };
  if (displayName === undefined)
    return tools.operation.write(async (em) => {
      const { id } = Object.assign(await findMeter({ em }, tenant, meterId), unit);
      return id;
    });
  const display_name = checkDisplayName(displayName);
  return changeMeter(tools, tenant, meterId, {
    check: () => {},
    send: (id, options) => tools.stripe.billing.meters.update(id, { display_name }, options),
    ours: unit,
  });
}

/** @throws Refusal NOT_FOUND; CONFLICT where it is archived; STRIPE_ERROR. */
export function archiveMeter(tools: MeterTools, tenant: Tenant, meterId: string): Promise<string> {
  return changeMeter(tools, tenant, meterId, {
    check: ({ archivedAt }) => {
      if (archivedAt) throw conflict('This meter is archived already.', 'meterId');
    },
    send: (id, options) => tools.stripe.billing.meters.deactivate(id, {}, options),
  });
}

/** @throws Refusal NOT_FOUND; CONFLICT where it is not archived; STRIPE_ERROR. */
export function reactivateMeter(tools: MeterTools, tenant: Tenant, meterId: string): Promise<string> {
  return changeMeter(tools, tenant, meterId, {
    check: ({ archivedAt }) => {
      if (!archivedAt) throw conflict('This meter is not archived.', 'meterId');
    },
    send: (id, options) => tools.stripe.billing.meters.reactivate(id, {}, options),
  });
}

type Change = {
  check(meter: KnownMeter): void;
  send(stripeMeterId: string, options: Stripe.RequestOptions): Promise<Stripe.Response<Stripe.Billing.Meter>>;
  /** What Stripe does not know of. */
  ours?: Partial<Pick<Meter, 'unit'>>;
};

const changeMeter = ({ operation }: MeterTools, tenant: Tenant, meterId: string, { check, send, ours = {} }: Change) =>
  operation.askStripe({
    async prepare(em) {
      const meter = await findMeter({ em }, tenant, meterId);
      check(meter);
      return { id: meter.id, stripeMeterId: meter.stripeMeterId, basis: meter.evidence };
    },
    send: ({ stripeMeterId }, options) => send(stripeMeterId, options),
    async record(em, { id, basis }, made) {
      const row = await em.findOneOrFail(Meter, { id });
      Object.assign(row, ours);
      writeMeter(row, made, basis);
      return id;
    },
    fields: { id: 'meterId' },
  });
