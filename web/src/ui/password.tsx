// A new password, twice, with word of whether the two agree before anything is sent.
import { faCircleCheck, faCircleExclamation } from '@fortawesome/free-solid-svg-icons';
import { refuse } from '../lib/form';
import { TextField } from './field';
import { Status } from './status';

const least = 10;

export interface NewPassword {
  password: string;
  again: string;
}

interface Bound {
  value: string;
  onChange: (v: string) => void;
  error: string | undefined;
}

export function checkNewPassword({ password, again }: NewPassword): void {
  if (password.length < least) throw refuse('password', `Use at least ${least} characters.`);
  if (password !== again) throw refuse('again', 'The two are not the same.');
}

export function PasswordFields({ password, again, label = 'Password' }: { password: Bound; again: Bound; label?: string }) {
  const n = [...password.value].length;
  const same = password.value === again.value;
  const good = n >= least && same;
  return (
    <div class="passwords">
      <div class="two">
        <TextField label={label} type="password" name="new-password" autocomplete="new-password" {...password} />
        <TextField label="Again" type="password" name="new-password-again" autocomplete="new-password" {...again} />
      </div>
      <p class="caption password-state" aria-live="polite">
        {n > 0 && (good
          ? <Status tone="success" icon={faCircleCheck}>{n} characters, both the same</Status>
          : n >= least && again.value !== '' && <Status tone="danger" icon={faCircleExclamation}>not the same yet</Status>)}
        <span>at least {least}</span>
      </p>
    </div>
  );
}
