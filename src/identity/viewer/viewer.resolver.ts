import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { GraphContext } from '../../graphql/graph-context.ts';
import { Public } from '../../graphql/requires-scopes.ts';
import { Project } from '../../tenancy/teams/project.entity.ts';
import { ProjectType } from '../../tenancy/teams/project.type.ts';
import { Team } from '../../tenancy/teams/team.entity.ts';
import { TeamType } from '../../tenancy/teams/team.type.ts';
import type { Principal } from '../access/principal.ts';
import { ViewerType } from './viewer.type.ts';

@Resolver(() => ViewerType)
export class ViewerResolver {
  @Query(() => ViewerType, {
    nullable: true,
    description:
      'Whom this request speaks for. Null without a credential, and for an operator who is in no team. `UNAUTHENTICATED` for a credential that does not hold.',
  })
  @Public()
  viewer(@Ctx() { principal }: GraphContext) {
    return principal;
  }

  @FieldResolver(() => [String])
  scopes(@Root() principal: Principal): string[] {
    return [...principal.scopes].sort();
  }

  @FieldResolver(() => TeamType, {
    nullable: true,
    description: 'The team. Null for a customer token, which learns nothing of it.',
  })
  team(@Root() { customerId, teamId }: Principal, @Ctx() { em }: GraphContext) {
    return customerId === null ? em.findOne(Team, { id: teamId }) : null;
  }

  @FieldResolver(() => ProjectType, {
    nullable: true,
    description:
      'The project of this request: the only one that the credential reaches, or the one in the header `Billgraph-Project`. Null for an operator of several who names none.',
  })
  project(@Root() { projectId }: Principal, @Ctx() { em }: GraphContext) {
    return projectId === null ? null : em.findOne(Project, { id: projectId });
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether it holds a scope. False for one that does not exist.',
  })
  can(
    @Root() { scopes }: Principal,
    @Arg('scope', () => String, { description: 'Such as `customers:read`.' }) scope: string,
  ): boolean {
    return scopes.has(scope);
  }
}
