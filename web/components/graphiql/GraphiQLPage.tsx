'use client';

import dynamic from 'next/dynamic';
import { SkeletonLines } from '@/components/ui/states';

/** The editor is heavy and only ever loaded here. */
const Explorer = dynamic(() => import('./Explorer').then((module) => module.Explorer), {
  ssr: false,
  loading: () => <SkeletonLines lines={10} label="Loading GraphiQL" />,
});

/** The API by hand. */
export function GraphiQLPage() {
  return (
    <div className="flex h-[calc(100dvh-3.25rem)] flex-col lg:h-dvh">
      <h1 className="sr-only">GraphiQL</h1>
      <div className="min-h-0 flex-1">
        <Explorer />
      </div>
    </div>
  );
}
