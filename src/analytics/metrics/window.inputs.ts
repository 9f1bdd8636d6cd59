import { Field, InputType, Int } from 'type-graphql';

@InputType('AnalyticsWindow', {
  description:
    'A time: the last days until now (`days`), or from an instant to another (`from` and `to`). `from` is part of it, `to` is not. At most 400 days; `BAD_USER_INPUT` otherwise, and where it is reversed or said in both ways.',
})
export class AnalyticsWindow {
  @Field(() => Int, { nullable: true, description: 'The last so many times 24 hours, until now: 1 to 400.' })
  days?: number | null;

  @Field(() => Date, { nullable: true, description: 'Its begin, together with `to`.' })
  from?: Date | null;

  @Field(() => Date, {
    nullable: true,
    description:
      "Its end, which is later than `from`. It may lie in the future: the clock of Stripe's tests can be ahead of ours.",
  })
  to?: Date | null;
}
