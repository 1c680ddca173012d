const KEY = 'bursar.provider';

/** The provider this browser last chose; null means the server's own choice. */
export function chosenProvider(): string | null {
  return localStorage.getItem(KEY);
}

export function chooseProvider(providerId: string | null): void {
  if (providerId === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, providerId);
}
