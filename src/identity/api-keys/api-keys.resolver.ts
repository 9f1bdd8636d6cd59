import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { ConnectionArgs } from '../../graphql/connection.ts';
import type { GuardedContext, MutationContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { limitChangesOf } from '../../limits/rate-limit.type.ts';
import { pageById } from '../../reader/page-by-id.ts';
import { ApiKey } from '../access/api-key.entity.ts';
import {
  CreateApiKeyInput,
  CreateApiKeyPayload,
  RevokeApiKeyInput,
  RevokeApiKeyPayload,
  RotateApiKeyInput,
  RotateApiKeyPayload,
  UpdateApiKeyInput,
  UpdateApiKeyPayload,
} from './api-key.inputs.ts';
import { ApiKeyConnection, ApiKeyUsageType } from './api-key.type.ts';
import { issueApiKey } from './issue-api-key.ts';
import { listUsage } from './list-usage.ts';
import { revokeApiKey } from './revoke-api-key.ts';
import { rotateApiKey } from './rotate-api-key.ts';
import { updateApiKey } from './update-api-key.ts';
import { viewApiKey } from './view-api-key.ts';

@Resolver()
export class ApiKeysResolver {
  @Query(() => ApiKeyConnection, { description: 'Every API key of the team, those that ended too.' })
  @RequiresScopes('keys:read')
  async apiKeys(@Args(() => ConnectionArgs) args: ConnectionArgs, @Ctx() { em, principal }: GuardedContext) {
    const page = await pageById(em, ApiKey, { team: principal.teamId }, args);
    const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: viewApiKey(node) }));
    return { ...page, edges, nodes: edges.map(({ node }) => node) };
  }

  @Query(() => [ApiKeyUsageType], {
    description:
      'What an API key asked, by day, the oldest first; days without a request are left out. It is some seconds behind, and kept for 400 days. `NOT_FOUND` for a key that is none of the team, `BAD_USER_INPUT` for days that make no span of 400 days at most.',
  })
  @RequiresScopes('keys:read')
  async apiKeyUsage(
    @Arg('keyId', () => ID, { description: 'Which key: `key_…`.' }) keyId: string,
    @Arg('from', () => String, { description: 'The first day (UTC): `2026-11-01`.' }) from: string,
    @Arg('to', () => String, { description: 'The last day (UTC): `2026-11-30`.' }) to: string,
    @Ctx() { em, principal }: GuardedContext,
  ): Promise<ApiKeyUsageType[]> {
    const days = await listUsage({ em }, principal, { keyId, from, to });
    return days.map(({ day, requests, weight, refused }) => ({ day, requests, weight: BigInt(weight), refused }));
  }

  @Mutation(() => CreateApiKeyPayload, {
    description:
      'Makes an API key, whose secret is answered this once. `BAD_USER_INPUT` with the field for a scope that keys cannot hold, an end that is past, or what is no network; `NOT_FOUND` for a project that is none of the team.',
  })
  @RequiresScopes('keys:write')
  async createApiKey(
    @Arg('input', () => CreateApiKeyInput, { description: 'The key.' }) input: CreateApiKeyInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<CreateApiKeyPayload> {
    const wanted = { ...input, rateLimits: limitChangesOf(input.rateLimits) };
    const made = await operation.write((em) => issueApiKey({ em }, principal, wanted));
    return { apiKey: viewApiKey(made.apiKey), secret: made.secret };
  }

  @Mutation(() => UpdateApiKeyPayload, {
    description:
      'Changes an API key; every server keeps to it at once. `NOT_FOUND` for a key that is none of the team, `BAD_USER_INPUT` with the field.',
  })
  @RequiresScopes('keys:write')
  async updateApiKey(
    @Arg('input', () => UpdateApiKeyInput, { description: 'What changes.' }) input: UpdateApiKeyInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<UpdateApiKeyPayload> {
    const changes = { ...input, rateLimits: limitChangesOf(input.rateLimits) };
    return { apiKey: viewApiKey(await operation.write((em) => updateApiKey({ em }, principal, changes))) };
  }

  @Mutation(() => RevokeApiKeyPayload, {
    description:
      'Ends an API key: every server refuses it, and the customer tokens that it minted, within 5 seconds. One that was revoked before stays so. `NOT_FOUND` for a key that is none of the team.',
  })
  @RequiresScopes('keys:write')
  async revokeApiKey(
    @Arg('input', () => RevokeApiKeyInput, { description: 'Which.' }) input: RevokeApiKeyInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<RevokeApiKeyPayload> {
    return { apiKey: viewApiKey(await operation.write((em) => revokeApiKey({ em }, principal, input))) };
  }

  @Mutation(() => RotateApiKeyPayload, {
    description:
      'Replaces an API key by a new one that may do the same, and lives as long from now on; the old one ends after the overlap. `NOT_FOUND` for a key that is none of the team, `CONFLICT` for one that has ended, `BAD_USER_INPUT` for an overlap out of range. Customer tokens that the old one minted live on, unless the overlap is 0.',
  })
  @RequiresScopes('keys:write')
  async rotateApiKey(
    @Arg('input', () => RotateApiKeyInput, { description: 'Which.' }) input: RotateApiKeyInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<RotateApiKeyPayload> {
    const { apiKey, rotated, secret } = await operation.write((em) => rotateApiKey({ em }, principal, input));
    return { apiKey: viewApiKey(apiKey), rotated: viewApiKey(rotated), secret };
  }
}
