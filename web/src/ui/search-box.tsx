// A search field inside a page: what is typed is asked for after a moment's rest.
import { useEffect, useRef, useState } from 'preact/hooks';
import { faMagnifyingGlass, faXmark } from '@fortawesome/free-solid-svg-icons';
import { Icon } from './icon';

const restMs = 250;

export function SearchBox({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setText(value), [value]);
  const type = (next: string, at: number) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(next.trim()), at);
  };
  return (
    <span class="pf-v6-c-form-control search-box">
      <Icon of={faMagnifyingGlass} />
      <input type="search" aria-label={label} placeholder={label} value={text} spellcheck={false} autocomplete="off"
        onInput={(e) => type(e.currentTarget.value, restMs)}
        onKeyDown={(e) => {
          if (e.key === 'Enter') type(text, 0);
          if (e.key === 'Escape' && text) type('', 0);
        }} />
      {text && <button type="button" class="clear" aria-label="Clear search" onClick={() => type('', 0)}><Icon of={faXmark} /></button>}
    </span>
  );
}
