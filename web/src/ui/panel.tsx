import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

export interface PanelProps {
  title?: string;
  note?: ComponentChildren; // beside the title
  aside?: ComponentChildren; // at the right
  class?: string;
  pad?: boolean; // false for tables and rows, which bring their own
  children?: ComponentChildren;
}

export function Panel({ title, note, aside, class: extra, pad = true, children }: PanelProps) {
  const id = useId();
  return (
    <section class={`panel ${extra ?? ''}`} aria-labelledby={title ? id : undefined}>
      {title && (
        <div class="panel-head">
          <h2 id={id}>{title}</h2>
          {note && <div class="panel-note">{note}</div>}
          {aside && <div class="panel-aside">{aside}</div>}
        </div>
      )}
      {pad ? <div class="panel-body">{children}</div> : children}
    </section>
  );
}

export function Rule({ id }: { id: string }) {
  return <code class="rule">{id}</code>;
}

export function Tag({ children }: { children: ComponentChildren }) {
  return <span class="tag">{children}</span>;
}

export interface Term {
  term: string;
  value: ComponentChildren;
  hide?: boolean;
}

export function Terms({ of, narrow }: { of: Term[]; narrow?: boolean }) {
  return (
    <dl class={`terms${narrow ? ' terms-narrow' : ''}`}>
      {of.filter((t) => !t.hide).map((t) => (
        <div key={t.term}><dt>{t.term}</dt><dd>{t.value}</dd></div>
      ))}
    </dl>
  );
}
