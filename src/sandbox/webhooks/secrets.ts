/** What an endpoint's events are signed with. */
export interface Secrets {
  secret: string;
  /** The secret before it was rolled: signs too, until it expires (seconds since 1970). */
  previous?: { secret: string; expires: number };
}

/** The secrets that sign at a time, the newest first. */
export function activeSecrets({ secret, previous }: Secrets, now: number): string[] {
  return previous && previous.expires > now ? [secret, previous.secret] : [secret];
}
