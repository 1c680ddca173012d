import type { Manifest } from './manifest.ts';
import { webhooksManifest } from './webhooks.ts';
import { xeroManifest } from './xero.ts';

/** Every app that Bursar works with, in the order in which pages list them. */
export const catalogue: readonly Manifest[] = [xeroManifest, webhooksManifest];

/** What people call an app; its key where the catalogue lists no such app. */
export function appName(key: string): string {
  return catalogue.find((manifest) => manifest.key === key)?.name ?? key;
}
