/** One file as the API takes it. */
export interface SentFile {
  name: string;
  contentBase64: string;
}

/**
 * Reads chosen files for sending.
 * @throws the browser's error when a file can't be read, such as one moved away meanwhile
 */
export function readFiles(files: readonly File[]): Promise<SentFile[]> {
  return Promise.all(
    files.map(async (file) => ({ name: file.name, contentBase64: await base64Of(file) })),
  );
}

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const address = String(reader.result);
      resolve(address.slice(address.indexOf(',') + 1));
    };
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

const MEGABYTE = 1024 * 1024;

/** A size as people read it: `3 kB`, `1.2 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < MEGABYTE) return `${Math.max(1, Math.round(bytes / 1024))} kB`;
  return `${Math.round((bytes / MEGABYTE) * 10) / 10} MB`;
}
