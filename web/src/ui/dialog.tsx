// Dialogs are the browser's own: it traps the focus, makes the rest inert, closes on Esc and gives the focus back.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { faTriangleExclamation, faXmark } from '@fortawesome/free-solid-svg-icons';
import type { ApiError } from '../lib/api';
import { useForm } from '../lib/form';
import { Button } from './button';
import { Icon } from './icon';
import { ErrorAlert } from './states';

export interface DialogProps {
  title: string;
  close: () => void;
  danger?: boolean;
  wide?: boolean;
  onSubmit?: (e: Event) => void;
  footer: ComponentChildren;
  error?: ApiError | null;
  children: ComponentChildren;
}

export function Dialog({ title, close, danger, wide, onSubmit, footer, error, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    dialog.current!.showModal();
    return () => before?.isConnected && before.focus();
  }, []);
  return (
    <dialog ref={dialog} class={`dialog${wide ? ' dialog-wide' : ''}`} aria-labelledby={id}
      onCancel={(e) => {
        e.preventDefault();
        close();
      }}
      onMouseDown={(e) => e.target === dialog.current && close()}>
      <form class="dialog-box" noValidate onSubmit={(e) => {
        e.preventDefault();
        onSubmit?.(e);
      }}>
        <header class="dialog-head">
          <h2 id={id}>{danger && <Icon of={faTriangleExclamation} class="tone-warning" />}{title}</h2>
          <Button kind="plain" icon={faXmark} label="Close" onClick={close} />
        </header>
        <div class="dialog-body">
          {error && <ErrorAlert error={error} />}
          {children}
        </div>
        <footer class="dialog-foot">{footer}</footer>
      </form>
    </dialog>
  );
}

export interface ConfirmProps {
  title: string;
  action: string;
  danger?: boolean;
  close: () => void;
  run: () => Promise<void>; // throws ApiError; the dialog stays open then and says why
  children: ComponentChildren;
}

export function Confirm({ title, action, danger = true, close, run, children }: ConfirmProps) {
  const form = useForm({}, run);
  return (
    <Dialog title={title} danger={danger} close={close} error={form.error} onSubmit={form.submit}
      footer={<>
        <Button kind={danger ? 'danger' : 'primary'} submit busy={form.busy}>{action}</Button>
        <Button kind="link" onClick={close}>Cancel</Button>
      </>}>
      {children}
    </Dialog>
  );
}
