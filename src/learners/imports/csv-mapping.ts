import { type ImportMapping, type ImportTarget, importTargets } from '#contract/imports';
import { AppError } from '#platform/app-error';
import { foldName } from '#platform/folding';

/** Names that other systems give to our fields, folded; the labels themselves count too. */
const ALIASES: Record<ImportTarget, readonly string[]> = {
  learnerNumber: ['refinternal', 'learnerno', 'studentnumber', 'studentno', 'bursarnumber'],
  refExternal: [
    'refexternal',
    'clientid',
    'clientidentifier',
    'studentid',
    'externalid',
    'code',
    'id',
  ],
  title: ['salutation', 'honorific'],
  fullName: ['name', 'studentname', 'learnername', 'clientname', 'contactname', 'fullname'],
  firstName: ['givenname', 'givennames', 'forename', 'first', 'firstnames', 'christianname'],
  middleName: ['middlenames', 'secondname', 'middle', 'othernames'],
  lastName: ['surname', 'familyname', 'last'],
  preferredName: ['knownas', 'nickname', 'preferred', 'preferredfirstname'],
  dateOfBirth: ['dob', 'birthdate', 'birthday', 'dateofbirthddmmyyyy', 'born'],
  gender: ['sex'],
  email: ['emailaddress', 'mail', 'primaryemail', 'email1', 'personalemail'],
  alternativeEmail: ['email2', 'secondaryemail', 'otheremail', 'alternateemail', 'workemail'],
  phoneMobile: [
    'mobilephone',
    'mobilenumber',
    'cell',
    'cellphone',
    'phonemobile',
    'phone',
    'telephone',
  ],
  phoneHome: ['phonehome', 'hometelephone', 'homenumber'],
  phoneWork: ['phonework', 'businessphone', 'worktelephone', 'worknumber'],
  usi: ['uniquestudentidentifier', 'usinumber', 'usicode'],
  australianBusinessNumber: ['australianbusinessnumber', 'taxnumber'],
  campus: ['location', 'site', 'branch', 'deliverylocation', 'campusname', 'traininglocation'],
  street: ['address', 'street', 'address1', 'addressline1', 'streetaddress', 'residentialaddress'],
  streetSuburb: ['city', 'town', 'locality', 'suburbtown', 'suburbcity'],
  streetState: ['region', 'province', 'stateterritory'],
  streetPostcode: ['zip', 'zipcode', 'postalcode', 'pcode'],
  streetCountry: ['countryname', 'countrycode'],
};

const TARGETS = Object.keys(importTargets) as ImportTarget[];

/** A match for each column by its name; a field is proposed once, to the first column that fits. */
export function proposeTargets(columns: readonly string[]): (ImportTarget | null)[] {
  const taken = new Set<ImportTarget>();
  return columns.map((column) => {
    const name = foldName(column);
    const target = TARGETS.find(
      (field) =>
        !taken.has(field) &&
        (foldName(field) === name ||
          foldName(importTargets[field]) === name ||
          ALIASES[field].includes(name)),
    );
    if (target) taken.add(target);
    return target ?? null;
  });
}

/**
 * The target of each column by a mapping that a person made; columns not named are left out.
 * `request.invalid` for a column that is not there or a field matched twice,
 * `import.mapping-incomplete` while no column brings a family or full name.
 */
export function applyMapping(
  columns: readonly string[],
  mapping: ImportMapping,
): (ImportTarget | null)[] {
  const known = new Set(columns);
  const unknown = Object.keys(mapping).filter((column) => !known.has(column));
  if (unknown.length > 0) throw invalid(`There is no column “${unknown[0]}” in this file.`);
  const byColumn = new Map(Object.entries(mapping));
  const targets = columns.map((column) => byColumn.get(column) ?? null);
  requireComplete(targets);
  return targets;
}

/** Refuses targets that can't name anyone, or that match one field twice. */
export function requireComplete(targets: readonly (ImportTarget | null)[]): void {
  const used = targets.filter((target) => target !== null);
  const twice = used.find((target, index) => used.indexOf(target) !== index);
  if (twice) throw invalid(`“${importTargets[twice]}” is matched to two columns.`);
  if (!used.includes('lastName') && !used.includes('fullName')) {
    throw new AppError('import.mapping-incomplete', 'No column is matched to a name.');
  }
}

function invalid(message: string): AppError {
  return new AppError('request.invalid', message, {
    extras: { fields: [{ field: 'mapping', message }] },
  });
}
