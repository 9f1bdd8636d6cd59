import { Arg, Ctx, Field, InputType, Query, Resolver } from 'type-graphql';
import { CustomerBy } from '../../billing/customers/customer-by.inputs.ts';
import { badInput } from '../../errors.ts';
import type { GuardedContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { inProject } from '../../identity/access/principal.ts';
import { MeterBy } from '../meters/meter.resolver.ts';
import { findUsage } from './find-usage.ts';
import type { Grouping } from './read-usage.ts';
import { UsageGroupingEnum, UsagePeriodEnum, UsageType } from './usage.type.ts';

@InputType('UsageRange', { description: 'A time: `from` is part of it, `to` is not.' })
export class UsageRange {
  @Field(() => Date, { description: 'Its begin.' })
  from!: Date;

  @Field(() => Date, { description: 'Its end, which is later.' })
  to!: Date;
}

@Resolver()
export class UsageResolver {
  @Query(() => UsageType, {
    nullable: true,
    description:
      'What a customer used of a meter, right to the last event that was answered: in the current billing period, or in a range. Null where there is no such customer or meter. Stripe is not asked. `BAD_USER_INPUT` where nothing lies in the range, more than 1,000 hours or days do, or both a period and a range are given. A customer token may leave out the customer, and finds nobody else.',
  })
  @RequiresScopes('usage:read')
  usage(
    @Arg('customer', () => CustomerBy, { nullable: true, description: 'Who used it.' }) customer: CustomerBy | null,
    @Arg('meter', () => MeterBy, { description: 'What was used.' }) meter: MeterBy,
    @Arg('period', () => UsagePeriodEnum, {
      nullable: true,
      description: 'When: `CURRENT_BILLING_PERIOD`, which is meant without a range too.',
    })
    period: keyof typeof UsagePeriodEnum | null,
    @Arg('range', () => UsageRange, { nullable: true, description: 'When, from an instant to another.' })
    range: UsageRange | null,
    @Arg('groupBy', () => UsageGroupingEnum, { nullable: true, description: 'Divides it into `buckets`.' })
    groupBy: Grouping | null,
    @Ctx() { em, principal }: GuardedContext,
  ): Promise<UsageType | null> {
    const { customerId: own } = principal;
    if (period != null && range != null) throw badInput('Give a period or a range, not both.', 'range');
    const by = customer ?? (own === null ? null : { id: own });
    if (!by) throw badInput('Name the customer.', 'customer');
    const wanted = { customer: { ...by }, meter: { ...meter }, range: range ?? null, groupBy: groupBy ?? null };
    return findUsage(em, inProject(principal), wanted, own);
  }
}
