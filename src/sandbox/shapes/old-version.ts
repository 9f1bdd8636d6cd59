/** The one older API version that events can be rendered in: before periods moved to items, and payments off the invoice. */
export const oldVersion = '2023-08-16';
