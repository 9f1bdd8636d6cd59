import type { EntityManager } from '@mikro-orm/core';
import { hashOneTimeToken, newOneTimeToken } from '../../identity/access/one-time-token.ts';
import { OperatorVerification } from '../../identity/operators/operator-verification.entity.ts';
import { newId } from '../../ids.ts';

/** Under what better-auth's table of things that work once keeps these links. */
export const setupLinks = 'setup-link';

const validFor = 24 * 60 * 60 * 1000;

/** @returns the only copy of an address at which somebody, once and within 24 hours, becomes an owner of the first team. */
export async function createSetupLink({ em }: { em: EntityManager }, publicUrl: string): Promise<string> {
  const token = newOneTimeToken();
  em.create(OperatorVerification, {
    id: newId('opver'),
    identifier: setupLinks,
    value: hashOneTimeToken(token),
    expiresAt: new Date(Date.now() + validFor),
  });
  await em.flush();
  return `${new URL(publicUrl).origin}/auth/setup?token=${token}`;
}
