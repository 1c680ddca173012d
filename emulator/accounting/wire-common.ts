import { centsToNumber } from '../core/decimal.ts';
import type { Address, AddressType, Line, Phone, PhoneType } from './model.ts';
import { ADDRESS_TYPES, PHONE_TYPES } from './model.ts';
import type { Account } from './settings-model.ts';

/** Parts of answers that several resources share. Keys stand in the order in which Xero sends. */

export type Wire = Record<string, unknown>;

/** All four slots come back, filled or not; recorded. */
export function wirePhones(phones: Readonly<Partial<Record<PhoneType, Phone>>>): Wire[] {
  return PHONE_TYPES.map((type) => ({
    PhoneType: type,
    PhoneNumber: phones[type]?.number ?? '',
    PhoneAreaCode: phones[type]?.areaCode ?? '',
    PhoneCountryCode: phones[type]?.countryCode ?? '',
  }));
}

/** Both slots come back, filled or not; recorded. */
export function wireAddresses(addresses: Readonly<Partial<Record<AddressType, Address>>>): Wire[] {
  return ADDRESS_TYPES.map((type) => {
    const address = addresses[type];
    const wire: Wire = { AddressType: type };
    address?.lines.forEach((line, i) => {
      if (line) wire[`AddressLine${i + 1}`] = line;
    });
    return {
      ...wire,
      City: address?.city ?? '',
      Region: address?.region ?? '',
      PostalCode: address?.postalCode ?? '',
      Country: address?.country ?? '',
      AttentionTo: address?.attentionTo ?? '',
    };
  });
}

/** `unitDecimals` is 2, or 4 when the caller asked with `unitdp=4`. */
export function wireLine(
  line: Line,
  unitDecimals: 2 | 4,
  findAccount: (code: string) => Account | undefined,
  tracking: readonly Wire[],
): Wire {
  const account = line.accountCode ? findAccount(line.accountCode) : undefined;
  return {
    ...(line.itemCode ? { ItemCode: line.itemCode } : {}),
    Description: line.description,
    UnitAmount: fromTenThousandths(line.unitAmount, unitDecimals),
    TaxType: line.taxType ?? 'NONE',
    TaxAmount: centsToNumber(line.tax),
    LineAmount: centsToNumber(line.amount),
    ...(account ? { AccountCode: account.code, AccountID: account.id } : {}),
    ...(line.discountRate === undefined ? {} : { DiscountRate: line.discountRate / 100 }),
    ...(line.discountCents === undefined ? {} : { DiscountAmount: line.discountCents / 100 }),
    Tracking: tracking,
    Quantity: fromTenThousandths(line.quantity, 4),
    LineItemID: line.id,
    ValidationErrors: [],
  };
}

/** A four-decimal number, or the same rounded to two. */
export function fromTenThousandths(value: number, decimals: 2 | 4): number {
  return decimals === 4 ? value / 10_000 : Math.round(value / 100) / 100;
}
