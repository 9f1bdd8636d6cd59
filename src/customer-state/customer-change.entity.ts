import { defineEntity, p } from '@mikro-orm/core';
import { environmentColumn, instant } from '../database/columns.ts';
import { rowsOfCustomersAndSides } from '../tenancy/teams/policies.ts';

/**
 * That the state of a customer changed: the sum of the rows of a customer, and of its side, is the version of its state. Triggers write them, in the
 * transaction of the change, so that no way of writing can forget it. Rows are only added: a counter that all writers of a customer
 * update would make them wait for each other, and end in deadlocks. `mergeChanges` makes one row of many.
 */
const schema = defineEntity({
  name: 'CustomerChange',
  policies: rowsOfCustomersAndSides(),
  indexes: [
    {
      name: 'customer_change_of_customer',
      expression:
        'create index customer_change_of_customer on customer_change (customer_id) include (changes) where customer_id is not null',
    },
    {
      name: 'customer_change_of_side',
      expression:
        'create index customer_change_of_side on customer_change (project_id, environment) include (changes) where customer_id is null',
    },
    {
      name: 'customer_change_unmerged',
      expression: 'create index customer_change_unmerged on customer_change (seq) where not is_total',
    },
  ],
  properties: {
    seq: p.bigint().primary().autoincrement(),
    // Without foreign keys: each would cost every write of a customer a look-up, and guards nothing that the triggers do not know.
    projectId: p.text(),
    environment: environmentColumn(),
    /** Null: it changed for every customer of the project in this environment. */
    customerId: p.text().nullable(),
    changes: p.bigint().default(1),
    /** Whether the row stands for those that were before it. */
    isTotal: p.boolean().default(false),
    createdAt: instant().defaultRaw('now()'),
  },
});

export class CustomerChange extends schema.class {}
schema.setClass(CustomerChange);
