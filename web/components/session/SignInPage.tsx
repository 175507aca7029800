'use client';

import { useEffect, useState, type FormEvent } from 'react';
import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { Page } from '@/components/ui/Page';
import { enter, isSignedIn, signIn } from '@/lib/api/session';

/** Asks for a token, and goes on to the page that was asked for. */
export function SignInPage() {
  const [problem, setProblem] = useState<string | null>(null);
  // Until this script runs, the browser itself would send the form.
  const [pending, setPending] = useState(true);

  // Who follows a link from another site comes without the cookie, as it is kept from other sites, and is signed in all the same.
  useEffect(() => {
    void isSignedIn().then((signedIn) => (signedIn ? enter() : setPending(false)));
  }, []);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get('token');
    setPending(true);
    const refused = await signIn(String(token));
    setProblem(refused);
    setPending(false);
    if (refused === null) enter();
  };

  return (
    <div className="mx-auto w-full max-w-xl">
      <Page title="Sign in" lead="This server asks for a token.">
        <Card title="Token">
          <form method="post" onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
            <label className="flex flex-col gap-1">
              <span className="text-table text-muted">
                Whoever runs the server makes one with <code>frostline token create</code>.
              </span>
              <input
                type="password"
                name="token"
                autoComplete="current-password"
                required
                autoFocus
                aria-label="Token"
                aria-invalid={problem !== null}
                aria-describedby={problem === null ? undefined : 'sign-in-problem'}
                placeholder="frostline_…"
                className="h-8 rounded-md border border-line bg-surface px-2 font-mono"
              />
            </label>
            {problem !== null && (
              <p id="sign-in-problem" role="alert" className="text-bad">
                {problem}
              </p>
            )}
            <div>
              <Button type="submit" look="primary" disabled={pending}>
                Sign in
              </Button>
            </div>
          </form>
        </Card>
      </Page>
    </div>
  );
}
