/** AVETMISS state codes (NCVER); 99 is overseas and therefore no state. */
const STATE_BY_CODE: Record<string, string> = {
  '01': 'NSW',
  '02': 'VIC',
  '03': 'QLD',
  '04': 'SA',
  '05': 'WA',
  '06': 'TAS',
  '07': 'NT',
  '08': 'ACT',
};

const STATE_NAMES: Record<string, string> = {
  'new south wales': 'NSW',
  victoria: 'VIC',
  queensland: 'QLD',
  'south australia': 'SA',
  'western australia': 'WA',
  tasmania: 'TAS',
  'northern territory': 'NT',
  'australian capital territory': 'ACT',
};

/** The state of a two-digit AVETMISS code, or null where it names none (99 overseas, not stated). */
export function stateOfCode(code: string): string | null {
  return STATE_BY_CODE[code] ?? (code === '09' ? 'Other territories' : null);
}

/** Whether a two-digit AVETMISS code means a place in Australia. */
export function isAustralianStateCode(code: string): boolean {
  return code === '09' || code in STATE_BY_CODE;
}

/** An Australian state by its usual letters, whether given in full, in any case or as a code. */
export function stateOf(text: string): string {
  const folded = text.trim().replace(/\./g, '').toLowerCase();
  const code = /^\d$/.test(folded) ? `0${folded}` : folded;
  const letters = Object.values(STATE_BY_CODE).find((state) => state.toLowerCase() === folded);
  return letters ?? STATE_NAMES[folded] ?? STATE_BY_CODE[code] ?? text;
}

/** Codes of the Standard Australian Classification of Countries that student systems often write. */
const COUNTRY_BY_SACC: Record<string, string> = {
  '1101': 'AU',
  '1201': 'NZ',
  '1302': 'PG',
  '2102': 'GB',
  '2201': 'IE',
  '2304': 'DE',
  '2303': 'FR',
  '3104': 'IT',
  '3207': 'GR',
  '3307': 'PL',
  '4203': 'IR',
  '4204': 'IQ',
  '4208': 'LB',
  '5104': 'TH',
  '5105': 'VN',
  '5202': 'ID',
  '5203': 'MY',
  '5204': 'PH',
  '5205': 'SG',
  '6101': 'CN',
  '6102': 'HK',
  '6105': 'TW',
  '6201': 'JP',
  '6203': 'KR',
  '7101': 'BD',
  '7103': 'IN',
  '7105': 'NP',
  '7106': 'PK',
  '7107': 'LK',
  '7201': 'AF',
  '8102': 'CA',
  '8104': 'US',
  '8203': 'BR',
  '8204': 'CL',
  '8205': 'CO',
  '9225': 'ZA',
  '9232': 'ZW',
};

const COUNTRY_ALIASES: Record<string, string> = {
  uk: 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  usa: 'US',
  'united states of america': 'US',
  'south korea': 'KR',
  'viet nam': 'VN',
  aus: 'AU',
};

let countryNames: Map<string, string> | undefined;

function namesOfCountries(): Map<string, string> {
  if (countryNames) return countryNames;
  const english = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  const named = codes.map((code) => [english.of(code)?.toLowerCase() ?? '', code] as const);
  countryNames = new Map(named.filter(([name]) => name !== '').reverse());
  return countryNames;
}

/**
 * A country as its two-letter ISO 3166 code, from its English name, its code, or its four-digit
 * code of the Australian classification (1101 is Australia). What is not known stays as written.
 */
export function countryOf(text: string): string {
  const folded = text.trim().toLowerCase();
  const bySacc = COUNTRY_BY_SACC[folded];
  if (bySacc) return bySacc;
  const names = namesOfCountries();
  const alias = COUNTRY_ALIASES[folded] ?? names.get(folded);
  if (alias) return alias;
  const upper = folded.toUpperCase();
  return /^[A-Z]{2}$/.test(upper) && [...names.values()].includes(upper) ? upper : text;
}
