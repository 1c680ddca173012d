/** The public page of an invoice is found by a token that holds its organisation and its id. */

/** A token of 43 URL-safe characters for an approved sale. */
export function onlineInvoiceToken(orgId: string, invoiceId: string): string {
  return Buffer.from((orgId + invoiceId).replaceAll('-', ''), 'hex').toString('base64url');
}

/** The two ids of a token, or undefined when it is none. */
export function readOnlineInvoiceToken(
  token: string,
): { orgId: string; invoiceId: string } | undefined {
  const hex = Buffer.from(token, 'base64url').toString('hex');
  if (hex.length !== 64) return undefined;
  return { orgId: dashed(hex.slice(0, 32)), invoiceId: dashed(hex.slice(32)) };
}

function dashed(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
