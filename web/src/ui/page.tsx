// What every page has: crumbs, title, a line below it, the actions at the top right.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { faTriangleExclamation, faLock } from '@fortawesome/free-solid-svg-icons';
import type { Name } from '../lib/api';
import { lostSince } from '../lib/live';
import { path } from '../lib/route';
import { can, roleFor, session } from '../lib/session';
import { clock } from '../lib/time';
import { EmptyState } from './states';
import { Icon } from './icon';
import { Status } from './status';
import { announce } from './live-region';

export interface PageProps {
  title: string;
  mono?: boolean;
  crumbs?: [text: string, href?: string][];
  sub?: ComponentChildren;
  actions?: ComponentChildren;
  acts?: Name; // the operation that the actions stand for: the page says once which role they need
  needs?: Name; // the operation without which there is nothing to see
  width?: 'full' | 'form';
  children?: ComponentChildren;
}

function Crumbs({ crumbs }: { crumbs: [string, string?][] }) {
  return (
    <nav class="crumbs" aria-label="Breadcrumb">
      <ol>{crumbs.map(([text, href]) => <li key={text}>{href ? <a href={href}>{text}</a> : <span aria-current="page">{text}</span>}</li>)}</ol>
    </nav>
  );
}

let announced = '';

// The heading takes the focus when a page opens, but not the first one, whose focus is the browser's to place.
function useArrival(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · opsd`;
    if (announced === path.value) return;
    const first = announced === '';
    announced = path.value;
    if (first) return;
    document.getElementById('main')?.scrollTo(0, 0);
    if (!document.querySelector('dialog[open]')) heading.current?.focus({ preventScroll: true });
    announce(title);
  }, [title]);
  return heading;
}

export function Page(props: PageProps) {
  const heading = useArrival(props.title);
  const barred = props.needs !== undefined && !can(props.needs);
  return (
    <div class={`page${props.width === 'form' ? ' page-form' : ''}`}>
      <header class="page-head">
        <div class="page-words">
          {props.crumbs && <Crumbs crumbs={props.crumbs} />}
          <h1 ref={heading} tabIndex={-1} class={props.mono ? 'mono-title' : ''}>{props.title}</h1>
          {props.sub && !barred && <div class="page-sub">{props.sub}</div>}
          {lostSince.value !== null && (
            <div class="page-sub" role="status"><Status tone="warning" icon={faTriangleExclamation}>Not live since {clock(lostSince.value)}</Status></div>
          )}
        </div>
        {props.actions && !barred && (
          <div class="page-actions">
            {props.acts && !can(props.acts) && <span class="caption needs"><Icon of={faLock} /><span>needs {roleFor(props.acts)}</span></span>}
            {props.actions}
          </div>
        )}
      </header>
      {barred ? <NoPermission needs={props.needs!} /> : props.children}
    </div>
  );
}

function NoPermission({ needs }: { needs: Name }) {
  return (
    <EmptyState icon={faLock} title={`Needs ${roleFor(needs)}`}>
      You are signed in as {session.value?.name} with the role {session.value?.role}. An administrator can change that under Settings, Users.
    </EmptyState>
  );
}
