import { Migration } from '@mikro-orm/migrations';

export class Migration20261121171048_portal_cookies extends Migration {
  override name = 'Migration20261121171048_portal_cookies';

  override up(): void | Promise<void> {
    this.addSql(`alter table "portal_session" drop column "secret_hash";`);
    this.addSql(`alter table "portal_session" add "secret_hashes" text[] not null default '{}';`);
  }
}
