import { randomBytes } from 'node:crypto';
import type { Role } from '../../src/identity/access/roles.ts';
import { createOperator as makeOperator } from '../../src/identity/operators/create-operator.ts';
import { newId } from '../../src/ids.ts';
import { TeamMember } from '../../src/tenancy/members/team-member.entity.ts';
import { type Billgraph, testPublicUrl } from './billgraph.ts';
import { type Answer, ask } from './graph.ts';

export type TestOperator = {
  id: string;
  email: string;
  password: string;
  /** What his browser sends: `Cookie`. */
  cookie: string;
  /** Asks as a page of ours does. `headers` are added, or replace its own: `billgraph-project`, `billgraph-environment`, … */
  ask<Data = any>(
    query: string | { toString(): string },
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<Answer<Data>>;
};

/** What a page of ours sends beside the cookie. */
export const pageHeaders = { origin: testPublicUrl, 'apollo-require-preflight': 'true' };

/** Somebody who is signed in, with a role in the tenant's team; in no team where there is no tenant. */
export async function createOperator(
  billgraph: Billgraph,
  tenant: { teamId: string } | null,
  role: Role = 'OWNER',
): Promise<TestOperator> {
  const em = billgraph.app.orm.em.fork();
  const email = `operator_${randomBytes(6).toString('hex')}@example.com`;
  const password = randomBytes(12).toString('hex');
  const operator = await makeOperator({ em }, { name: 'Olive Operator', email, password });
  if (tenant) em.create(TeamMember, { id: newId('mem'), team: tenant.teamId, operator, role });
  await em.flush();
  const cookie = await signIn(billgraph, { email, password });
  return {
    id: operator.id,
    email,
    password,
    cookie,
    ask: (query, variables, headers) => ask(billgraph, null, query, variables, { cookie, ...pageHeaders, ...headers }),
  };
}

/** Signs in beside the limit on attempts, which is for HTTP. */
export async function signIn({ app }: Billgraph, body: { email: string; password: string }): Promise<string> {
  const answer = await app.auth.api.signInEmail({ body, asResponse: true });
  return cookiesOf(answer.headers);
}

/** The cookies that an answer sets, as a browser would send them back. */
export const cookiesOf = (headers: Headers) =>
  headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
