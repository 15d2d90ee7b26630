// FontAwesome's solid icons, inline; only those that are imported come into the bundle.
import type { IconDefinition } from '@fortawesome/free-solid-svg-icons';

export interface IconProps {
  of: IconDefinition;
  class?: string;
}

export function Icon({ of, class: extra }: IconProps) {
  const [width, height, , , data] = of.icon;
  return (
    <svg class={`icon ${extra ?? ''}`} viewBox={`0 0 ${width} ${height}`} fill="currentColor" aria-hidden="true" focusable="false">
      {[data].flat().map((d) => <path key={d} d={d} />)}
    </svg>
  );
}

// Eight dots that turn, as a circle with gaps: what runs.
export function Spinner() {
  return (
    <svg class="icon spinner" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true" focusable="false">
      <circle cx="8" cy="8" r="6" stroke-dasharray="2.2 2.51" />
    </svg>
  );
}

export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="2.6" aria-hidden="true" focusable="false">
      <rect x="2" y="2" width="28" height="28" rx="7" />
      <circle cx="11.5" cy="16" r="4" />
      <path d="M15.5 16H25v4.4M20.6 16v3" />
    </svg>
  );
}
