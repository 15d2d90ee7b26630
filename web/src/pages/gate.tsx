// The pages before anybody is signed in share this frame.
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Logo } from '../ui/icon';
import { Toasts } from '../ui/shell';

export function Gate({ title, wide, children }: { title: string; wide?: boolean; children: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} · opsd`;
  }, [title]);
  return (
    <main class="gate">
      <div class="gate-brand"><Logo /><span>opsd</span></div>
      <div class={`gate-card${wide ? ' gate-wide' : ''}`}>{children}</div>
      <div class="gate-foot">
        <code>{location.host}</code>
        <details>
          <summary>How to check this console’s certificate</summary>
          <p>
            opsd printed <code>fingerprint sha256:…</code> at its first start, and <code>opsd status</code> on its host prints it again.
            Compare it with the SHA-256 fingerprint that your browser shows for this page’s certificate: the padlock or the warning sign
            in the address bar leads there. If they differ, somebody stands in between: do not type a password.
          </p>
        </details>
      </div>
      <Toasts />
    </main>
  );
}
