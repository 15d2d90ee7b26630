// A form's state: its values, what the API refused by field, whether it is being sent.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from './api';
import { guardLeaving } from './route';

export interface Form<T> {
  values: T;
  set: <K extends keyof T>(key: K, value: T[K]) => void;
  bind: <K extends keyof T>(key: K) => { value: T[K]; onChange: (value: T[K]) => void; error: string | undefined };
  error: ApiError | null; // about no field that is shown
  busy: boolean;
  submit: (e?: Event) => Promise<void>;
  fail: (field: keyof T, message: string) => void;
}

// send throws ApiError when refused; ApiError.field leads to the value of that name.
export function useForm<T extends object>(initial: T, send: (values: T) => Promise<void>, options: { guard?: boolean } = {}): Form<T> {
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<Partial<Record<keyof T, string>>>({});
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const touched = useRef(false);

  useEffect(() => {
    if (!options.guard) return undefined;
    guardLeaving(() => !touched.current || confirm('Leave this page? What you have entered is not kept.'));
    return () => guardLeaving(null);
  }, [options.guard]);

  function set<K extends keyof T>(key: K, value: T[K]) {
    touched.current = true;
    setValues((v) => ({ ...v, [key]: value }));
    setErrors((e) => ({ ...e, [key]: undefined }));
    setError(null);
  }

  function focusFirstError() {
    setTimeout(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  }

  async function submit(e?: Event) {
    e?.preventDefault();
    if (busy) return;
    setBusy(true);
    setErrors({});
    setError(null);
    try {
      touched.current = false;
      await send(values);
    } catch (thrown) {
      touched.current = true;
      const refused = thrown instanceof ApiError ? thrown : new ApiError(0, 'internal', String(thrown));
      const field = refused.field as keyof T | null;
      if (field && field in values) {
        setErrors({ [field]: refused.message } as Partial<Record<keyof T, string>>);
        focusFirstError();
      } else setError(refused);
    } finally {
      setBusy(false);
    }
  }

  return {
    values, set, error, busy, submit,
    bind: (key) => ({ value: values[key], onChange: (value) => set(key, value), error: errors[key] }),
    fail: (field, message) => {
      setErrors((e) => ({ ...e, [field]: message }));
      focusFirstError();
    },
  };
}

// A refusal of what was typed, found here before it is sent.
export const refuse = (field: string, message: string): ApiError => new ApiError(422, 'invalid', message, field);
