import { Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import { conflict } from '../../errors.ts';
import { enumOf } from '../../graphql/enum-of.ts';
import type { GuardedContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { requireWholeTeam } from '../../identity/access/require-whole-team.ts';
import { StripeConnection } from '../connections/stripe-connection.entity.ts';
import { diagnose } from './diagnose.ts';
import type { DoctorCheck } from './finding.ts';

const DoctorCheckEnum = enumOf<DoctorCheck>('DoctorCheck', 'What the doctor looks at.', {
  KEY_VALID: 'Stripe can be reached, takes the secret key, and it is of the connected account.',
  KEY_MODE: 'The key is of the mode that the environment needs: test or live.',
  KEY_RIGHTS: 'A restricted key has every right that is needed.',
  CLOCK: 'Our clock agrees with that of Stripe.',
  ENDPOINT: 'Stripe has our webhook endpoint, and it is enabled.',
  ENDPOINT_API_VERSION: 'The endpoint sends events in the version of the API that we read.',
  ENDPOINT_EVENTS: 'The endpoint is sent every type of event that we need.',
  EVENT_DESTINATION:
    'Stripe has our destination of thin events, which report usage that could not be counted; a restricted key without the right to it has none.',
  WEBHOOK_SECRET: 'Deliveries arrive: the signing secret is that of the endpoint.',
  MIGRATIONS: 'The tables are up to date.',
  BACKLOG: 'Events are worked in time, and none failed too often.',
  USAGE: "Recorded usage reaches Stripe's meters in time, and none was refused.",
  REFERRALS: 'Stripe took the referral credit that customers earned, and gave back what was taken back.',
  WORKER: 'A worker is running.',
});

@ObjectType('DoctorFinding', { simpleResolvers: true, description: 'What a check found.' })
export class DoctorFinding {
  @Field(() => DoctorCheckEnum, { description: 'The check.' })
  check!: DoctorCheck;

  @Field(() => Boolean, { description: 'Whether all is well.' })
  ok!: boolean;

  @Field(() => String, { description: 'What was found.' })
  message!: string;

  @Field(() => String, { nullable: true, description: 'What to do about it; null where nothing is to be done.' })
  mend!: string | null;
}

@ObjectType('DoctorReport', { simpleResolvers: true, description: 'The state of a Stripe connection.' })
export class DoctorReport {
  @Field(() => Boolean, { description: 'Whether all is well.' })
  ok!: boolean;

  @Field(() => [DoctorFinding], {
    description: 'Each check with what it found. What Stripe could not be asked is left out.',
  })
  findings!: DoctorFinding[];
}

@Resolver()
export class DoctorResolver {
  @Query(() => DoctorReport, {
    description:
      'Examines the Stripe connection of this environment: asks Stripe some questions, and changes nothing. The key must reach every project of the team.',
  })
  @RequiresScopes('webhooks:read')
  async doctor(@Ctx() context: GuardedContext): Promise<DoctorReport> {
    const { em, principal } = context;
    await requireWholeTeam({ em }, principal);
    const { teamId, environment } = principal;
    const row = await em.findOne(StripeConnection, { team: teamId, environment });
    if (!row) throw conflict(`Stripe is not connected in ${environment}. Connect an account first.`);
    const findings = await diagnose({ em, open: () => context.stripeConnection() }, row);
    return { ok: findings.every(({ ok }) => ok), findings };
  }
}
