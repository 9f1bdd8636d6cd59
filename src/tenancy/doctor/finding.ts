/** What the doctor looks at. */
export const doctorChecks = [
  'KEY_VALID',
  'KEY_MODE',
  'KEY_RIGHTS',
  'CLOCK',
  'ENDPOINT',
  'ENDPOINT_API_VERSION',
  'ENDPOINT_EVENTS',
  'EVENT_DESTINATION',
  'WEBHOOK_SECRET',
  'MIGRATIONS',
  'BACKLOG',
  'USAGE',
  'REFERRALS',
  'WORKER',
] as const;
export type DoctorCheck = (typeof doctorChecks)[number];

export type Finding = {
  check: DoctorCheck;
  ok: boolean;
  /** What was found. */
  message: string;
  /** What to do about it; null where nothing is to be done. */
  mend: string | null;
};

export const well = (check: DoctorCheck, message: string): Finding => ({ check, ok: true, message, mend: null });

export const ill = (check: DoctorCheck, message: string, mend: string): Finding => ({
  check,
  ok: false,
  message,
  mend,
});
