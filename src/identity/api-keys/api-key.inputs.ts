import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Environment } from '../../environment.ts';
import { EnvironmentEnum } from '../../environment.type.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { RateLimitInput } from '../../limits/rate-limit.type.ts';
import { ApiKeyType } from './api-key.type.ts';

@InputType('CreateApiKeyInput', { description: 'A key for a backend.' })
export class CreateApiKeyInput extends MutationInput {
  @Field(() => String, { description: 'What the team calls it: 1 to 100 characters.' })
  name!: string;

  @Field(() => [String], { description: 'What it may do, such as `customers:read`. None: nothing.' })
  scopes!: string[];

  @Field(() => [ID], { description: 'The projects that it reaches, one at least: `prj_…`.' })
  projectIds!: string[];

  @Field(() => EnvironmentEnum, { description: 'The one environment that it reaches.' })
  environment!: Environment;

  @Field(() => Date, { nullable: true, description: 'When it ends by itself. Never, where it is left out.' })
  expiresAt?: Date | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'IP addresses and networks (CIDR) that it may come from, at most 50: `203.0.113.7`, `10.0.0.0/8`. None: any.',
  })
  allowedIps?: string[] | null;

  @Field(() => [RateLimitInput], { nullable: true, description: 'Rate limits that differ from those of the team.' })
  rateLimits?: RateLimitInput[] | null;
}

@InputType('UpdateApiKeyInput', { description: 'What changes of a key. What is left out stays.' })
export class UpdateApiKeyInput extends MutationInput {
  @Field(() => ID, { description: 'Which: `key_…`.' })
  apiKeyId!: string;

  @Field(() => String, { nullable: true, description: 'What the team calls it: 1 to 100 characters.' })
  name?: string | null;

  @Field(() => [String], { nullable: true, description: 'What it may do from now on. None: nothing.' })
  scopes?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Where it may come from, from now on. None: anywhere.' })
  allowedIps?: string[] | null;

  @Field(() => [RateLimitInput], { nullable: true, description: 'The rate limits that change.' })
  rateLimits?: RateLimitInput[] | null;
}

@InputType('RevokeApiKeyInput', { description: 'Which key ends.' })
export class RevokeApiKeyInput extends MutationInput {
  @Field(() => ID, { description: 'Which: `key_…`.' })
  apiKeyId!: string;
}

@InputType('RotateApiKeyInput', { description: 'Which key is replaced.' })
export class RotateApiKeyInput extends MutationInput {
  @Field(() => ID, { description: 'Which: `key_…`.' })
  apiKeyId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'How long the old one still works, in hours: 24 by default, 720 at most. 0 revokes it at once.',
  })
  overlapHours?: number | null;
}

@ObjectType('CreateApiKeyPayload', { simpleResolvers: true, description: 'What createApiKey answers.' })
export class CreateApiKeyPayload {
  @Field(() => ApiKeyType, { description: 'The key.' })
  apiKey!: ApiKeyType;

  @Field(() => String, { description: 'The key itself, for `Authorization: Bearer …`. It is shown this once.' })
  secret!: string;
}

@ObjectType('UpdateApiKeyPayload', { simpleResolvers: true, description: 'What updateApiKey answers.' })
export class UpdateApiKeyPayload {
  @Field(() => ApiKeyType, { description: 'The key as it is now.' })
  apiKey!: ApiKeyType;
}

@ObjectType('RevokeApiKeyPayload', { simpleResolvers: true, description: 'What revokeApiKey answers.' })
export class RevokeApiKeyPayload {
  @Field(() => ApiKeyType, { description: 'The key as it is now.' })
  apiKey!: ApiKeyType;
}

@ObjectType('RotateApiKeyPayload', { simpleResolvers: true, description: 'What rotateApiKey answers.' })
export class RotateApiKeyPayload {
  @Field(() => ApiKeyType, { description: 'The new key.' })
  apiKey!: ApiKeyType;

  @Field(() => ApiKeyType, { description: 'The old one, with its end.' })
  rotated!: ApiKeyType;

  @Field(() => String, { description: 'The new key itself. It is shown this once.' })
  secret!: string;
}
