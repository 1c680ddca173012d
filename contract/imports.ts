import { z } from 'zod';
import { ImportRunId, LearnerId } from './ids.ts';
import { PageQuery, pageOf } from './paging.ts';
import { NoContent, route } from './route.ts';

export const IMPORT_BYTES_MAX = 20 * 1024 * 1024;
export const IMPORT_ROWS_MAX = 50_000;

export const ImportKind = z.enum(['csv', 'avetmiss']);
export type ImportKind = z.infer<typeof ImportKind>;

/** `mapping` waits for columns to be matched (CSV only), `preview` for a person's yes. */
export const ImportState = z.enum(['mapping', 'preview', 'running', 'done', 'failed', 'discarded']);
export type ImportState = z.infer<typeof ImportState>;

/** What an import would do, or did, with one row. */
export const IMPORT_VERDICTS = ['new', 'changed', 'unchanged', 'faulty'] as const;
export const ImportVerdict = z.enum(IMPORT_VERDICTS);
export type ImportVerdict = z.infer<typeof ImportVerdict>;

/** Learner fields a CSV column can be matched to, with the label a person reads. */
export const importTargets = {
  learnerNumber: 'Learner number',
  refExternal: 'Your own code',
  title: 'Title',
  fullName: 'Full name',
  firstName: 'First name',
  middleName: 'Middle name',
  lastName: 'Last name',
  preferredName: 'Preferred name',
  dateOfBirth: 'Date of birth',
  gender: 'Gender',
  email: 'E-mail',
  alternativeEmail: 'Alternative e-mail',
  phoneMobile: 'Mobile',
  phoneHome: 'Home phone',
  phoneWork: 'Work phone',
  usi: 'USI',
  australianBusinessNumber: 'ABN',
  campus: 'Campus',
  street: 'Street address (one line)',
  streetSuburb: 'Suburb',
  streetState: 'State',
  streetPostcode: 'Postcode',
  streetCountry: 'Country',
} as const;
export type ImportTarget = keyof typeof importTargets;
export const IMPORT_TARGETS = Object.keys(importTargets) as [ImportTarget, ...ImportTarget[]];
export const ImportTarget = z.enum(IMPORT_TARGETS);

/** Column header to learner field; null leaves a column out. */
export const ImportMapping = z.record(z.string().max(200), ImportTarget.nullable());
export type ImportMapping = z.infer<typeof ImportMapping>;

export const ImportRun = z.object({
  id: ImportRunId,
  kind: ImportKind,
  state: ImportState,
  fileNames: z.array(z.string()),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  startedBy: z.string(),
  /** CSV only: the columns found, each with up to three sample values and the match proposed. */
  columns: z.array(
    z.object({
      name: z.string(),
      samples: z.array(z.string()),
      target: ImportTarget.nullable(),
    }),
  ),
  /** Goes up with every preview; send back the one you looked at when saying yes. */
  previewVersion: z.int(),
  /** Rows by verdict; all zero until there is a preview. */
  counts: z.object({
    total: z.int(),
    new: z.int(),
    changed: z.int(),
    unchanged: z.int(),
    faulty: z.int(),
    applied: z.int(),
  }),
  /** Columns or record parts that were read past, and other remarks for the report. */
  remarks: z.array(z.string()),
  /** Names written all in capitals can be put into ordinary case. */
  correctNameCase: z.boolean(),
  /**
   * Two records of one file, or a record and a learner with another code, that look like the same
   * person: faulty (and left out) unless this says that they are different people.
   */
  importLookAlikes: z.boolean(),
  failure: z.string().nullable(),
});
export type ImportRun = z.infer<typeof ImportRun>;

export const ImportRow = z.object({
  /** Line of the file the row came from, from 1. */
  line: z.int(),
  verdict: ImportVerdict,
  name: z.string(),
  learnerId: LearnerId.nullable(),
  /** Why a row is faulty, or how it was matched to a learner. */
  reasons: z.array(z.string()),
  changes: z.array(
    z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable() }),
  ),
  applied: z.boolean(),
});
export type ImportRow = z.infer<typeof ImportRow>;

const oneRun = z.object({ importId: ImportRunId });

export const importRoutes = {
  /** Body: the files, base64, so that the API and the pages use one door. */
  startImport: route({
    method: 'POST',
    path: '/api/v1/imports',
    permission: 'learners.import',
    tag: 'Imports',
    summary: 'Read a CSV file, AVETMISS NAT files or a zip of them; a bad file is refused whole',
    bodyLimit: Math.ceil(IMPORT_BYTES_MAX * 1.4),
    body: z.object({
      files: z
        .array(z.object({ name: z.string().min(1).max(255), contentBase64: z.base64() }))
        .min(1)
        .max(40),
      correctNameCase: z.boolean().default(true),
    }),
    answer: ImportRun,
  }),
  listImports: route({
    method: 'GET',
    path: '/api/v1/imports',
    permission: 'learners.import',
    tag: 'Imports',
    summary: 'Earlier imports, newest first',
    query: PageQuery,
    answer: pageOf(ImportRun),
  }),
  getImport: route({
    method: 'GET',
    path: '/api/v1/imports/:importId',
    permission: 'learners.import',
    tag: 'Imports',
    summary: 'Where an import stands',
    params: oneRun,
    answer: ImportRun,
  }),
  setImportOptions: route({
    method: 'PUT',
    path: '/api/v1/imports/:importId/options',
    permission: 'learners.import',
    tag: 'Imports',
    summary: 'Match columns and choose options; answers with a fresh preview',
    params: oneRun,
    body: z.object({
      mapping: ImportMapping.optional(),
      correctNameCase: z.boolean().optional(),
      importLookAlikes: z.boolean().optional(),
    }),
    answer: ImportRun,
  }),
  listImportRows: route({
    method: 'GET',
    path: '/api/v1/imports/:importId/rows',
    permission: 'learners.import',
    tag: 'Imports',
    summary: 'The rows of an import with what happens to each',
    params: oneRun,
    query: PageQuery.extend({ verdict: ImportVerdict.optional() }),
    answer: pageOf(ImportRow),
  }),
  commitImport: route({
    method: 'POST',
    path: '/api/v1/imports/:importId/commit',
    permission: 'learners.import',
    tag: 'Imports',
    summary: 'Carry the import out in the background; faulty rows are left out',
    params: oneRun,
    body: z.object({
      /** The preview that was looked at; a newer one is answered with `request.conflict`. */
      previewVersion: z.int(),
    }),
    answer: ImportRun,
  }),
  discardImport: route({
    method: 'DELETE',
    path: '/api/v1/imports/:importId',
    permission: 'learners.import',
    tag: 'Imports',
    summary: 'Throw an import away that was not carried out',
    params: oneRun,
    answer: NoContent,
  }),
};
