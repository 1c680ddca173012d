import { z } from 'zod';
import { isEmail } from './email.ts';

// Apart from routes and texts: the forms check by these in the browser, and bring no more than them.

/**
 * Trimmed text with inner runs of spaces, control characters and broken characters made one space;
 * empty becomes null.
 */
export function text(max: number) {
  return z
    .string()
    .max(max * 2)
    .transform((value) => value.replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ').trim())
    .pipe(z.string().max(max, `at most ${max} characters`))
    .transform((value) => (value === '' ? null : value))
    .nullable();
}

export const Address = z.object({
  building: text(50),
  unit: text(30),
  streetNumber: text(15),
  streetName: text(70),
  poBox: text(22),
  suburb: text(50),
  state: text(50),
  postcode: text(10),
  /** ISO 3166 two-letter code where known, else as written. */
  country: text(60),
});
export type Address = z.infer<typeof Address>;

export const email = text(255).refine((value) => value === null || isEmail(value), {
  message: 'is not an e-mail address',
});
/** The calendar begins with the year 1: ISO 8601 has a year 0, PostgreSQL and people have none. */
const calendarDate = z.iso
  .date()
  .refine((day) => day >= '0001-01-01', 'is no possible date')
  .nullable();

/** What people may change about a learner. */
export const LearnerFields = z.object({
  title: text(20),
  firstName: text(100),
  middleName: text(100),
  lastName: text(100),
  preferredName: text(100),
  dateOfBirth: calendarDate,
  gender: text(30),
  email,
  alternativeEmail: email,
  phoneMobile: text(30),
  phoneHome: text(30),
  phoneWork: text(30),
  /** The provider's own code for this learner (RefExternal). */
  refExternal: text(50),
  /** Unique Student Identifier (Australia). */
  usi: text(10),
  australianBusinessNumber: text(14),
  /** Where they study, as the provider calls it; may decide which Xero organisation they are in. */
  campus: text(100),
  streetAddress: Address,
  postalAddress: Address,
  isActive: z.boolean(),
  syncToXero: z.boolean(),
});
export type LearnerFields = z.infer<typeof LearnerFields>;

/** What people may change about a workplace: an employer, or whoever else pays for learners. */
export const WorkplaceFields = z.object({
  /** As people call it, and as its contact in Xero is named. */
  name: text(200),
  legalName: text(200),
  /** ABN, NZBN or whatever number its country knows a business by. */
  businessNumber: text(30),
  email,
  phone: text(30),
  contactFirstName: text(100),
  contactLastName: text(100),
  /** May decide which Xero organisation it is in, as a learner's campus does. */
  campus: text(100),
  streetAddress: Address,
  postalAddress: Address,
  isActive: z.boolean(),
  syncToXero: z.boolean(),
});
export type WorkplaceFields = z.infer<typeof WorkplaceFields>;
