import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql';
import { type Connection, ConnectionArgs } from '../graphql/connection.ts';
import type { GuardedContext } from '../graphql/graph-context.ts';
import { RequiresScopes } from '../graphql/requires-scopes.ts';
import { AuditEntryConnection, type AuditEntryType, AuditLogFilter } from './audit-entry.type.ts';
import { listAuditEntries } from './list-audit-entries.ts';

@Resolver()
export class AuditResolver {
  @Query(() => AuditEntryConnection, {
    description:
      'Every write in the team, and when its members signed in or out, by whom and from where, the oldest first: ask with `last` for the newest. What Stripe and the background change of their own accord is not a write of anybody, and is not in it.',
  })
  @RequiresScopes('audit:read')
  auditLog(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => AuditLogFilter, { nullable: true, description: 'Which entries; all where it is left out.' })
    filter: AuditLogFilter | null,
    @Ctx() { em, principal }: GuardedContext,
  ): Promise<Connection<AuditEntryType>> {
    return listAuditEntries({ em }, principal.teamId, filter ?? {}, page);
  }
}
