import { z } from 'zod';
import { dayOf } from './date.ts';
import { wireText } from './page.ts';

const Organisation = z.object({
  OrganisationID: z.guid().transform((id) => id.toLowerCase()),
  Name: z.string(),
  LegalName: wireText,
  CountryCode: wireText,
  BaseCurrency: wireText,
  TaxNumber: wireText,
  IsDemoCompany: z
    .boolean()
    .nullish()
    .transform((isDemo) => isDemo ?? false),
  OrganisationStatus: wireText,
  /** Stands in links into Xero's pages: `https://go.xero.com/app/<ShortCode>/…`. */
  ShortCode: wireText,
  Timezone: wireText,
  SalesTaxBasis: wireText,
  PeriodLockDate: wireText,
  EndOfYearLockDate: wireText,
});
/** An organisation as it describes itself. `CountryCode` is ISO 3166, `BaseCurrency` ISO 4217. */
export type WireOrganisation = Omit<
  z.output<typeof Organisation>,
  'PeriodLockDate' | 'EndOfYearLockDate'
> & {
  /** The last closed days, `YYYY-MM-DD`. */
  periodLockDay: string | null;
  endOfYearLockDay: string | null;
};

/** Reads one organisation; null when it has no shape we know. */
export function readOrganisation(json: unknown): WireOrganisation | null {
  const parsed = Organisation.safeParse(json);
  if (!parsed.success) return null;
  const { PeriodLockDate, EndOfYearLockDate, ...organisation } = parsed.data;
  return {
    ...organisation,
    periodLockDay: dayOf(PeriodLockDate),
    endOfYearLockDay: dayOf(EndOfYearLockDate),
  };
}

const Act = z.object({ Name: z.string(), Status: z.string() });

/** The name of an act that is not allowed (`NOT-ALLOWED`); null for one that is. */
export function readRefusedAct(json: unknown): string | null {
  const parsed = Act.safeParse(json);
  return parsed.success && parsed.data.Status !== 'ALLOWED' ? parsed.data.Name : null;
}
