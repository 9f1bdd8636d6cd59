/** Why an event was not recorded. */
export const usageRejections = [
  'UNKNOWN_METER',
  'ARCHIVED_METER',
  'UNKNOWN_CUSTOMER',
  'VALUE_MISSING',
  'VALUE_NOT_TAKEN',
  'VALUE_NOT_A_NUMBER',
  'VALUE_NEGATIVE',
  'VALUE_TOO_LARGE',
  'VALUE_TOO_PRECISE',
  'TIMESTAMP_TOO_OLD',
  'TIMESTAMP_IN_FUTURE',
  'IDENTIFIER_INVALID',
  'IDENTIFIER_REUSED',
  'BATCH_REJECTED',
] as const;
export type UsageRejection = (typeof usageRejections)[number];

/**
 * What became of one event of a batch. RECORDED and DUPLICATE name the event that counts; of a REJECTED one there is none.
 * `identifier` is the caller's, or the one that was made.
 */
export type UsageAnswer = {
  identifier: string | null;
  status: 'RECORDED' | 'DUPLICATE' | 'REJECTED';
  eventId: string | null;
  code: UsageRejection | null;
  message: string | null;
};

/** Who reports: as the audit log names him. */
export type UsageActor = { kind: string; id: string };

/** What becomes of the rest of a batch in which an event is rejected. */
export const onRejections = ['RECORD_OTHERS', 'RECORD_NONE'] as const;
export type OnRejection = (typeof onRejections)[number];
