/** Something that gave a customer a feature or took it from him, or could have, as it stood at an instant. */
export type AccessSource = {
  kind: 'SUBSCRIPTION' | 'GRACE' | 'STRIPE_ENTITLEMENT' | 'GRANT' | 'OVERRIDE';
  /** Whether it stood at the instant: it had begun, and had not ended. */
  stood: boolean;
  /** Since when, and until when, as far as that is known now. */
  from: Date;
  until: Date | null;
  /** False for an override that takes the feature away. */
  allowed: boolean;
  /** Of LIMIT, times the quantity where it is for each unit; null for without a limit. Decimal digits. */
  amount: string | null;
  /** Of ENUMERATED. */
  option: string | null;
  subscription: { id: string; status: string; productId: string; quantity: number | null } | null;
  grant: { id: string; reason: string; actorKind: string; actorId: string } | null;
  stripeFeatureId: string | null;
};

/** Of what the past is looked up. */
export type PastOf = { customerId: string; featureId: string; at: Date };
