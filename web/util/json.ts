/** What a text says as JSON; undefined where it is none, such as a proxy's page. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
