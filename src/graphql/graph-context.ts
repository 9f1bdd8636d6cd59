import type { EntityManager } from '@mikro-orm/core';
import type { FastifyBaseLogger } from 'fastify';
import type Stripe from 'stripe';
import type { Origin } from '../audit/record-audit.ts';
import type { StateWatch } from '../customer-state/watch-customer-state.ts';
import { conflict } from '../errors.ts';
import { inProject, type Principal } from '../identity/access/principal.ts';
import { requireWholeTeam } from '../identity/access/require-whole-team.ts';
import type { SignedIn } from '../identity/operators/operator-sessions.ts';
import type { SigningKeys } from '../identity/tokens/signing-keys.ts';
import type { Installation } from '../installation.ts';
import type { Allowance } from '../limits/allowance.ts';
import type { Operation } from '../operations/operation.ts';
import type { TenantReader } from '../reader/create-reader.ts';
import type { OpenConnection } from '../stripe/stripe-connections.ts';
import { Project } from '../tenancy/teams/project.entity.ts';
import type { Side } from '../tenancy/teams/side.ts';
import type { Tenant } from '../tenant.ts';

/** What a resolver has. All of it reaches the caller's project and environment, and no other. */
export type GraphContext = {
  requestId: string;
  /** Where the request comes from. */
  origin: Origin;
  /** Of the header `Idempotency-Key`, unchecked. */
  idempotencyKey: string | undefined;
  /** Of the header `Last-Event-ID`, unchecked: the last event of a stream that is opened again. */
  lastEventId: string | undefined;
  log: FastifyBaseLogger;
  /** Null for a request without a credential, and for an operator without a team. */
  principal: Principal | null;
  /** Who is signed in, whether in a team or in none; null where no session asks. */
  operator: SignedIn | null;
  /** What this request may spend of its rate limits: it is spent before anything is resolved. */
  allowance: Allowance;
  signingKeys: SigningKeys;
  installation: Installation;
  stateWatch: StateWatch;
  /** A unit of work of this request, in the caller's tenant alone: PostgreSQL itself shows it no other rows. */
  readonly em: EntityManager;
  /**
   * A new unit of work that no tenant bounds, for the mutations that begin outside of one (see enforce-operations.ts). Here each
   * condition alone says whose rows are meant.
   */
  readonly everyTenant: EntityManager;
  /** Reads rows of the caller's tenant, and of its customer alone where a customer token asks. */
  readonly read: TenantReader;
  stripeConnection(): Promise<OpenConnection | null>;
};

/** The context of a field whose guard was passed: somebody asks. */
export type GuardedContext = GraphContext & { principal: Principal };

/** The context of a mutation: it writes, and asks Stripe to, in the steps of its operation alone. */
export type MutationContext = GuardedContext & { operation: Operation };

/**
 * Where the caller writes, and the Stripe account that goes with it.
 * @throws Refusal CONFLICT where the project is archived, or the team has not connected Stripe in this environment; BAD_USER_INPUT where an operator has
 * not named a project.
 */
export async function tenantOf(context: GuardedContext): Promise<Tenant & { stripe: Stripe }> {
  const { teamId, projectId, environment } = inProject(context.principal);
  await refuseArchived(context, projectId);
  const { id: connectionId, stripe } = await connected(context);
  return { teamId, projectId, environment, connectionId, stripe };
}

/**
 * The project and environment that the caller writes in, for what is ours alone: no Stripe account is needed.
 * @throws Refusal CONFLICT where the project is archived; BAD_USER_INPUT where an operator has not named one.
 */
export async function sideOf(context: GuardedContext): Promise<Side> {
  const { projectId, environment } = inProject(context.principal);
  await refuseArchived(context, projectId);
  return { projectId, environment };
}

/**
 * The Stripe connection of the caller's team and environment, for what concerns all of its projects.
 * @throws Refusal FORBIDDEN where the credential does not reach the whole team; CONFLICT where Stripe is not connected.
 */
export async function teamConnectionOf(context: GuardedContext): Promise<OpenConnection> {
  await requireWholeTeam(context, context.principal);
  return connected(context);
}

async function refuseArchived({ em }: GraphContext, projectId: string): Promise<void> {
  const { archivedAt } = await em.findOneOrFail(Project, projectId);
  if (archivedAt) throw conflict('This project is archived. Take it up again first (unarchiveProject).');
}

/**
 * The Stripe connection of the caller's team and environment.
 * @throws Refusal CONFLICT where Stripe is not connected.
 */
export async function connected(context: GuardedContext): Promise<OpenConnection> {
  const connection = await context.stripeConnection();
  if (!connection)
    throw conflict(`Stripe is not connected in ${context.principal.environment}. Connect an account first.`);
  return connection;
}
