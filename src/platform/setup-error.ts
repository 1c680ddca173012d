/**
 * Something that keeps Bursar from starting and that the person at the terminal can put right: a
 * wrong setting, a taken port, a damaged data folder. The message is one clear sentence and is
 * printed as it stands, without a stack.
 */
export class SetupError extends Error {
  override readonly name = 'SetupError';
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
