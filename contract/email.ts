/** Zod's own rule for `z.email()`, without zod: pages ask it before anything else is loaded. */
const EMAIL =
  /^(?:[A-Za-z0-9_'+-]+\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/;

/** Whether a text could be an e-mail address that Xero takes. */
export function isEmail(value: string): boolean {
  return value.length <= 255 && EMAIL.test(value);
}
