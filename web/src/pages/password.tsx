import { call } from '../lib/api';
import { refuse, useForm } from '../lib/form';
import { go } from '../lib/route';
import { session } from '../lib/session';
import { Button } from '../ui/button';
import { TextField } from '../ui/field';
import { toast } from '../ui/live-region';
import { Page } from '../ui/page';
import { checkNewPassword, PasswordFields } from '../ui/password';
import { ErrorAlert } from '../ui/states';

export function PasswordPage() {
  const form = useForm({ current: '', password: '', again: '' }, async (v) => {
    if (!v.current) throw refuse('current', 'Enter your current password.');
    checkNewPassword(v);
    await call('userPassword', { name: session.value!.name!, password: v.password, current: v.current });
    toast('success', 'Your password is changed');
    go('/settings');
  });
  return (
    <Page title="Password" width="form" crumbs={[['Settings', '/settings'], ['password']]} sub={`Of ${session.value?.name ?? ''}. Other sessions of yours end when it changes.`}>
      <form class="panel panel-body" onSubmit={form.submit} noValidate aria-label="Password">
        {form.error && <ErrorAlert error={form.error} />}
        <input type="text" name="username" autocomplete="username" value={session.value?.name ?? ''} hidden readOnly />
        <TextField label="Current password" type="password" name="current-password" autocomplete="current-password" {...form.bind('current')} />
        <PasswordFields label="New password" password={form.bind('password')} again={form.bind('again')} />
        <div class="form-actions">
          <Button kind="primary" submit busy={form.busy}>Change password</Button>
          <Button kind="link" href="/settings">Cancel</Button>
        </div>
      </form>
    </Page>
  );
}
