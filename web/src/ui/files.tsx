// Files by drag and drop, or by the button.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { faUpload } from '@fortawesome/free-solid-svg-icons';
import type { Name } from '../lib/api';
import { can } from '../lib/session';
import { Button } from './button';
import { Icon } from './icon';

const hasFiles = (e: DragEvent) => e.dataTransfer?.types.includes('Files') ?? false;

function useDrop(onFiles: (files: File[]) => void, on: boolean) {
  const [over, setOver] = useState(false);
  const depth = useRef(0);
  const leave = () => {
    depth.current = 0;
    setOver(false);
  };
  const handlers = on ? {
    onDragEnter: (e: DragEvent) => {
      if (!hasFiles(e)) return;
      depth.current++;
      setOver(true);
    },
    onDragLeave: () => --depth.current <= 0 && leave(),
    onDragOver: (e: DragEvent) => hasFiles(e) && e.preventDefault(),
    onDrop: (e: DragEvent) => {
      if (!hasFiles(e)) return;
      e.preventDefault();
      leave();
      onFiles([...e.dataTransfer!.files]);
    },
  } : {};
  // A file that misses the target would otherwise be opened in the place of the page.
  useEffect(() => {
    const stop = (e: DragEvent) => hasFiles(e) && e.preventDefault();
    addEventListener('dragover', stop);
    addEventListener('drop', stop);
    return () => {
      removeEventListener('dragover', stop);
      removeEventListener('drop', stop);
    };
  }, []);
  return { over, handlers };
}

// A whole area that takes files and says so while some hover over it.
export function DropTarget({ onFiles, needs, text, children }: { onFiles: (files: File[]) => void; needs: Name; text: string; children: ComponentChildren }) {
  const { over, handlers } = useDrop(onFiles, can(needs));
  return (
    <div class="drop-target" {...handlers}>
      {children}
      {over && <div class="drop-veil"><span><Icon of={faUpload} /> {text}</span></div>}
    </div>
  );
}

export function DropZone({ onFiles, label, hint, disabled }: { onFiles: (files: File[]) => void; label: string; hint: ComponentChildren; disabled?: boolean }) {
  const { over, handlers } = useDrop(onFiles, !disabled);
  const input = useRef<HTMLInputElement>(null);
  return (
    <div class={`drop-zone${over ? ' over' : ''}`} {...handlers}>
      <Icon of={faUpload} />
      <div>
        <strong>{over ? 'Drop them here' : label}</strong>
        <div class="subtle">{hint}</div>
      </div>
      <Button onClick={() => input.current?.click()} disabled={disabled ?? false}>Choose files</Button>
      <input ref={input} type="file" multiple class="pf-v6-screen-reader" tabIndex={-1} aria-label="PEM files" accept=".pem,.crt,.cer,.key,.txt,.chain,.ca,.bundle"
        onChange={(e) => {
          onFiles([...(e.currentTarget.files ?? [])]);
          e.currentTarget.value = '';
        }} />
    </div>
  );
}

export function Sending({ share, what }: { share: number; what: string }) {
  const percent = Math.round(share * 100);
  return (
    <div class="pf-v6-c-progress sending">
      <div class="pf-v6-c-progress__description">{percent < 100 ? `Sending ${what}` : `Checking ${what}`}</div>
      <div class="pf-v6-c-progress__status" aria-hidden="true"><span class="pf-v6-c-progress__measure">{percent} %</span></div>
      <div class="pf-v6-c-progress__bar" role="progressbar" aria-label={`Sending ${what}`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
        <div class="pf-v6-c-progress__indicator" style={{ width: `${percent}%` }} />
      </div>
    </div>
  );
}

// Hands text to the browser as a file.
export function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/x-pem-file' }));
  const a = document.createElement('a');
  a.href = url;
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
