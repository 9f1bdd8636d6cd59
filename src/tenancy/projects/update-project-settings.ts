import { type EntityManager, LockMode, UniqueConstraintViolationException } from '@mikro-orm/core';
import { Price } from '../../billing/catalog/price.entity.ts';
import { checkOrigin, checkText } from '../../check-input.ts';
import { badInput, conflict, notFound } from '../../errors.ts';
import { isId, newId } from '../../ids.ts';
import type { Tenant } from '../../tenant.ts';
import { Project } from '../teams/project.entity.ts';
import { type AppTokens, checkAppTokens } from './check-app-tokens.ts';
import { findSettings } from './find-settings.ts';
import { Plan } from './plan.entity.ts';

export type SettingsChange = {
  defaultCurrency?: string | null;
  gracePeriodDays?: number | null;
  automaticTax?: boolean | null;
  redirectOrigins?: string[] | null;
  /** All plans: those that are not named go. */
  plans?: { name: string; priceId: string }[] | null;
  /** A plan's name. */
  defaultPlan?: string | null;
  /** All prices that a customer token may check out by id. */
  selfServicePriceIds?: string[] | null;
  /** `#rrggbb`; null takes it away. */
  brandColor?: string | null;
  /** Null takes them away. */
  appTokens?: AppTokens | null;
};

type Tools = { em: EntityManager; allowPrivateAddresses: boolean };
type Side = Pick<Tenant, 'projectId' | 'environment'>;

/**
 * Changes how one side of a project is set; what is left out stays.
 * @throws Refusal NOT_FOUND for a price that is not of this side; BAD_USER_INPUT with the
 * field; CONFLICT where the project is archived, and where another project of the team has these app tokens.
 */
export async function updateProjectSettings(
  { em, allowPrivateAddresses }: Tools,
  { projectId, environment }: Side,
  change: SettingsChange,
): Promise<void> {
  const side = { projectId, environment };
  // One change at a time: two that make the first settings, or the same plan, would stand in each other's way.
  const project = await em.findOneOrFail(Project, projectId, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  if (project.archivedAt) throw conflict('This project is archived. Take it up again first (unarchiveProject).');
  const settings = await findSettings({ em }, side);
  if (change.defaultCurrency !== undefined) settings.defaultCurrency = change.defaultCurrency;
  if (change.gracePeriodDays !== undefined) settings.gracePeriodDays = gracePeriodOf(change.gracePeriodDays);
  if (change.automaticTax != null) settings.automaticTax = change.automaticTax;
  if (change.redirectOrigins != null)
    settings.redirectOrigins = change.redirectOrigins.map((origin, at) => checkOrigin(origin, `redirectOrigins.${at}`));
  if (change.brandColor !== undefined) settings.brandColor = colorOf(change.brandColor);
  if (change.appTokens !== undefined)
    Object.assign(
      settings,
      checkAppTokens(change.appTokens, { allowPrivateAddresses, teamId: project.team.id, before: settings }),
    );
  if (change.plans != null) await setPlans({ em }, side, change.plans);
  if (change.defaultPlan !== undefined) await setDefaultPlan({ em }, side, change);
  if (change.selfServicePriceIds != null)
    settings.selfServicePriceIds = await selfService({ em }, side, change.selfServicePriceIds);
  try {
    await em.persist(settings).flush();
  } catch (failure) {
    if (!(failure instanceof UniqueConstraintViolationException)) throw failure;
    // Within a team, a token must say where it belongs.
    throw conflict(
      'Another project or environment of the team has this issuer and audience. Use another audience.',
      'appTokens.audience',
    );
  }
}

function gracePeriodOf(days: number | null): number | null {
  if (days !== null && (days < 0 || days > 365))
    throw badInput('A grace period is from 0 to 365 days.', 'gracePeriodDays');
  return days;
}

function colorOf(color: string | null): string | null {
  if (color !== null && !/^#[0-9a-f]{6}$/i.test(color))
    throw badInput('A colour is written as #rrggbb, such as #0b5cad.', 'brandColor');
  return color?.toLowerCase() ?? null;
}

async function setPlans({ em }: { em: EntityManager }, side: Side, wanted: { name: string; priceId: string }[]) {
  if (wanted.length > 100) throw badInput('A project has at most 100 plans.', 'plans');
  const names = wanted.map(({ name }, at) => checkText(name, `plans.${at}.name`, { max: 100 }));
  const twice = names.findIndex((name, at) => names.indexOf(name) !== at);
  if (twice >= 0) throw badInput('Two plans have this name.', `plans.${twice}.name`);
  const existing = await em.find(Plan, side);
  for (const plan of existing) if (!names.includes(plan.name)) em.remove(plan);
  for (const [at, { priceId }] of wanted.entries()) {
    const price = await findPrice({ em }, side, { id: priceId, field: `plans.${at}.priceId` });
    const plan = existing.find(({ name }) => name === names[at]);
    if (plan) plan.price = price;
    else em.create(Plan, { id: newId('plan'), ...side, name: names[at]!, price });
  }
  await em.flush();
}

async function setDefaultPlan({ em }: { em: EntityManager }, side: Side, { defaultPlan }: SettingsChange) {
  const plans = await em.find(Plan, side);
  const chosen = plans.find(({ name }) => name === defaultPlan);
  if (defaultPlan != null && !chosen) throw badInput('There is no plan of this name. Name it in plans.', 'defaultPlan');
  for (const plan of plans) if (plan !== chosen) plan.isDefault = false;
  // One plan at a time is the default one: the old one ends before the new one begins.
  await em.flush();
  if (chosen) chosen.isDefault = true;
}

async function selfService({ em }: { em: EntityManager }, side: Side, ids: string[]): Promise<string[]> {
  if (ids.length > 1_000) throw badInput('At most 1,000 prices can be self-service.', 'selfServicePriceIds');
  for (const [at, id] of ids.entries()) await findPrice({ em }, side, { id, field: `selfServicePriceIds.${at}` });
  return [...new Set(ids)];
}

async function findPrice({ em }: { em: EntityManager }, side: Side, { id, field }: { id: string; field: string }) {
  const price = isId('pri', id) && (await em.findOne(Price, { id, ...side }));
  if (!price) throw notFound('price', field);
  return price;
}
