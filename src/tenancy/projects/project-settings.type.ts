import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Environment } from '../../environment.ts';
import { EnvironmentEnum } from '../../environment.type.ts';
import { CurrencyCodeScalar } from '../../graphql/scalars.ts';

@ObjectType('Plan', { simpleResolvers: true, description: "A project's own name for a price." })
export class PlanType {
  @Field(() => String, { description: 'What frontends call it.' })
  name!: string;

  @Field(() => ID, { description: 'What it costs: `pri_…`.' })
  priceId!: string;

  @Field(() => Boolean, { description: 'Whether a checkout that names neither price nor plan is of this one.' })
  isDefault!: boolean;
}

@ObjectType('AppTokens', {
  simpleResolvers: true,
  description: "How an app's own JWTs are checked, so that its frontend needs no customer token of ours.",
})
export class AppTokensType {
  @Field(() => String, { description: 'The `iss` of the tokens.' })
  issuer!: string;

  @Field(() => String, { description: 'The `aud` of the tokens.' })
  audience!: string;

  @Field(() => String, { description: 'Where the public keys are.' })
  jwksUrl!: string;

  @Field(() => [String], { description: 'The algorithms that are accepted.' })
  algorithms!: string[];

  @Field(() => String, { description: "The claim that holds the customer's external id." })
  customerClaim!: string;

  @Field(() => [String], { description: 'What the tokens may do.' })
  scopes!: string[];

  @Field(() => Boolean, {
    description:
      'Whether another team registered this issuer before. Then requests with these tokens must name this project in the header `Billgraph-Project`: without it they may be taken for tokens of the other team.',
  })
  mustNameProject!: boolean;
}

@ObjectType('ProjectSettings', { simpleResolvers: true, description: 'How a project is set in one environment.' })
export class ProjectSettingsType {
  @Field(() => EnvironmentEnum, { description: 'The environment.' })
  environment!: Environment;

  @Field(() => CurrencyCodeScalar, {
    nullable: true,
    description: 'The currency where none is named. Null: none is set.',
  })
  defaultCurrency!: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'For how many days after a payment was due and failed a subscription still gives access. Null: for as long as Stripe retries.',
  })
  gracePeriodDays!: number | null;

  @Field(() => Boolean, {
    description:
      'Whether Stripe computes and adds taxes in a checkout that does not say, and in every one of a customer token.',
  })
  automaticTax!: boolean;

  @Field(() => [String], {
    description: 'The origins that checkout and portal may lead back to. In TEST localhost is allowed as well.',
  })
  redirectOrigins!: string[];

  @Field(() => [PlanType], { description: 'The plans, by name.' })
  plans!: PlanType[];

  @Field(() => [ID], { description: 'The prices that a customer token may check out by id.' })
  selfServicePriceIds!: string[];

  @Field(() => String, {
    nullable: true,
    description: "The colour of the portal's buttons, `#rrggbb`. Null: the portal's own.",
  })
  brandColor!: string | null;

  @Field(() => AppTokensType, { nullable: true, description: "The app's own tokens. Null where none are accepted." })
  appTokens!: AppTokensType | null;
}
