/** What becomes of a reservation. One that is HELD and has expired holds nothing. */
export const reservationStatuses = ['HELD', 'COMMITTED', 'RELEASED'] as const;
export type ReservationStatus = (typeof reservationStatuses)[number];
