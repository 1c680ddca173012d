import { DriftField, driftFieldNames } from '#contract/drift';

/** Fields by name, in the order of the form. */
export function namesOfFields(fields: readonly string[]): string {
  const named = DRIFT_ORDER.filter((field) => fields.includes(field));
  return named.map((field) => driftFieldNames[field]).join(', ');
}

const DRIFT_ORDER = DriftField.options;

/** Why a run leaves somebody as they are, or not wholly in step; null when nothing is open. */
export function driftReason(fields: readonly string[]): string | null {
  if (fields.length === 0) return null;
  return `Differs in Xero, and somebody has to decide: ${namesOfFields(fields)}.`;
}
