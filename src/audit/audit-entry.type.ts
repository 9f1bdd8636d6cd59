import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionOf } from '../graphql/connection.ts';

@ObjectType('AuditActor', { simpleResolvers: true, description: 'Who wrote.' })
export class AuditActor {
  @Field(() => String, {
    description: '`API_KEY`, `CUSTOMER_TOKEN` or `OPERATOR`; `ADDRESS` where nobody knows who: a sign-in that failed.',
  })
  kind!: string;

  @Field(() => ID, { description: "The key's id, the customer's id, the operator's id, or the IP address." })
  id!: string;

  @Field(() => String, { nullable: true, description: 'What an operator was in the team; null for the others.' })
  role!: string | null;
}

@ObjectType('AuditEntry', {
  simpleResolvers: true,
  description:
    "One write, as it was carried out, or what became of an operator's session. Entries are only ever added. A call that was refused wrote nothing and has none.",
})
export class AuditEntryType {
  @Field(() => ID, { description: 'Our id: `aud_…`.' })
  id!: string;

  @Field(() => AuditActor, { description: 'Who wrote.' })
  actor!: AuditActor;

  @Field(() => String, {
    description:
      'By which mutation; or, of sessions, `signIn`, `signInFailed` (the operator whom it was for is the subject), `signOut`, `revokeSession`, `revokeSessions`, `revokeOtherSessions`, `changePassword`.',
  })
  mutation!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The noun that was written: `Customer`. Null where nothing of ours was, as where Stripe alone was asked.',
  })
  subjectType!: string | null;

  @Field(() => String, { nullable: true, description: 'Our id of what was written: `pc_…`.' })
  subjectId!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What changed, as it was before, as JSON text; null for what is new. Secrets are left out: `[secret]` says that there was one.',
  })
  before!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What changed, as it became, as JSON text; null for what was removed. Secrets are left out.',
  })
  after!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: "The project that the caller worked in; null for what is the whole team's.",
  })
  projectId!: string | null;

  @Field(() => String, { nullable: true, description: 'The environment that the caller worked in: `TEST` or `LIVE`.' })
  environment!: string | null;

  @Field(() => String, { nullable: true, description: 'The address that the call came from.' })
  ip!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The program that called, in its own words, at most 500 characters.',
  })
  userAgent!: string | null;

  @Field(() => String, { nullable: true, description: 'The request: `req_…`, as its answer and our logs name it.' })
  requestId!: string | null;

  @Field(() => Date, { description: 'When it was written.' })
  createdAt!: Date;
}

@InputType('AuditLogFilter', { description: 'Which entries. What is left out does not matter.' })
export class AuditLogFilter {
  @Field(() => ID, { nullable: true, description: 'Written by this credential: its id.' })
  actor?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of this row: our id.' })
  subject?: string | null;

  @Field(() => String, { nullable: true, description: 'By this mutation: `createCustomer`, `signIn`.' })
  mutation?: string | null;

  @Field(() => Date, { nullable: true, description: 'Written at this instant or later.' })
  from?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Written before this instant.' })
  to?: Date | null;
}

export const AuditEntryConnection = connectionOf('AuditEntry', () => AuditEntryType);
