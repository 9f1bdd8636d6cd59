import { unavailable } from '../../errors.ts';
import type { Auth } from './create-auth.ts';

/** A person who is signed in. */
export type SignedIn = { id: string; name: string; email: string };

export type OperatorSessions = {
  /** Whether a cookie header holds a session of ours, valid or not. */
  isIn(cookie: string): boolean;
  /** Null where the session ended, or never was. */
  find(cookie: string): Promise<{ id: string; operator: SignedIn; activeTeamId: string | null } | null>;
};

/** The sessions as requests bring them. Each is looked up in the database: one that was ended ends at once, everywhere. */
export async function createOperatorSessions(auth: Auth): Promise<OperatorSessions> {
  const { authCookies } = await auth.$context;
  const begin = `${authCookies.sessionToken.name}=`;

  return {
    isIn: (cookie) => cookie.split(';').some((one) => one.trimStart().startsWith(begin)),
    async find(cookie) {
      const found = await auth.api
        .getSession({ headers: new Headers({ cookie }), query: { disableRefresh: true, disableCookieCache: true } })
        .catch(() => {
          throw unavailable('Sessions cannot be looked up. Try again in a moment.');
        });
      if (!found) return null;
      const { id, name, email } = found.user;
      const activeTeamId = found.session.activeOrganizationId ?? null;
      return { id: found.session.id, operator: { id, name, email }, activeTeamId };
    },
  };
}
