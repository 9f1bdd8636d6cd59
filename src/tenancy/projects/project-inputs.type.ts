import { Field, ID, InputType, Int } from 'type-graphql';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { CurrencyCodeScalar } from '../../graphql/scalars.ts';

@InputType('CreateProjectInput', { description: 'A new project.' })
export class CreateProjectInput extends MutationInput {
  @Field(() => String, { description: 'Its name, at most 100 characters.' })
  name!: string;
}

@InputType('UpdateProjectInput', { description: 'A change of a project. What is left out stays.' })
export class UpdateProjectInput extends MutationInput {
  @Field(() => ID, { description: 'The project: `prj_…`.' })
  projectId!: string;

  @Field(() => String, { nullable: true, description: 'Its name, at most 100 characters.' })
  name?: string | null;
}

@InputType('ArchiveProjectInput', { description: 'Which project to archive, or to take up again.' })
export class ArchiveProjectInput extends MutationInput {
  @Field(() => ID, { description: 'The project: `prj_…`.' })
  projectId!: string;
}

@InputType('PlanInput', { description: 'A name for a price.' })
export class PlanInput {
  @Field(() => String, {
    description: 'What frontends call it: at most 100 characters, unique in the project and environment.',
  })
  name!: string;

  @Field(() => ID, { description: 'What it costs: `pri_…`, of this project and environment.' })
  priceId!: string;
}

@InputType('AppTokensInput', { description: "How an app's own JWTs are checked." })
export class AppTokensInput {
  @Field(() => String, { description: 'The `iss` of the tokens.' })
  issuer!: string;

  @Field(() => String, {
    description: 'The `aud` of the tokens. Issuer and audience together belong to one project and environment.',
  })
  audience!: string;

  @Field(() => String, {
    description: 'An https URL of the public keys. Private addresses are refused unless the server allows them.',
  })
  jwksUrl!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'The algorithms that are accepted, of public keys only: EdDSA, ES256 and RS256 by default.',
  })
  algorithms?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: "The claim that holds the customer's external id: `sub` by default.",
  })
  customerClaim?: string | null;

  @Field(() => [String], { description: 'What the tokens may do: scopes that a frontend may hold.' })
  scopes!: string[];
}

@InputType('UpdateProjectSettingsInput', {
  description: 'A change of the settings of one environment. What is left out stays.',
})
export class UpdateProjectSettingsInput extends MutationInput {
  @Field(() => CurrencyCodeScalar, {
    nullable: true,
    description: 'The currency where none is named; null takes it away.',
  })
  defaultCurrency?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'For how many days after a payment was due and failed a subscription still gives access: 0 to 365. Null: for as long as Stripe retries.',
  })
  gracePeriodDays?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether Stripe computes and adds taxes in a checkout that does not say, and in every one of a customer token. Stripe Tax must be set up in the Stripe account.',
  })
  automaticTax?: boolean | null;

  @Field(() => [String], {
    nullable: true,
    description: 'All origins that checkout and portal may lead back to: `https://app.example.com`.',
  })
  redirectOrigins?: string[] | null;

  @Field(() => [PlanInput], { nullable: true, description: 'All plans, at most 100: those that are not named go.' })
  plans?: PlanInput[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'The plan of a checkout that names neither price nor plan, by its name; null takes it away.',
  })
  defaultPlan?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'All prices that a customer token may check out by id: at most 1,000.',
  })
  selfServicePriceIds?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: "The colour of the portal's buttons, as `#rrggbb`: `#0b5cad`. Null takes it away.",
  })
  brandColor?: string | null;

  @Field(() => AppTokensInput, { nullable: true, description: "The app's own tokens; null takes them away." })
  appTokens?: AppTokensInput | null;
}
