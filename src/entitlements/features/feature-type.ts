/** What a feature says of who has it: that he has it; how much of it; which one of several. */
export const featureTypes = ['BOOLEAN', 'LIMIT', 'ENUMERATED'] as const;
export type FeatureKind = (typeof featureTypes)[number];
