/** Where a field stands in a line: first column (from 0) and width. */
export type Slot = readonly [start: number, width: number];

const POSTAL_COMMON = {
  clientId: [0, 10],
  title: [10, 4],
  givenName: [14, 40],
  familyName: [54, 40],
  building: [94, 50],
  unit: [144, 30],
  streetNumber: [174, 15],
  streetName: [189, 70],
  poBox: [259, 22],
  suburb: [281, 50],
  postcode: [331, 4],
  state: [335, 2],
  phoneHome: [337, 20],
  phoneWork: [357, 20],
  phoneMobile: [377, 20],
  email: [397, 80],
  alternativeEmail: [477, 80],
} as const satisfies Record<string, Slot>;

/** NAT00085, client postal details. Release 7 has the same columns without the last. */
export const postalLayout = POSTAL_COMMON;
export type PostalField = keyof typeof postalLayout;

/**
 * NAT00080, client. Releases 6 and 7 carry the year of leaving school (four columns) before the
 * gender and a flag for spoken English before the suburb; release 6 ends after the suburb.
 */
function clientLayout(older: boolean) {
  const year = older ? 4 : 0;
  const english = older ? 5 : 0;
  return {
    clientId: [0, 10],
    name: [10, 60],
    gender: [72 + year, 1],
    dateOfBirth: [73 + year, 8],
    postcode: [81 + year, 4],
    suburb: [99 + english, 50],
    usi: [149 + english, 10],
    state: [159 + english, 2],
    building: [161 + english, 50],
    unit: [211 + english, 30],
    streetNumber: [241 + english, 15],
    streetName: [256 + english, 70],
  } as const satisfies Record<string, Slot>;
}

export const clientLayout8 = clientLayout(false);
export const clientLayout7 = clientLayout(true);
export type ClientLayout = typeof clientLayout8 | typeof clientLayout7;
export type ClientField = keyof typeof clientLayout8;

/** The column after a layout's last field, from 0. */
export function endOf(layout: Record<string, Slot>): number {
  return Math.max(...Object.values(layout).map(([start, width]) => start + width));
}

/** What else an AVETMISS export holds: recognised and counted, not imported. */
export const otherNatFiles: Record<string, string> = {
  '00010': 'training organisation',
  '00020': 'delivery locations',
  '00030': 'programs',
  '00030A': 'programs',
  '00060': 'subjects',
  '00090': 'disabilities',
  '00100': 'prior education',
  '00120': 'enrolments',
  '00130': 'completed programs',
};
