'use client';

import { useCallback, useState } from 'react';
import { isRecord, printJson, withValue, type Json } from '@/lib/definition/paths';

export interface DefinitionState {
  /** What the JSON side shows: the one thing that is edited, from either side. */
  text: string;
  /** The text's meaning, as far as it has ever had one. */
  definition: Json;
  /** Why the text means nothing at the moment; null when it does. */
  fault: string | null;
}

function readText(text: string): Json | string {
  try {
    const json = JSON.parse(text) as unknown;
    return isRecord(json) ? json : 'Expected an object: { "model": … }';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A definition that a form and a text show at once. */
export function useDefinition(initial: Json) {
  const [state, setState] = useState<DefinitionState>(() => ({
    text: printJson(initial),
    definition: initial,
    fault: null,
  }));
  const setText = useCallback((text: string) => {
    const read = readText(text);
    setState((before) =>
      typeof read === 'string' ? { ...before, text, fault: read } : { text, definition: read, fault: null },
    );
  }, []);
  /** Writes values by their paths; undefined takes one away. */
  const set = useCallback((values: Record<string, unknown>) => {
    setState((before) => {
      const definition = Object.entries(values).reduce<unknown>(
        (json, [path, value]) => withValue(json, path, value),
        before.definition,
      ) as Json;
      return { text: printJson(definition), definition, fault: null };
    });
  }, []);
  return { ...state, setText, set };
}

/** What the parts of the form are given: the definition, how to change it, and what is wrong with it. */
export interface FormPart {
  definition: Json;
  set: (values: Record<string, unknown>) => void;
  /** What is wrong at a path, or below it. */
  errorAt: (path: string, below?: boolean) => string | null;
}
