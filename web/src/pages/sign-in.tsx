import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../lib/api';
import { refuse, useForm } from '../lib/form';
import { session, sessionEnded, signIn } from '../lib/session';
import { Button } from '../ui/button';
import { TextField } from '../ui/field';
import { Alert, ErrorAlert } from '../ui/states';
import { Gate } from './gate';

// Seconds that are left to wait; 0 when there are none.
function useWait(): [number, (seconds: number) => void] {
  const [until, setUntil] = useState(0);
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const tick = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    tick();
    if (until <= Date.now()) return undefined;
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [until]);
  return [left, (seconds) => setUntil(Date.now() + seconds * 1000)];
}

export function SignInPage() {
  const [left, wait] = useWait();
  const form = useForm({ name: '', password: '' }, async ({ name, password }) => {
    if (!name) throw refuse('name', 'Enter your name.');
    if (!password) throw refuse('password', 'Enter your password.');
    try {
      await signIn(name, password);
    } catch (e) {
      if (e instanceof ApiError && e.code === 'throttled') wait(e.retryAfter ?? 30);
      if (e instanceof ApiError && e.status === 401) throw refuse('password', e.message);
      throw e;
    }
  });
  const throttled = form.error?.code === 'throttled';
  return (
    <Gate title="Sign in">
      <form onSubmit={form.submit} noValidate>
        <h1>Sign in</h1>
        {sessionEnded.value && <Alert tone="info" title="Your session has ended">Sign in to go on where you were.</Alert>}
        {session.value?.setup_needed && (
          <Alert tone="info" title="There is no administrator yet" quiet>
            opsd wrote a setup link when it started: on the terminal, or in the file <code>setup-link</code> in its state folder. Open it to make the first one.
          </Alert>
        )}
        {throttled && left > 0 && <Alert tone="warning" title="Too many tries">Wait {left} {left === 1 ? 'second' : 'seconds'}, then try again.</Alert>}
        {form.error && !throttled && <ErrorAlert error={form.error} />}
        <TextField label="Name" name="username" autocomplete="username" autofocus {...form.bind('name')} />
        <TextField label="Password" name="password" type="password" autocomplete="current-password" {...form.bind('password')} />
        <Button kind="primary" submit block busy={form.busy} disabled={left > 0} why={`wait ${left} s`}>Sign in</Button>
        <p class="caption">No account? An administrator adds one with <code>opsd user-add</code>.</p>
      </form>
    </Gate>
  );
}
