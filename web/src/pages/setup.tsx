import { useState } from 'preact/hooks';
import { ApiError } from '../lib/api';
import { refuse, useForm } from '../lib/form';
import { go, place } from '../lib/route';
import { setUp } from '../lib/session';
import { Button } from '../ui/button';
import { TextField } from '../ui/field';
import { checkNewPassword, PasswordFields } from '../ui/password';
import { Alert, ErrorAlert } from '../ui/states';
import { Gate } from './gate';

export function SetupPage() {
  const [token] = useState(() => place.value.hash.slice(1));
  const [dead, setDead] = useState(token === '');
  const form = useForm({ name: '', password: '', again: '' }, async (v) => {
    if (!v.name) throw refuse('name', 'Enter a name.');
    checkNewPassword(v);
    try {
      await setUp(token, v.name, v.password);
    } catch (e) {
      if (e instanceof ApiError && (e.status === 410 || e.status === 403 || e.field === 'token')) setDead(true);
      throw e;
    }
    go('/', 'replace');
  });
  return (
    <Gate title="Set up" wide>
      <form onSubmit={form.submit} noValidate>
        <h1>Set up opsd</h1>
        <p class="gate-sub">Make the first administrator. This link works once and is then dead.</p>
        {dead ? (
          <Alert tone="warning" title={token ? 'This link is dead' : 'This link is not whole'}
            actions={<a href="/">Go to sign in</a>}>
            {token
              ? 'It has been used, or opsd has made a newer one since. The newest is in the file setup-link in opsd’s state folder while there is no administrator.'
              : 'The setup link has a token after the # sign. Open it as it was printed.'}
          </Alert>
        ) : (
          <>
            <div class="note">
              <strong>Compare the fingerprint first</strong>
              <p>The terminal printed <code>fingerprint sha256:…</code> at the first start. Your browser’s certificate view must show the same. This page cannot prove it.</p>
            </div>
            {form.error && <ErrorAlert error={form.error} />}
            <TextField label="Name" name="username" autocomplete="username" autofocus hint="Lower-case letters, digits, dot and dash" {...form.bind('name')} />
            <PasswordFields password={form.bind('password')} again={form.bind('again')} />
            <Button kind="primary" submit block busy={form.busy}>Make administrator and sign in</Button>
            <p class="caption">Next: add a cluster, or import a certificate for this console.</p>
          </>
        )}
      </form>
    </Gate>
  );
}
