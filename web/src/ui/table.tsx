// Tables and their pages. Columns marked wide go away on narrow screens.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from './button';
import { count } from '../lib/words';

export interface Column<T> {
  head: string;
  hidden?: boolean; // the heading is for screen readers only
  wide?: boolean;
  number?: boolean;
  class?: string;
  cell: (row: T) => ComponentChildren;
}

export interface TableProps<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  id: (row: T) => string | number;
  mark?: (row: T) => boolean; // stands out
}

const classes = <T,>(c: Column<T>) => [c.wide && 'wide', c.number && 'number', c.class].filter(Boolean).join(' ');

// Scrolls sideways in itself where it does not fit; then it takes the focus, so that the keyboard can scroll it.
export function Table<T>({ label, columns, rows, id, mark }: TableProps<T>) {
  return (
    <div class="table-wrap" tabIndex={0} role="group" aria-label={label}>
      <table class="table" aria-label={label}>
        <thead>
          <tr>{columns.map((c) => <th key={c.head} scope="col" class={classes(c)}>{c.hidden ? <span class="pf-v6-screen-reader">{c.head}</span> : c.head}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={id(row)} class={mark?.(row) ? 'marked' : ''}>{columns.map((c) => <td key={c.head} class={classes(c)}>{c.cell(row)}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

// Pages by key: the way back is what was passed on the way here. A new filter starts anew.
export interface Pages {
  after: string | null;
  number: number;
  forward: (next: string) => void;
  back: (() => void) | null;
}

export function usePages(filters: string): Pages {
  const [passed, setPassed] = useState<{ filters: string; stack: string[] }>({ filters, stack: [] });
  const stack = passed.filters === filters ? passed.stack : [];
  const set = (next: string[]) => {
    setPassed({ filters, stack: next });
    document.getElementById('main')?.scrollTo(0, 0);
  };
  return {
    after: stack.at(-1) ?? null,
    number: stack.length + 1,
    forward: (next) => set([...stack, next]),
    back: stack.length ? () => set(stack.slice(0, -1)) : null,
  };
}

export function Pager({ pages, shown, total, next, what, many }: {
  pages: Pages; shown: number; total?: number; next: string | null; what: string; many?: string;
}) {
  const one = pages.number === 1 && !next;
  return (
    <div class="pager">
      <span>{total !== undefined && !one ? `${shown.toLocaleString('en')} shown of ${total.toLocaleString('en')}` : count(shown, what, many)}</span>
      {!one && (
        <nav class="pager-buttons" aria-label="Pages">
          <span class="caption">Page {pages.number}</span>
          <Button small disabled={!pages.back} onClick={() => pages.back?.()}>Previous</Button>
          <Button small disabled={!next} onClick={() => next && pages.forward(next)}>Next</Button>
        </nav>
      )}
    </div>
  );
}
