import { z } from 'zod';
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
});
/** An organisation as it describes itself. `CountryCode` is ISO 3166, `BaseCurrency` ISO 4217. */
export type WireOrganisation = z.output<typeof Organisation>;

/** Reads one organisation; null when it has no shape we know. */
export function readOrganisation(json: unknown): WireOrganisation | null {
  const parsed = Organisation.safeParse(json);
  return parsed.success ? parsed.data : null;
}
