import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { OutgoingEndpointType } from './outgoing-endpoint.type.ts';

@InputType('CreateOutgoingEndpointInput', { description: 'Who is told of what.' })
export class CreateOutgoingEndpointInput extends MutationInput {
  @Field(() => String, { description: 'Where messages are posted to: https, of an address that the internet reaches.' })
  url!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'What it is told of: types (`invoice.paid`), groups (`subscription.*`), or `*`. All where left out.',
  })
  eventTypes?: string[] | null;

  @Field(() => String, { nullable: true, description: 'What you call it: at most 200 characters.' })
  description?: string | null;
}

@InputType('UpdateOutgoingEndpointInput', { description: 'What changes of an endpoint. What is left out stays.' })
export class UpdateOutgoingEndpointInput extends MutationInput {
  @Field(() => ID, { description: 'Which: `oep_…`.' })
  endpointId!: string;

  @Field(() => String, { nullable: true, description: 'Where messages are posted to from now on.' })
  url?: string | null;

  @Field(() => [String], { nullable: true, description: 'What it is told of from now on.' })
  eventTypes?: string[] | null;

  @Field(() => String, { nullable: true, description: 'What you call it; null takes it away.' })
  description?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether it is sent anything. What comes due while it is disabled fails, and messages of that time are kept to be replayed.',
  })
  enabled?: boolean | null;
}

@InputType('DeleteOutgoingEndpointInput', { description: 'Which endpoint goes.' })
export class DeleteOutgoingEndpointInput extends MutationInput {
  @Field(() => ID, { description: 'Which: `oep_…`.' })
  endpointId!: string;
}

@InputType('TestOutgoingEndpointInput', { description: 'Which endpoint is tried.' })
export class TestOutgoingEndpointInput extends MutationInput {
  @Field(() => ID, { description: 'Which: `oep_…`.' })
  endpointId!: string;
}

@InputType('RotateOutgoingEndpointSecretInput', { description: 'Whose secret is replaced.' })
export class RotateOutgoingEndpointSecretInput extends MutationInput {
  @Field(() => ID, { description: 'Which: `oep_…`.' })
  endpointId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'How long the old secret signs as well, in hours: 24 by default, 168 at most. 0 ends it at once.',
  })
  overlapHours?: number | null;
}

@ObjectType('OutgoingEndpointSecretPayload', {
  simpleResolvers: true,
  description: 'What createOutgoingEndpoint and rotateOutgoingEndpointSecret answer.',
})
export class OutgoingEndpointSecretPayload {
  @Field(() => OutgoingEndpointType, { description: 'The endpoint.' })
  endpoint!: OutgoingEndpointType;

  @Field(() => String, { description: 'What signs its messages: `whsec_…`. It is shown this once.' })
  secret!: string;
}

@ObjectType('UpdateOutgoingEndpointPayload', {
  simpleResolvers: true,
  description: 'What updateOutgoingEndpoint answers.',
})
export class UpdateOutgoingEndpointPayload {
  @Field(() => OutgoingEndpointType, { description: 'The endpoint as it is now.' })
  endpoint!: OutgoingEndpointType;
}

@ObjectType('DeleteOutgoingEndpointPayload', {
  simpleResolvers: true,
  description: 'What deleteOutgoingEndpoint answers.',
})
export class DeleteOutgoingEndpointPayload {
  @Field(() => ID, { description: 'The endpoint that was deleted: `oep_…`.' })
  endpointId!: string;
}

@ObjectType('TestOutgoingEndpointPayload', { simpleResolvers: true, description: 'What testOutgoingEndpoint answers.' })
export class TestOutgoingEndpointPayload {
  @Field(() => ID, { description: 'The message that is sent: `msg_…`. See `outgoingDeliveries`.' })
  messageId!: string;
}
