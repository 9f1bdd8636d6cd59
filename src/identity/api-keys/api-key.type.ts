import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Environment } from '../../environment.ts';
import { EnvironmentEnum } from '../../environment.type.ts';
import { connectionOf } from '../../graphql/connection.ts';
import { BigIntScalar } from '../../graphql/scalars.ts';
import { RateLimitType } from '../../limits/rate-limit.type.ts';

@ObjectType('ApiKey', { simpleResolvers: true, description: "A backend's credential. Its secret is not kept." })
export class ApiKeyType {
  @Field(() => ID, { description: 'Our id: `key_…`.' })
  id!: string;

  @Field(() => String, { description: 'What the team calls it.' })
  name!: string;

  @Field(() => String, { description: 'How it begins: `bs_test_` or `bs_live_`.' })
  prefix!: string;

  @Field(() => String, { description: 'Its last four characters.' })
  lastFour!: string;

  @Field(() => EnvironmentEnum, { description: 'The one environment that it reaches.' })
  environment!: Environment;

  @Field(() => [ID], { description: 'The projects that it reaches: `prj_…`.' })
  projectIds!: string[];

  @Field(() => [String], { description: 'What it may do. None: nothing.' })
  scopes!: string[];

  @Field(() => [String], { description: 'IP addresses and networks (CIDR) that it may come from. None: any.' })
  allowedIps!: string[];

  @Field(() => [RateLimitType], { description: 'Where its rate limits differ from those of the team.' })
  rateLimits!: RateLimitType[];

  @Field(() => Date, { nullable: true, description: 'When it ends by itself; null where it does not.' })
  expiresAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was revoked; null where it was not.' })
  revokedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it asked last, some seconds late; null where it never did.' })
  lastUsedAt!: Date | null;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;
}

@ObjectType('ApiKeyUsage', { simpleResolvers: true, description: 'What a key asked on one day.' })
export class ApiKeyUsageType {
  @Field(() => String, { description: 'The day (UTC): `2026-11-21`.' })
  day!: string;

  @Field(() => Int, { description: 'How many requests there were.' })
  requests!: number;

  @Field(() => BigIntScalar, { description: 'What they cost, in points of rate limits.' })
  weight!: bigint;

  @Field(() => Int, { description: 'How many of them were refused as `RATE_LIMITED`.' })
  refused!: number;
}

export const ApiKeyConnection = connectionOf('ApiKey', () => ApiKeyType);
