import { type ErrorCode, errorTexts, type Problem, type Remedy } from '#contract/errors';

type ProblemExtras = Partial<
  Pick<
    Problem,
    'fields' | 'whoMay' | 'retryAfterSeconds' | 'similar' | 'similarWorkplaces' | 'reference'
  >
>;

/**
 * A failure that was foreseen: it has a stable code, a cause in plain words and a remedy. The
 * texts stand in `contract/errors`; `detail` says what is particular to this case and must not
 * hold a secret, since it is shown.
 */
export class AppError extends Error {
  override readonly name: string = 'AppError';
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly extras: ProblemExtras;
  /** Whether whoever runs this Bursar should hear of it. */
  readonly isReportable: boolean;

  constructor(
    code: ErrorCode,
    detail?: string,
    options: { extras?: ProblemExtras; cause?: unknown; isReportable?: boolean } = {},
  ) {
    super(detail ? `${code}: ${detail}` : code, { cause: options.cause });
    this.code = code;
    this.detail = detail;
    this.extras = options.extras ?? {};
    this.isReportable = options.isReportable ?? false;
  }

  get status(): number {
    return errorTexts[this.code].status;
  }

  get remedy(): Remedy {
    return errorTexts[this.code].remedy;
  }
}

/** The problem document (RFC 9457) of a failure. */
export function toProblem(error: AppError): Problem {
  const text = errorTexts[error.code];
  return {
    type: `urn:bursar:problem:${error.code}`,
    title: text.title,
    status: text.status,
    code: error.code,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    way: text.way,
    remedy: text.remedy,
    ...error.extras,
  };
}
