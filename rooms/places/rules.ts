import { Type } from 'typebox';

/** Settings of the tree and its points: none is needed yet. */
export const policySchema = Type.Object({}, { additionalProperties: false });
export const policyDefaults: Readonly<Record<string, never>> = {};
