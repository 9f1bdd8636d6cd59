import { Migration } from '@mikro-orm/migrations';

export class Migration20261121154841_portal_sessions_of_keys extends Migration {
  override name = 'Migration20261121154841_portal_sessions_of_keys';

  override up(): void | Promise<void> {
    this.addSql(`alter table "portal_session" add "opened_by" text null, add "api_key_id" text null;`);
  }
}
