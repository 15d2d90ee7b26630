// Form fields: label, control, hint, and the error beside the control that it is about.
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { faCaretDown, faCircleExclamation, faEye, faEyeSlash } from '@fortawesome/free-solid-svg-icons';
import { Icon } from './icon';
import { Prose } from './prose';

interface Common {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: ComponentChildren;
  error?: string | null | undefined;
  required?: boolean;
  disabled?: boolean;
}

function Row({ id, label, hint, error, required, children }: Pick<Common, 'label' | 'hint' | 'error' | 'required'> & { id: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id}>{label}{required === false && <span class="optional"> optional</span>}</label>
      {children}
      <div id={`${id}-help`} class="field-help">
        {error && <span class="field-error"><Icon of={faCircleExclamation} /> <Prose text={error} /></span>}
        {hint && <span class="field-hint">{hint}</span>}
      </div>
    </div>
  );
}

const controlClass = (error: unknown, extra = '') => `pf-v6-c-form-control${error ? ' pf-m-error' : ''} ${extra}`;

export interface TextProps extends Common {
  name?: string;
  type?: 'text' | 'password';
  autocomplete?: string;
  placeholder?: string;
  mono?: boolean;
  autofocus?: boolean;
  list?: string[];
}

export function TextField(p: TextProps) {
  const id = useId();
  const [seen, setSeen] = useState(false);
  const secret = p.type === 'password';
  return (
    <Row id={id} {...p}>
      <span class={controlClass(p.error, secret ? 'with-eye' : '')}>
        <input id={id} name={p.name} type={(secret && seen ? 'text' : p.type ?? 'text') as 'text'} value={p.value} placeholder={p.placeholder}
          autocomplete={(p.autocomplete ?? 'off') as 'off'} autocapitalize="none" spellcheck={false} disabled={p.disabled}
          aria-invalid={p.error ? true : undefined} aria-describedby={`${id}-help`} required={p.required || undefined}
          autofocus={p.autofocus} class={p.mono ? 'mono' : ''} list={p.list ? `${id}-list` : undefined}
          onInput={(e) => p.onChange(e.currentTarget.value)} />
        {secret && (
          <button type="button" class="eye" aria-pressed={seen} aria-label="Show password" title={seen ? 'Hide password' : 'Show password'}
            onClick={() => setSeen(!seen)}><Icon of={seen ? faEyeSlash : faEye} /></button>
        )}
      </span>
      {p.list && <datalist id={`${id}-list`}>{p.list.map((v) => <option key={v} value={v} />)}</datalist>}
    </Row>
  );
}

export function AreaField(p: Common & { rows?: number; placeholder?: string; name?: string }) {
  const id = useId();
  return (
    <Row id={id} {...p}>
      <span class={controlClass(p.error, 'pf-m-textarea')}>
        <textarea id={id} name={p.name} rows={p.rows ?? 6} value={p.value} placeholder={p.placeholder} disabled={p.disabled} spellcheck={false}
          autocomplete="off" aria-invalid={p.error ? true : undefined} aria-describedby={`${id}-help`} class="mono"
          required={p.required || undefined} onInput={(e) => p.onChange(e.currentTarget.value)} />
      </span>
    </Row>
  );
}

export type Choice = [value: string, text: string];

export function Select({ id, value, onChange, choices, label, disabled, error }: {
  id?: string; value: string; onChange: (v: string) => void; choices: Choice[]; label?: string; disabled?: boolean; error?: boolean;
}) {
  return (
    <span class={controlClass(error)}>
      <select id={id} value={value} aria-label={label} disabled={disabled} onChange={(e) => onChange(e.currentTarget.value)}>
        {choices.map(([v, text]) => <option key={v} value={v}>{text}</option>)}
      </select>
      <span class="pf-v6-c-form-control__utilities"><span class="pf-v6-c-form-control__toggle-icon"><Icon of={faCaretDown} /></span></span>
    </span>
  );
}

export function SelectField(p: Common & { choices: Choice[] }) {
  const id = useId();
  return (
    <Row id={id} {...p}>
      <Select id={id} value={p.value} onChange={p.onChange} choices={p.choices} disabled={p.disabled ?? false} error={!!p.error} />
    </Row>
  );
}

export function CheckField({ label, hint, checked, onChange, disabled }: {
  label: ComponentChildren; hint?: ComponentChildren; checked: boolean; onChange: (v: boolean) => void; disabled?: boolean;
}) {
  const id = useId();
  return (
    <div class="pf-v6-c-check">
      <input id={id} class="pf-v6-c-check__input" type="checkbox" checked={checked} disabled={disabled} aria-describedby={hint ? `${id}-help` : undefined}
        onChange={(e) => onChange(e.currentTarget.checked)} />
      <label class="pf-v6-c-check__label" for={id}>{label}</label>
      {hint && <span class="pf-v6-c-check__description" id={`${id}-help`}>{hint}</span>}
    </div>
  );
}

export function RadioField({ legend, value, onChange, choices }: {
  legend: string; value: string; onChange: (v: string) => void; choices: [value: string, text: string, hint?: ComponentChildren][];
}) {
  const id = useId();
  return (
    <fieldset class="field radios">
      <legend>{legend}</legend>
      {choices.map(([v, text, hint]) => (
        <div key={v} class="pf-v6-c-radio">
          <input id={`${id}-${v}`} name={id} type="radio" class="pf-v6-c-radio__input" value={v} checked={v === value}
            aria-describedby={hint ? `${id}-${v}-help` : undefined} onChange={() => onChange(v)} />
          <label class="pf-v6-c-radio__label" for={`${id}-${v}`}>{text}</label>
          {hint && <span class="pf-v6-c-radio__description" id={`${id}-${v}-help`}>{hint}</span>}
        </div>
      ))}
    </fieldset>
  );
}
