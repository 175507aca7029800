'use client';

import { CreateFreezeConfigDocument, UpdateFreezeConfigDocument } from '@/lib/generated/graphql';
import { useAction } from './use-action';

/** Stores freeze rules under a new name. */
export const useCreateFreezeConfig = () => useAction(CreateFreezeConfigDocument);

/** Gives a name other rules, as its next version. */
export const useUpdateFreezeConfig = () => useAction(UpdateFreezeConfigDocument);
