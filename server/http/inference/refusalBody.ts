/** Says that a client may not, in the form of the API that the path belongs to. */
export function refusalBody(path: string, code: 'UNAUTHENTICATED' | 'FORBIDDEN', message: string): object {
  if (path.startsWith('/v1/')) {
    const name = code === 'UNAUTHENTICATED' ? 'invalid_api_key' : null;
    return { error: { message, type: 'invalid_request_error', param: null, code: name }, code };
  }
  if (path === '/embed' || path === '/predict') return { error: message, error_type: 'Unauthorized', code };
  return { errors: [{ message, extensions: { code } }] };
}
