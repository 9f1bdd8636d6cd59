import { hash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { Refusal, unauthenticated } from '../../errors.ts';
import { hashOneTimeToken, newOneTimeToken } from '../../identity/access/one-time-token.ts';
import type { ProjectPrincipal } from '../../identity/access/principal.ts';
import type { RevokedKeys } from '../../identity/access/revoked-keys.ts';
import { frontendScopes } from '../../identity/access/scopes.ts';
import { isId } from '../../ids.ts';
import { findSettings } from '../../tenancy/projects/find-settings.ts';
import { Project } from '../../tenancy/teams/project.entity.ts';
import { isSame } from './portal-secrets.ts';
import { PortalSession } from './portal-session.entity.ts';

/** A portal that was open, and where its customer goes on. Who comes late has guessed nothing: it is no credential that does not hold. */
export class PortalClosed extends Refusal {
  override name = 'PortalClosed';
  readonly returnUrl: string;
  constructor(message: string, { returnUrl }: PortalSession) {
    super('NOT_FOUND', message);
    this.returnUrl = returnUrl;
  }
}

/** A portal that is open: for whom it speaks, and how it looks. */
export type OpenPortal = {
  session: PortalSession;
  customerId: string;
  /** Asks the graph as a customer token with every scope that a frontend may hold. */
  principal: ProjectPrincipal;
  project: { name: string; color: string | null };
};

/** A link that was opened opens again in the same browser for so long, in seconds, and so often: a double click is no second person. */
const doubleClick = 60;
const mostClicks = 5;

const populate = ['customer'] as const;

type Tools = { em: EntityManager; revokedKeys: RevokedKeys };

/**
 * Opens a link, which works once.
 * @param browser what tells browsers apart before one has a cookie: its address and its name.
 * @returns the session, and the secret that lets its browser in from now on.
 * @throws Refusal UNAUTHENTICATED for a link that is none; PortalClosed for one that was used or has expired.
 */
export async function openPortalSession(
  tools: Tools,
  { token, browser }: { token: string; browser: string },
): Promise<{ session: PortalSession; secret: string }> {
  const { em } = tools;
  const session = await em.findOne(PortalSession, { tokenHash: hashOneTimeToken(token) }, { populate });
  if (!session)
    throw unauthenticated('This link is not whole, or was never one. Open the page again from where you came.');
  await refuseOver(tools, session);
  const secret = newOneTimeToken();
  const values = [session.id, hash('sha256', browser), hashOneTimeToken(secret), doubleClick, mostClicks];
  if (!(await runStatement(em, opening, values)).length)
    throw new PortalClosed('This link was used already. For your safety it opens only once.', session);
  return { session, secret };
}

/** Of two browsers that open it at once one counts. */
const opening = `
  update portal_session
  set opened_at = coalesce(opened_at, now()), opened_by = $2, secret_hashes = array_append(secret_hashes, $3)
  where id = $1 and (opened_at is null or
    (opened_by = $2 and opened_at > now() - $4 * interval '1 second' and cardinality(secret_hashes) < $5))
  returning 1`;

/**
 * The session that a browser says it has.
 * @param secret of the browser's cookie; empty where it has none.
 * @throws Refusal UNAUTHENTICATED where it has none; PortalClosed where its time is over, the customer is no more, or the key that asked
 * for it was revoked.
 */
export async function findPortalSession(
  tools: Tools,
  { id, secret }: { id: string; secret: string },
): Promise<OpenPortal> {
  const { em } = tools;
  const session = isId('pos', id) ? await em.findOne(PortalSession, { id }, { populate }) : null;
  if (!session) throw unauthenticated('There is no such page. Open it again from where you came.');
  await refuseOver(tools, session);
  const secretHash = hashOneTimeToken(secret);
  if (!session.secretHashes.some((one) => isSame(secretHash, one)))
    throw unauthenticated('This browser has not opened this page by its link. Open it again from where you came.');
  const { projectId, environment, customer } = session;
  const { team, name } = await em.findOneOrFail(Project, projectId);
  const { brandColor } = await findSettings({ em }, { projectId, environment });
  const principal: ProjectPrincipal = {
    kind: 'CUSTOMER_TOKEN',
    id: customer.id,
    teamId: team.id,
    projectId,
    projectIds: [projectId],
    environment,
    customerId: customer.id,
    role: null,
    scopes: new Set(frontendScopes),
    keyId: session.apiKeyId ?? undefined,
  };
  return { session, customerId: customer.id, principal, project: { name, color: brandColor ?? null } };
}

async function refuseOver({ revokedKeys }: Tools, session: PortalSession): Promise<void> {
  if (session.customer.deletedAt) throw new PortalClosed('This customer is no more.', session);
  if (session.expiresAt <= new Date()) throw new PortalClosed('This page has expired.', session);
  if (session.apiKeyId && (await revokedKeys.has(session.apiKeyId)))
    throw new PortalClosed('This page was closed.', session);
}
