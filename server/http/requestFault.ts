/** What a client is told whose request could not be read: its body, or the address that it was sent to. */
export function requestFault(error: unknown): string {
  if (error instanceof URIError) return 'expected an address whose percent signs begin characters in UTF-8';
  switch ((error as { type?: string }).type) {
    case 'charset.unsupported':
      return 'expected a body in UTF-8';
    case 'encoding.unsupported':
      return 'expected a body as it is, or with a Content-Encoding of gzip, deflate or br';
    default:
      return 'expected a body of JSON';
  }
}
