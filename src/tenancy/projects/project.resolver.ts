import { Arg, Ctx, Field, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { GuardedContext, MutationContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { inProject } from '../../identity/access/principal.ts';
import { Project } from '../teams/project.entity.ts';
import { ProjectType } from '../teams/project.type.ts';
import { createProject } from './create-project.ts';
import {
  ArchiveProjectInput,
  CreateProjectInput,
  UpdateProjectInput,
  UpdateProjectSettingsInput,
} from './project-inputs.type.ts';
import { ProjectSettingsType } from './project-settings.type.ts';
import { updateProject } from './update-project.ts';
import { updateProjectSettings } from './update-project-settings.ts';
import { viewSettings } from './view-settings.ts';

@ObjectType('ProjectPayload', { simpleResolvers: true, description: 'The project as it is now.' })
export class ProjectPayload {
  @Field(() => ProjectType, { description: 'The project.' })
  project!: ProjectType;
}

@ObjectType('ProjectSettingsPayload', { simpleResolvers: true, description: 'The settings as they are now.' })
export class ProjectSettingsPayload {
  @Field(() => ProjectSettingsType, { description: 'How the project is set in this environment.' })
  settings!: ProjectSettingsType;
}

@Resolver()
export class ProjectResolver {
  @Query(() => [ProjectType], { description: "The team's projects, in the order in which they were made." })
  @RequiresScopes('team:read')
  projects(@Ctx() { em, principal }: GuardedContext): Promise<ProjectType[]> {
    return em.find(Project, { team: principal.teamId }, { orderBy: { id: 'asc' } }) as Promise<ProjectType[]>;
  }

  @Query(() => ProjectSettingsType, {
    description:
      'How the project of this request is set in its environment. `BAD_USER_INPUT` where several could be meant: name one in the header Billgraph-Project.',
  })
  @RequiresScopes('team:read')
  projectSettings(@Ctx() { em, everyTenant, principal }: GuardedContext): Promise<ProjectSettingsType> {
    return viewSettings({ em, everyTenant }, inProject(principal));
  }

  @Mutation(() => ProjectPayload, {
    description: 'Makes a project in the team. `BAD_USER_INPUT` for a name that will not do.',
  })
  @RequiresScopes('team:write')
  async createProject(
    @Arg('input', () => CreateProjectInput, { description: 'The project.' }) input: CreateProjectInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<ProjectPayload> {
    const project = await operation.write((em) => createProject({ em }, { teamId: principal.teamId, ...input }));
    return { project: project as ProjectType };
  }

  @Mutation(() => ProjectPayload, {
    description: 'Renames a project. `NOT_FOUND` where the team has none of this id; `BAD_USER_INPUT` with the field.',
  })
  @RequiresScopes('team:write')
  async updateProject(
    @Arg('input', () => UpdateProjectInput, { description: 'The change.' }) input: UpdateProjectInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<ProjectPayload> {
    const project = await operation.write((em) => updateProject({ em }, { teamId: principal.teamId, ...input }));
    return { project: project as ProjectType };
  }

  @Mutation(() => ProjectPayload, {
    description:
      'Archives a project: its keys and tokens read on, and every write in it is refused (`CONFLICT`); what was sold stays true. `NOT_FOUND` where the team has none of this id.',
  })
  @RequiresScopes('team:write')
  async archiveProject(
    @Arg('input', () => ArchiveProjectInput, { description: 'The project.' }) input: ArchiveProjectInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<ProjectPayload> {
    const change = { teamId: principal.teamId, ...input, archived: true };
    const project = await operation.write((em) => updateProject({ em }, change));
    return { project: project as ProjectType };
  }

  @Mutation(() => ProjectPayload, {
    description: 'Takes an archived project up again. `NOT_FOUND` where the team has none of this id.',
  })
  @RequiresScopes('team:write')
  async unarchiveProject(
    @Arg('input', () => ArchiveProjectInput, { description: 'The project.' }) input: ArchiveProjectInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<ProjectPayload> {
    const change = { teamId: principal.teamId, ...input, archived: false };
    const project = await operation.write((em) => updateProject({ em }, change));
    return { project: project as ProjectType };
  }

  @Mutation(() => ProjectSettingsPayload, {
    description:
      "Sets the project of this request in its environment (headers `Billgraph-Project`, `Billgraph-Environment`). `NOT_FOUND` for a price that is not the project's; `BAD_USER_INPUT` with the field; `CONFLICT` where the project is archived, and where another project or environment of the team has the issuer and audience of the app's tokens.",
  })
  @RequiresScopes('team:write')
  async updateProjectSettings(
    @Arg('input', () => UpdateProjectSettingsInput, { description: 'The change.' }) input: UpdateProjectSettingsInput,
    @Ctx() { em, everyTenant, operation, principal, installation }: MutationContext,
  ): Promise<ProjectSettingsPayload> {
    const side = inProject(principal);
    await operation.write((em) => updateProjectSettings({ ...installation, em }, side, input));
    return { settings: await viewSettings({ em, everyTenant }, side) };
  }
}
