const KEY = 'bursar.provider';

/** The provider this browser last chose; null means the server's own choice. */
export function chosenProvider(): string | null {
  return localStorage.getItem(KEY);
}

/**
 * Remembers the provider that every later call names, in all tabs of this browser; null forgets it.
 * What pages have read stays: whoever changes it begins them anew.
 */
export function chooseProvider(providerId: string | null): void {
  if (providerId === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, providerId);
}
