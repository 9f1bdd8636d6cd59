import { defineEntity, p } from '@mikro-orm/core';
import { instant, timestamps } from '../database/columns.ts';

/** A value that better-auth hands out once, until `expiresAt`. */
const schema = defineEntity({
  name: 'OperatorVerification',
  properties: {
    id: p.text().primary(),
    identifier: p.text().index(),
    value: p.text(),
    expiresAt: instant(),
    ...timestamps,
  },
});

export class OperatorVerification extends schema.class {}
schema.setClass(OperatorVerification);
