import { randomInt } from 'node:crypto';

const AMOUNT = 10;
const GROUP_LENGTH = 5;
/** Without characters that are easily mistaken for each other; ten of them are 49 bits. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Ten codes such as `k3v9q-7hmwt`, each for one sign-in without the authenticator app. */
export function makeRecoveryCodes(): string[] {
  const group = () =>
    Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return Array.from({ length: AMOUNT }, () => `${group()}-${group()}`);
}

/** As stored, however a person typed it: capitals, spaces and a missing hyphen are forgiven. */
export function asRecoveryCode(typed: string): string {
  const letters = typed.toLowerCase().replace(/[^a-z0-9]/g, '');
  return `${letters.slice(0, GROUP_LENGTH)}-${letters.slice(GROUP_LENGTH)}`;
}

/** The six figures of an authenticator app; null for anything else. */
export function asAppCode(typed: string): string | null {
  const figures = typed.replace(/\s/g, '');
  return /^\d{6}$/.test(figures) ? figures : null;
}
