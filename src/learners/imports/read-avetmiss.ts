import type { GivenFile, Reading } from './import-record.ts';
import { unreadable } from './import-record.ts';
import { joinClients } from './join-clients.ts';
import { readClients, readPostals } from './nat-clients.ts';
import { endOf, otherNatFiles, postalLayout } from './nat-layout.ts';
import { countLines, type NatFile, readNatLines } from './nat-lines.ts';

const NAT_NAME = /nat(\d{5}[a-z]?)\.txt$/i;

/** Which NAT file a name stands for (`00080`), whatever stands before it; null for any other file. */
export function natNumber(name: string): string | null {
  return NAT_NAME.exec(name)?.[1]?.toUpperCase() ?? null;
}

/**
 * Reads the people out of an AVETMISS export: NAT00080 and NAT00085, either alone if need be.
 * Other NAT files are counted and said to be left out. `import.unreadable` where a file is no
 * NAT file or is cut, with file, line and column. `today` is `YYYY-MM-DD`.
 */
export function readAvetmiss(files: readonly GivenFile[], today: string): Reading {
  const byNumber = new Map<string, GivenFile>();
  const remarks: string[] = [];
  for (const file of files) {
    const number = natNumber(file.name);
    if (number === null) remarks.push(`${file.name} is not a NAT file and was left out.`);
    else if (byNumber.has(number)) throw unreadable(file.name, {}, `NAT${number} is there twice.`);
    else byNumber.set(number, file);
  }
  const clients = natFile(byNumber.get('00080'));
  const postals = natFile(byNumber.get('00085'));
  if (!clients && !postals) {
    const names = files.map((file) => file.name).join(', ');
    throw unreadable(names, {}, 'there is neither NAT00080 nor NAT00085, which hold the people.');
  }
  const records = joinClients(
    clients ? readClients(clients, today) : [],
    postals ? readPostals(postals) : [],
    { clients: clients?.name ?? null, postals: postals?.name ?? null },
  );
  return {
    records,
    remarks: [...remarks, ...peopleRemarks(clients, postals), ...readPast(byNumber)],
  };
}

function natFile(file: GivenFile | undefined): NatFile | null {
  if (!file) return null;
  const read = readNatLines(file);
  if (read.lines.length === 0) throw unreadable(file.name, {}, 'there is nothing in it.');
  return read;
}

function peopleRemarks(clients: NatFile | null, postals: NatFile | null): string[] {
  const remarks = [...(clients?.remarks ?? []), ...(postals?.remarks ?? [])];
  if (!clients) remarks.push('Without NAT00080 there are no dates of birth, genders or USIs.');
  if (!postals) remarks.push('Without NAT00085 there are no e-mail addresses or phones.');
  if (clients) {
    remarks.push(
      `${clients.name}: schooling, language, country of birth, labour force, disability and prior education are left out, and so is everything beyond the street name.`,
    );
  }
  if (postals && postals.commonLength > endOf(postalLayout)) {
    remarks.push(`${postals.name}: all beyond column ${endOf(postalLayout)} is left out.`);
  }
  return remarks;
}

function readPast(byNumber: ReadonlyMap<string, GivenFile>): string[] {
  const others = [...byNumber].filter(([number]) => number !== '00080' && number !== '00085');
  const named = others.map(([number, file]) => {
    const count = countLines(file);
    const what = otherNatFiles[number] ?? 'not known';
    return `${file.name} (${what}, ${count} ${count === 1 ? 'line' : 'lines'})`;
  });
  return named.length === 0 ? [] : [`Only people are imported. Left out: ${named.join(', ')}.`];
}
