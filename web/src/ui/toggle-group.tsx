import type { ComponentChildren } from 'preact';

export interface ToggleProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  choices: [value: string, text: ComponentChildren][];
}

export function ToggleGroup({ label, value, onChange, choices }: ToggleProps) {
  return (
    <div class="pf-v6-c-toggle-group" role="group" aria-label={label}>
      {choices.map(([v, text]) => (
        <div key={v} class="pf-v6-c-toggle-group__item">
          <button type="button" class={`pf-v6-c-toggle-group__button${v === value ? ' pf-m-selected' : ''}`} aria-pressed={v === value} onClick={() => onChange(v)}>
            <span class="pf-v6-c-toggle-group__text">{text}</span>
          </button>
        </div>
      ))}
    </div>
  );
}
