/** The refusals of the Accounting API; each keeps the body that Xero would send. */

export interface WireError {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer that is not a success. Thrown anywhere below a route, turned into bytes at the edge. */
export class ApiError extends Error {
  readonly wire: WireError;

  constructor(wire: WireError) {
    super(`answers ${wire.status}`);
    this.wire = wire;
  }
}

/** 400 with the validation envelope; the elements echo what was sent. */
export function validationError(elements: readonly unknown[]): ApiError {
  return json(400, {
    ErrorNumber: 10,
    Type: 'ValidationException',
    Message: 'A validation exception occurred',
    Elements: elements,
  });
}

/** 400 for a body that cannot be understood at all. */
export function postDataError(message: string): ApiError {
  return json(400, { ErrorNumber: 14, Type: 'PostDataInvalidException', Message: message });
}

/** 400 for a `where` or `order` that cannot be read. */
export function queryParseError(message: string): ApiError {
  return json(400, { ErrorNumber: 16, Type: 'QueryParseException', Message: message });
}

/** 400 for a long list that was asked for whole, or by a filter or order that is not optimised. */
export function highVolumeError(list: string): ApiError {
  const guide = 'https://developer.xero.com/documentation/api/efficient-data-retrieval';
  const message =
    `Your request is not filtering ${list} efficiently, given the extremely high volume for this ` +
    `organisation. Please check ${guide} for tips on making ${list.slice(0, -1)} retrieval more ` +
    'efficient.';
  return json(400, { ErrorNumber: 51, Type: 'HighVolumeException', Message: message });
}

/** 400 outside the envelope of validations. */
export function badRequest(type: string, message: string): ApiError {
  return json(400, { ErrorNumber: 0, Type: type, Message: message });
}

/** 401 or 403 as problem JSON. */
export function problem(
  status: 401 | 403,
  detail: string,
  instance: string,
  headers: Readonly<Record<string, string>> = {},
): ApiError {
  return json(
    status,
    {
      Type: null,
      Title: status === 401 ? 'Unauthorized' : 'Forbidden',
      Status: status,
      Detail: detail,
      Instance: instance,
      Extensions: {},
    },
    headers,
  );
}

/** 404 as a page, not JSON; recorded. */
export function notFound(): ApiError {
  return new ApiError({
    status: 404,
    contentType: 'text/html; charset=utf-8',
    body: '<!DOCTYPE html><html><head><title>Not found</title></head><body><h1>The resource you are looking for cannot be found</h1></body></html>',
    headers: {},
  });
}

/** Plain text, as the 503 family comes. */
export function plainText(status: number, text: string): ApiError {
  return new ApiError({
    status,
    contentType: 'text/plain; charset=utf-8',
    body: text,
    headers: {},
  });
}

function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): ApiError {
  return new ApiError({
    status,
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify(body),
    headers,
  });
}
