import pg from 'pg';
import { tenantStatement } from '../database/reach.ts';

/** What node-postgres has, and its types leave out. */
type Wire = pg.Connection & {
  bind(message: { statement: string; values: string[] }): void;
  execute(message: object): void;
};
const Query = pg.Query as unknown as new (
  config: object,
) => {
  submit(connection: Wire): Error | null;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Wire): void;
};

/**
 * A query that says first for which tenant it asks. Both statements are sent together, with one `Sync` behind them: to
 * PostgreSQL they are one transaction, which ends with the answer, and what was said of the tenant ends with it. So it costs no
 * round trip, needs no `begin`, and leaves nothing on the connection, whatever fails.
 */
export class TenantQuery extends Query {
  private readonly tenant: string[];
  private isSaid = false;

  /** @param tenant the values that `tenantStatement` takes. */
  constructor(config: object, tenant: string[]) {
    super({ ...config, queryMode: 'extended' });
    this.tenant = tenant;
  }

  override submit(connection: Wire): Error | null {
    connection.stream.cork();
    try {
      connection.bind({ statement: tenantStatement, values: this.tenant });
      connection.execute({});
      const refused = super.submit(connection);
      // Nothing ended the transaction then: it would go on, with its tenant, into the next query.
      if (refused) connection.stream.destroy();
      return refused;
    } finally {
      connection.stream.uncork();
    }
  }

  /** The first answer is that of the tenant, and tells nothing. */
  override handleDataRow(message: unknown) {
    if (this.isSaid) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: Wire) {
    if (this.isSaid) super.handleCommandComplete(message, connection);
    this.isSaid = true;
  }
}
