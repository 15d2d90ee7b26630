import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { IconDefinition } from '@fortawesome/free-solid-svg-icons';
import type { Name } from '../lib/api';
import { can, roleFor } from '../lib/session';
import { Icon, Spinner } from './icon';

const kinds = {
  primary: 'pf-v6-c-button pf-m-primary',
  secondary: 'pf-v6-c-button pf-m-secondary',
  danger: 'pf-v6-c-button pf-m-danger',
  link: 'pf-v6-c-button pf-m-link pf-m-inline',
  plain: 'pf-v6-c-button pf-m-plain',
};

export interface ButtonProps {
  kind?: keyof typeof kinds;
  icon?: IconDefinition;
  label?: string; // for screen readers where the icon stands alone
  href?: string;
  download?: string;
  onClick?: () => void;
  submit?: boolean;
  busy?: boolean;
  disabled?: boolean;
  why?: string; // said of a disabled button
  needs?: Name; // disabled where the role does not suffice for this operation
  small?: boolean;
  block?: boolean;
  children?: ComponentChildren;
}

function Face({ icon, busy, children }: ButtonProps) {
  return (
    <>
      {busy ? <span class="pf-v6-c-button__icon pf-m-start"><Spinner /></span>
        : icon && <span class={`pf-v6-c-button__icon${children ? ' pf-m-start' : ''}`}><Icon of={icon} /></span>}
      {children && <span class="pf-v6-c-button__text">{children}</span>}
    </>
  );
}

// A disabled button stays in the tab order and says why, since who meets it wants to know.
export function Button(props: ButtonProps) {
  const id = useId();
  const refused = props.needs && !can(props.needs) ? `needs ${roleFor(props.needs)}` : null;
  const why = refused ?? (props.disabled ? props.why : null);
  const off = refused !== null || props.disabled || props.busy;
  const classes = [kinds[props.kind ?? 'secondary'], props.small && 'pf-m-small', props.block && 'pf-m-block', off && 'pf-m-aria-disabled']
    .filter(Boolean).join(' ');
  if (props.href && !off)
    return <a class={classes} href={props.href} download={props.download} aria-label={props.label} title={props.label}><Face {...props} /></a>;
  const button = (
    <button type={props.submit ? 'submit' : 'button'} class={classes} aria-label={props.label} title={why ? undefined : props.label}
      aria-disabled={off || undefined} aria-describedby={why ? id : undefined} aria-busy={props.busy || undefined}
      onClick={(e) => {
        if (off) e.preventDefault();
        else props.onClick?.();
      }}>
      <Face {...props} />
    </button>
  );
  if (!why) return button;
  return <span class="because">{button}<span class="because-note" role="tooltip" id={id}>{why}</span></span>;
}
