import type { Command } from './command.ts';

/** Brings the database to the schema of this Bursar, as a start does; no other command does it. */
export const migrateDatabase: Command = {
  name: 'database migrate',
  summary: 'Bring the database to the schema of this Bursar, as a start does; stop Bursar before',
  options: {},
  migrates: true,
  async run(context) {
    const { newest } = context.schema;
    return {
      data: { newest },
      words: [`The database is as this Bursar needs it, up to ${newest}.`],
    };
  },
};
