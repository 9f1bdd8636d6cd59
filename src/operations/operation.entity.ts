import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, environmentColumn, instant } from '../database/columns.ts';
import { rowsOfCallers } from '../tenancy/teams/policies.ts';

/**
 * STARTED: nothing is written. ASKED: Stripe is being asked, and nobody knows what it did. WRITTEN: what there is to write is
 * written. DONE: the answer is kept.
 */
export const operationPhases = ['STARTED', 'ASKED', 'WRITTEN', 'DONE'] as const;
export type OperationPhase = (typeof operationPhases)[number];

/**
 * One execution of a mutation, which outlives the process that carries it out: see operation.ts. There is a row where the caller gave
 * a key, and where Stripe is asked. What a caller sent and was answered is sealed, since it may hold secrets.
 */
const schema = defineEntity({
  name: 'StoredOperation',
  policies: rowsOfCallers(),
  tableName: 'operation',
  uniques: [{ properties: ['scope', 'idempotencyKey'] }],
  indexes: [
    { properties: ['touchedAt'] },
    {
      name: 'operation_subject',
      expression: `create index operation_subject on operation (subject_id) where phase = 'ASKED'`,
    },
  ],
  properties: {
    id: p.text().primary(),
    teamId: p.text(),
    /** Null where an operator named none. */
    projectId: p.text().nullable(),
    environment: environmentColumn(),
    /** Whose key it is: team, project that was named, environment and credential. */
    scope: p.text(),
    /** Null where the caller gave none: then the row goes with the end of the execution. */
    idempotencyKey: p.text().nullable(),
    mutation: p.text(),
    phase: p.enum(operationPhases).columnType('text'),
    /** Our id of the row that Stripe's object is made for. */
    subjectId: p.text().nullable(),
    /** Who asked for what. */
    sealedCall: p.text(),
    /** What the steps came to, so that none is done twice. */
    sealedSteps: p.text().nullable(),
    sealedAnswer: p.text().nullable(),
    /** The process (an advisory lock's id) that carries it out. */
    owner: p.integer().nullable(),
    /** Of the last claim: fences a process that lost the operation. */
    token: p.bigint(),
    /** When the phase was reached. */
    touchedAt: instant(),
    createdAt: createdAt(),
  },
});

export class StoredOperation extends schema.class {}
schema.setClass(StoredOperation);
