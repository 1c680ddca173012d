import { resolve } from 'node:path';
import { allProviders, type Command, chosenProvider, needed, UsageError } from './command.ts';

const provider = { value: 'ID', isNeeded: false, help: 'id or name; not needed when there is one' };

const listProviders: Command = {
  name: 'provider list',
  summary: 'All providers with their ids',
  options: {},
  async run(context) {
    const providers = await allProviders(context);
    const words = providers.map(({ id, name, country }) => `${id}  ${name}, ${country}`);
    return { data: { providers }, words: words.length > 0 ? words : ['There is no provider yet.'] };
  },
};

const exportProvider: Command = {
  name: 'provider export',
  summary: 'Write everything of a provider to a zip of CSV and JSON',
  options: {
    provider,
    file: { value: 'PATH', isNeeded: true, help: 'where to; a file that is there is not replaced' },
  },
  async run(context, given) {
    const path = resolve(needed(given, 'file'));
    const { id, name } = await chosenProvider(context, given);
    try {
      await context.closing.exportTo(id, path);
    } catch (error) {
      if (isFileFault(error)) throw new UsageError(`“${path}” cannot be written: ${error.message}`);
      throw error;
    }
    return { data: { providerId: id, file: path }, words: [`All data of ${name}: ${path}`] };
  },
};

const eraseProvider: Command = {
  name: 'provider erase',
  summary: 'Erase a provider that an Owner has closed, without waiting for the end of the 30 days',
  options: {
    provider: { value: 'ID', isNeeded: true, help: 'id or name' },
    now: { value: null, isNeeded: true, help: 'yes, now: it cannot be undone' },
  },
  async run(context, given) {
    const { id, name } = await chosenProvider(context, given);
    const rows = await context.closing.eraseNow(id);
    return {
      data: { providerId: id, rows },
      words: [
        `${name} is erased: ${rows} rows. Nothing of it is left but its id and today’s date.`,
      ],
    };
  },
};

export const providerCommands: Command[] = [listProviders, exportProvider, eraseProvider];

function isFileFault(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}
