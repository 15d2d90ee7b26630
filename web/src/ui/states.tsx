// Loading, error, empty: what a page shows in the place of its data.
import type { ComponentChildren } from 'preact';
import {
  faCircleCheck, faCircleExclamation, faCircleInfo, faMagnifyingGlass, faTriangleExclamation, type IconDefinition,
} from '@fortawesome/free-solid-svg-icons';
import type { ApiError } from '../lib/api';
import type { Asked } from '../lib/data';
import { now } from '../lib/now';
import { ago, clock } from '../lib/time';
import { Button } from './button';
import { Icon } from './icon';
import { Prose } from './prose';

const icons = { danger: faCircleExclamation, warning: faTriangleExclamation, info: faCircleInfo, success: faCircleCheck };
const tones = {
  danger: 'pf-v6-c-alert pf-m-inline pf-m-danger',
  warning: 'pf-v6-c-alert pf-m-inline pf-m-warning',
  info: 'pf-v6-c-alert pf-m-inline pf-m-info',
  success: 'pf-v6-c-alert pf-m-inline pf-m-success',
};

export interface AlertProps {
  tone: keyof typeof tones;
  title: ComponentChildren;
  children?: ComponentChildren;
  actions?: ComponentChildren;
  quiet?: boolean; // not read out by itself
}

export function Alert({ tone, title, children, actions, quiet }: AlertProps) {
  return (
    <div class={tones[tone]} role={quiet ? undefined : tone === 'danger' ? 'alert' : 'status'}>
      <div class="pf-v6-c-alert__icon"><Icon of={icons[tone]} /></div>
      <p class="pf-v6-c-alert__title">{title}</p>
      {children && <div class="pf-v6-c-alert__description">{children}</div>}
      {actions && <div class="pf-v6-c-alert__action-group">{actions}</div>}
    </div>
  );
}

export function ErrorAlert({ error, title, retry, at }: { error: ApiError; title?: string; retry?: () => void; at?: number | undefined }) {
  return (
    <Alert tone="danger" title={title ?? <Prose text={error.message} />} actions={retry && <Button kind="link" onClick={retry}>Try again</Button>}>
      {title && <p><Prose text={error.message} /></p>}
      {at !== undefined && <p>What is shown is from {clock(at)} UTC, {ago(at, now.value)}.</p>}
      {error.request && <p class="caption">Request <code>{error.request}</code></p>}
    </Alert>
  );
}

export interface EmptyProps {
  icon?: IconDefinition;
  title: string;
  children?: ComponentChildren;
  actions?: ComponentChildren;
}

export function EmptyState({ icon, title, children, actions }: EmptyProps) {
  return (
    <div class="pf-v6-c-empty-state">
      <div class="pf-v6-c-empty-state__content">
        <div class="pf-v6-c-empty-state__header">
          {icon && <div class="pf-v6-c-empty-state__icon"><Icon of={icon} /></div>}
          <div class="pf-v6-c-empty-state__title"><h2 class="pf-v6-c-empty-state__title-text">{title}</h2></div>
        </div>
        {children && <div class="pf-v6-c-empty-state__body">{children}</div>}
        {actions && <div class="pf-v6-c-empty-state__footer"><div class="pf-v6-c-empty-state__actions">{actions}</div></div>}
      </div>
    </div>
  );
}

export function NothingFound({ clear, children }: { clear: () => void; children?: ComponentChildren }) {
  return (
    <EmptyState icon={faMagnifyingGlass} title="No match" actions={<Button onClick={clear}>Clear filters</Button>}>
      {children ?? 'Nothing fits the search and the filters.'}
    </EmptyState>
  );
}

export function Bone({ width, height }: { width: string; height?: string }) {
  return <span class="pf-v6-c-skeleton pf-m-text-sm bone" style={{ width, ...(height ? { height } : {}) }} />;
}

export function SkeletonRows({ rows, widths }: { rows: number; widths: string[] }) {
  return (
    <div class="skeleton-rows">
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} class="skeleton-row">{widths.map((w, j) => <div key={j} style={{ width: w }}><Bone width={`${60 + ((i * 7 + j * 13) % 35)}%`} /></div>)}</div>
      ))}
    </div>
  );
}

// A panel in its final shape, before its data is there.
export function SkeletonPanel({ rows = 4, widths = ['30%', '45%', '25%'], title = '120px', height }: { rows?: number; widths?: string[]; title?: string; height?: string }) {
  return (
    <div class="panel" style={height ? { height } : undefined}>
      <div class="panel-head"><Bone width={title} /></div>
      <SkeletonRows rows={rows} widths={widths} />
    </div>
  );
}

export interface ShowProps<T> {
  asked: Asked<T>;
  skeleton: ComponentChildren;
  missing?: ComponentChildren; // in the place of a 404
  children: (data: T) => ComponentChildren;
}

export function Show<T>({ asked, skeleton, missing, children }: ShowProps<T>) {
  const retry = () => void asked.reload();
  if (asked.data === undefined) {
    if (asked.error?.status === 404 && missing) return <>{missing}</>;
    if (asked.error) return <ErrorAlert error={asked.error} retry={retry} />;
    return <div class="loading" role="status" aria-busy="true"><span class="pf-v6-screen-reader">Loading</span>{skeleton}</div>;
  }
  return (
    <>
      {asked.error && <ErrorAlert error={asked.error} retry={retry} at={asked.at} />}
      {children(asked.data)}
    </>
  );
}
