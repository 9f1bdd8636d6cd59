/** Now, in Stripe's unit: whole seconds. The only place that asks the machine for the time objects are stamped with. */
export function wallClock(): number {
  return Math.floor(Date.now() / 1000);
}
