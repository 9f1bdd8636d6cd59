import { type EntityManager, UniqueConstraintViolationException } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { conflict } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Operation } from '../../operations/operation.ts';
import { Project } from '../../tenancy/teams/project.entity.ts';
import type { Tenant } from '../../tenant.ts';
import { type Aggregation, stripeFormulaOf } from './aggregation.ts';
import { checkDisplayName, checkEventName, checkUnit } from './check-meter.ts';
import { Meter } from './meter.entity.ts';
import { writeMeter } from './write-meter.ts';

/** What writes meters. */
export type MeterTools = { em: EntityManager; stripe: Stripe; operation: Operation };

export type NewMeter = { eventName: string; displayName: string; unit?: string | null; aggregation: Aggregation };

/**
 * Makes a meter in Stripe, and its row. The event name is ours to give: the row is written first, and nobody sees it until Stripe has
 * answered. In Stripe a name is one of the account, which all projects of the team share: where there are others, a mark of this one
 * stands behind it there.
 * @returns the id of the row.
 * @throws Refusal BAD_USER_INPUT; CONFLICT where the name is taken; STRIPE_ERROR.
 */
export async function createMeter(
  { em, stripe, operation }: MeterTools,
  tenant: Tenant,
  input: NewMeter,
): Promise<string> {
  const eventName = checkEventName(input.eventName);
  const displayName = checkDisplayName(input.displayName);
  const unit = checkUnit(input.unit ?? null);
  const { aggregation } = input;
  const { projectId, environment, connectionId } = tenant;
  return operation.askStripe({
    async prepare(em) {
      const stripeEventName = await nameInStripe(em, tenant, eventName);
      const stripeFormula = stripeFormulaOf[aggregation];
      const row = { id: newId('met'), projectId, environment, connectionId, eventName, displayName, unit, aggregation };
      em.create(Meter, { ...row, stripeEventName, stripeFormula });
      const parameters: Stripe.Billing.MeterCreateParams = {
        display_name: displayName,
        event_name: stripeEventName,
        default_aggregation: { formula: stripeFormula },
        customer_mapping: { type: 'by_id', event_payload_key: 'stripe_customer_id' },
        value_settings: { event_payload_key: 'value' },
      };
      return { id: row.id, parameters };
    },
    subjectOf: ({ id }) => id,
    send: ({ parameters }, options) => stripe.billing.meters.create(parameters, options),
    async record(em, { id }, made) {
      const row = await em.findOneOrFail(Meter, { id });
      writeMeter(row, made, row.evidence);
      return id;
    },
    async undo(em, { id }) {
      await em.nativeDelete(Meter, { id, stripeMeterId: null });
    },
    async orResume(failure) {
      if (!(failure instanceof UniqueConstraintViolationException)) throw failure;
      const inTheWay = await em.findOne(Meter, { projectId, environment, eventName });
      return { subjectId: inTheWay?.id ?? null, refusal: nameTaken() };
    },
  });
}

export const nameTaken = () => conflict('Another meter of this project has this event name.', 'eventName');

async function nameInStripe(em: EntityManager, { teamId, projectId }: Tenant, eventName: string): Promise<string> {
  const others = await em.count(Project, { team: teamId, id: { $ne: projectId } });
  return others ? `${eventName}_${projectId.slice(-8)}` : eventName;
}
