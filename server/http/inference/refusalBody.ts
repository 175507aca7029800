/** Says why a request is refused, in the form of the API that the path belongs to. */
export function refusalBody(
  path: string,
  code: 'UNAUTHENTICATED' | 'FORBIDDEN' | 'BAD_REQUEST' | 'NOT_FOUND',
  message: string,
): object {
  if (path.startsWith('/v1/')) {
    const name = code === 'UNAUTHENTICATED' ? 'invalid_api_key' : code.toLowerCase();
    return { error: { message, type: 'invalid_request_error', param: null, code: name }, code };
  }
  if (path === '/embed' || path === '/predict')
    return {
      error: message,
      error_type: code === 'BAD_REQUEST' || code === 'NOT_FOUND' ? 'Validation' : 'Unauthorized',
      code,
    };
  return { errors: [{ message, extensions: { code } }] };
}
