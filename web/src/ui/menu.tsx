// A button that opens a menu: arrows move, Esc closes, the focus comes back to the button.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { IconDefinition } from '@fortawesome/free-solid-svg-icons';
import { can, roleFor } from '../lib/session';
import type { Name } from '../lib/api';
import { go } from '../lib/route';
import { Icon } from './icon';

export interface MenuItem {
  text: string;
  icon?: IconDefinition;
  href?: string;
  onClick?: () => void;
  needs?: Name;
  danger?: boolean;
}

// spoken: the label is what the face shows, so that it is not repeated as an aria-label.
export function Menu({ label, face, spoken, class: extra = '', items }: { label: string; face: ComponentChildren; spoken?: boolean; class?: string; items: MenuItem[] }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const toggle = useRef<HTMLButtonElement>(null);

  const entries = () => [...(box.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];

  useLayoutEffect(() => {
    if (!open) return undefined;
    entries()[0]?.focus();
    const away = (e: Event) => !box.current?.contains(e.target as HTMLElement) && setOpen(false);
    document.addEventListener('mousedown', away);
    return () => document.removeEventListener('mousedown', away);
  }, [open]);

  function close() {
    setOpen(false);
    toggle.current?.focus();
  }

  function onKeyDown(e: KeyboardEvent) {
    if (!open) return;
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[e.key];
    if (to !== undefined) {
      e.preventDefault();
      all[(to + all.length) % all.length]?.focus();
    } else if (e.key === 'Escape') {
      e.stopPropagation();
      close();
    } else if (e.key === 'Tab') setOpen(false);
  }

  return (
    <div ref={box} class={`menu ${extra}`} onKeyDown={onKeyDown}>
      <button ref={toggle} type="button" class="menu-toggle" aria-haspopup="menu" aria-expanded={open} aria-label={spoken ? undefined : label} onClick={() => setOpen(!open)}>{face}</button>
      {open && (
        <div class="pf-v6-c-menu menu-list">
          <ul class="pf-v6-c-menu__list" role="menu" aria-label={label}>
            {items.map((item) => {
              const refused = item.needs && !can(item.needs);
              return (
                <li key={item.text} class={`pf-v6-c-menu__list-item${refused ? ' pf-m-aria-disabled' : ''}${item.danger ? ' pf-m-danger' : ''}`} role="none">
                  <button type="button" class="pf-v6-c-menu__item" role="menuitem" tabIndex={-1} aria-disabled={refused || undefined}
                    onClick={() => {
                      if (refused) return;
                      close();
                      if (item.href) go(item.href);
                      else item.onClick?.();
                    }}>
                    <span class="pf-v6-c-menu__item-main">
                      {item.icon && <span class="pf-v6-c-menu__item-icon"><Icon of={item.icon} /></span>}
                      <span class="pf-v6-c-menu__item-text">{item.text}</span>
                    </span>
                    {refused && <span class="pf-v6-c-menu__item-description">needs {roleFor(item.needs!)}</span>}
                  </button>
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </div>
  );
}
