import type { ImportTarget } from '#contract/imports';
import { type Address, isDotsAlone, LEARNER_NUMBER } from '#contract/learners';
import { isWorkplaceNumber } from '#contract/workplace-number';
import {
  checkedFields,
  type ImportRecord,
  type Reading,
  type RecordFields,
} from './import-record.ts';
import { type DayOrder, dayOrderOf, readBirthDate } from './people-dates.ts';
import { countryOf, stateOf } from './places.ts';
import type { CsvRow, CsvTable } from './read-csv.ts';
import { splitFullName } from './split-name.ts';
import { splitStreet } from './split-street.ts';

/** Targets that become a field of the same name, as they stand in their cell. */
const PLAIN = [
  'title',
  'firstName',
  'middleName',
  'lastName',
  'preferredName',
  'gender',
  'phoneMobile',
  'phoneHome',
  'phoneWork',
  'refExternal',
  'usi',
  'australianBusinessNumber',
  'campus',
] as const satisfies readonly ImportTarget[];

const LEARNER_NUMBER_MAX = 30;

/** Turns the rows of a table into records, each column going where its target says. */
export function csvRecords(
  table: CsvTable,
  targets: readonly (ImportTarget | null)[],
  today: string,
): Reading {
  const dateColumn = targets.indexOf('dateOfBirth');
  const dates = dateColumn === -1 ? [] : table.rows.map((row) => row.cells[dateColumn] ?? '');
  const order = dayOrderOf(dates);
  const remarks = [...table.remarks];
  if (order === 'month-day') remarks.push('Dates are read as month/day/year.');
  const leftOut = table.columns.filter((_, index) => targets[index] === null);
  if (leftOut.length > 0) remarks.push(`Columns left out: ${leftOut.join(', ')}.`);
  const records = table.rows.map((row) => toRecord(row, cellsByTarget(row, targets), order, today));
  return { records, remarks };
}

type Cells = Partial<Record<ImportTarget, string>>;

function cellsByTarget(row: CsvRow, targets: readonly (ImportTarget | null)[]): Cells {
  const cells: Cells = {};
  for (const [index, target] of targets.entries()) {
    const text = (row.cells[index] ?? '').replace(/[\s\p{Cc}]+/gu, ' ').trim();
    if (target !== null && text !== '') cells[target] = text;
  }
  return cells;
}

function toRecord(row: CsvRow, cells: Cells, order: DayOrder, today: string): ImportRecord {
  const faults: string[] = [];
  const raw: RecordFields = cells.fullName ? splitFullName(cells.fullName) : {};
  for (const target of PLAIN) {
    const text = cells[target];
    if (text !== undefined) raw[target] = text;
  }
  if (cells.email) raw.email = cells.email.toLowerCase();
  if (cells.alternativeEmail) raw.alternativeEmail = cells.alternativeEmail.toLowerCase();
  if (cells.dateOfBirth) {
    raw.dateOfBirth = readBirthDate(cells.dateOfBirth, order, today);
    if (raw.dateOfBirth === null) {
      faults.push(`“${cells.dateOfBirth.slice(0, 60)}” is no possible date of birth.`);
    }
  }
  raw.streetAddress = addressOf(cells);
  const learnerNumber = cells.learnerNumber ?? null;
  if (learnerNumber !== null && learnerNumber.length > LEARNER_NUMBER_MAX) {
    faults.push(
      `Learner number “${learnerNumber.slice(0, 60)}” has more than ${LEARNER_NUMBER_MAX} characters.`,
    );
  }
  if (learnerNumber !== null && !LEARNER_NUMBER.test(learnerNumber)) {
    faults.push(`Learner number “${learnerNumber.slice(0, 60)}” holds < or >.`);
  }
  if (learnerNumber !== null && isDotsAlone(learnerNumber)) {
    faults.push('A learner number must not be dots alone.');
  }
  if (learnerNumber !== null && isWorkplaceNumber(learnerNumber)) {
    faults.push('A learner number must not begin with WP-, as those of workplaces do.');
  }
  const checked = checkedFields(raw);
  return {
    line: row.line,
    learnerNumber,
    fields: checked.fields,
    recased: [],
    faults: [...faults, ...checked.faults],
  };
}

function addressOf(cells: Cells): Partial<Address> {
  return {
    ...(cells.street ? splitStreet(cells.street) : {}),
    ...(cells.streetSuburb ? { suburb: cells.streetSuburb } : {}),
    ...(cells.streetState ? { state: stateOf(cells.streetState) } : {}),
    ...(cells.streetPostcode ? { postcode: cells.streetPostcode } : {}),
    ...(cells.streetCountry ? { country: countryOf(cells.streetCountry) } : {}),
  };
}
