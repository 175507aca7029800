'use client';

import { useState, type ReactNode } from 'react';
import { Provider } from 'urql';
import { createApiClient } from './client';

/** Gives every component below it the API client. */
export function ApiProvider({ children }: { children: ReactNode }) {
  const [client] = useState(createApiClient);
  return <Provider value={client}>{children}</Provider>;
}
