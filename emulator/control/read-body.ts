import { type App, TIERS } from '../identity/model.ts';
import { isRecord, type Sent } from '../rules/field-reader.ts';
import { ActRefused, type InvoiceEntry, type Unchecked } from './bookkeeper.ts';
import type { FaultRule } from './faults.ts';

/** Readers of what the control API is sent; those that refuse say in a sentence what to send. */

const EFFECTS = ['status', 'delay', 'reset', 'hang', 'truncate'];

/** One of a few words, in just these letters. @throws ActRefused with the words that would do. */
export function oneOf<W extends string>(value: unknown, words: readonly W[]): W {
  const found = words.find((word) => word === value);
  if (!found) throw new ActRefused(`Expected one of ${words.join(', ')}`);
  return found;
}

/** The text; undefined for an empty one, none, or anything else: nothing is refused. */
export function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What is to stand on a contact unchecked, by Xero's names; what is no text is left out. */
export function readUnchecked(body: Sent): Partial<Unchecked> {
  const { Name: name, EmailAddress: email, Website: website } = body;
  const given = Object.entries({ name, email, website });
  return Object.fromEntries(given.filter(([, value]) => typeof value === 'string'));
}

/** An address that a webhook can be sent to. */
export function readWebhookUrl(value: unknown): string {
  if (typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value)) return value;
  throw new ActRefused('url must be an http or https address');
}

/**
 * A fault to arm, as it was sent once each part is of the right kind: what no rule knows stays in
 * it and does nothing. @throws ActRefused for the first part that is not.
 */
export function readFault(body: Sent): FaultRule {
  const effect = isRecord(body.effect) ? body.effect : {};
  if (typeof body.path !== 'string') {
    throw new ActRefused('path is missing, for example /api.xro/2.0/Contacts*');
  }
  if (!EFFECTS.includes(String(effect.kind))) {
    throw new ActRefused(`effect.kind must be one of ${EFFECTS.join(', ')}`);
  }
  if (effect.kind === 'status' && !isStatus(effect.status)) {
    throw new ActRefused('effect.status must be 200 to 599');
  }
  if (effect.kind === 'delay' && typeof effect.ms !== 'number') {
    throw new ActRefused('effect.ms must be a number');
  }
  for (const name of ['skip', 'times', 'probability', 'seed']) requireNumber(body, name);
  for (const name of ['id', 'query', 'method', 'organisation']) requireText(body, name);
  for (const name of ['body', 'contentType', 'when']) requireText(effect, name);
  return body as unknown as FaultRule;
}

function isStatus(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 200 && value <= 599;
}

function requireNumber(body: Sent, name: string): void {
  if (body[name] !== undefined && typeof body[name] !== 'number') {
    throw new ActRefused(`${name} must be a number`);
  }
}

function requireText(body: Sent, name: string): void {
  if (body[name] !== undefined && typeof body[name] !== 'string') {
    throw new ActRefused(`${name} must be a text`);
  }
}

/** An app's fields; a null secret makes it one that authenticates by PKCE alone. */
export function readApp(
  id: string,
  body: Sent,
): Partial<Omit<App, 'id'>> & { readonly id: string } {
  requireText(body, 'name');
  for (const name of ['allowsBroadScopes', 'isCertified']) {
    if (body[name] !== undefined && typeof body[name] !== 'boolean') {
      throw new ActRefused(`${name} must be true or false`);
    }
  }
  return {
    id,
    ...(body.name === undefined ? {} : { name: String(body.name) }),
    ...(body.secret === undefined ? {} : { secret: optionalText(body.secret) }),
    ...(body.redirectUris === undefined ? {} : { redirectUris: readTexts(body, 'redirectUris') }),
    ...(body.allowedScopes === undefined
      ? {}
      : { allowedScopes: readTexts(body, 'allowedScopes') }),
    ...(body.allowsBroadScopes === undefined
      ? {}
      : { allowsBroadScopes: body.allowsBroadScopes === true }),
    ...(body.isCertified === undefined ? {} : { isCertified: body.isCertified === true }),
    ...(body.tier === undefined ? {} : { tier: oneOf(body.tier, TIERS) }),
  };
}

function readTexts(body: Sent, name: string): string[] {
  const value = body[name];
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw new ActRefused(`${name} must be a list of texts`);
}

/**
 * What an invoice or a credit note is made of. Only that it has lines is looked at here: the books
 * themselves refuse the rest. @throws ActRefused without a list of lines.
 */
export function readInvoice(body: Sent): InvoiceEntry {
  const { lines } = body;
  if (!Array.isArray(lines) || !lines.every(isRecord)) {
    throw new ActRefused(
      'lines must be a list such as [{"description":"Fee","unitAmount":"10.00"}]',
    );
  }
  return body as unknown as InvoiceEntry;
}

/** Only settings that exist, with values of the kind they have. */
export function readSettings(settings: object, body: Sent): Sent {
  for (const [name, value] of Object.entries(body)) {
    if (!Object.hasOwn(settings, name)) throw new ActRefused(`There is no setting ${name}`);
    const wanted = typeof ((settings as Sent)[name] ?? 0);
    const isSound = typeof value === wanted && (typeof value !== 'number' || value >= 0);
    if (!isSound)
      throw new ActRefused(`${name} must be a ${wanted}${wanted === 'number' ? ' from 0' : ''}`);
  }
  return body;
}
