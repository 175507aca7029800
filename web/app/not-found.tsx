import Link from 'next/link';
import { AsButton } from '@/components/ui/Button';
import { Page } from '@/components/ui/Page';

export default function NotFound() {
  return (
    <Page
      title="There is nothing at this address"
      lead="The page may have moved, or the link may be incomplete."
    >
      <div className="flex gap-2">
        <AsButton look="primary">
          <Link href="/runs">All runs</Link>
        </AsButton>
        <AsButton>
          <Link href="/">Overview</Link>
        </AsButton>
      </div>
    </Page>
  );
}
