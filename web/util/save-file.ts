/** Hands a text to the browser as a file to save. */
export function saveText({ fileName, text }: { fileName: string; text: string }, type: string) {
  saveFile(new Blob([text], { type }), fileName);
}

/** Hands a file to the browser to save. */
export function saveFile(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
