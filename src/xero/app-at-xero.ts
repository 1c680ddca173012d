import type { XeroConfig } from '#platform/config';
import { isLoopback } from '#platform/setting-forms';

/** An app at a Xero: whom a permission is given to, and who alone can renew it. */
export interface AppAtXero {
  clientId: string;
  /** The address that tokens come from. */
  issuer: string;
}

/** What stands for every token address of this machine, since an emulator's port may change. */
const THIS_MACHINE = 'this machine';

/** The app that these settings name; null when they name none. */
export function appOf({ app, identityUrl }: XeroConfig): AppAtXero | null {
  if (app === null) return null;
  return {
    clientId: app.clientId,
    issuer: isLoopback(identityUrl) ? THIS_MACHINE : identityUrl,
  };
}

/** Whether a permission given to `one`, if that is known, can be used as `ours`. */
export function isSameApp(one: AppAtXero | null, ours: AppAtXero | null): boolean {
  if (ours === null) return false;
  return one === null || (one.clientId === ours.clientId && one.issuer === ours.issuer);
}
