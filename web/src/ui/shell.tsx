// What surrounds every page: masthead with search, theme and person, navigation, toasts.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import {
  faBars, faCaretDown, faCertificate, faCircleCheck, faCircleExclamation, faCircleInfo, faClipboardList, faDatabase, faGaugeHigh, faGear,
  faKey, faListCheck, faMagnifyingGlass, faMoon, faRightFromBracket, faSun, faUser, faXmark, type IconDefinition,
} from '@fortawesome/free-solid-svg-icons';
import { useData } from '../lib/data';
import { now } from '../lib/now';
import { path } from '../lib/route';
import { session, signOut } from '../lib/session';
import { isDark, toggleTheme } from '../lib/theme';
import { masthead } from '../lib/time';
import { Button } from './button';
import { GlobalSearch } from './global-search';
import { Icon, Logo } from './icon';
import { closeToast, spoken, toast, toasts } from './live-region';
import { Menu } from './menu';

const sections: [path: string, text: string, icon: IconDefinition][] = [
  ['/', 'Overview', faGaugeHigh],
  ['/certificates', 'Certificates', faCertificate],
  ['/clusters', 'Clusters', faDatabase],
  ['/rollouts', 'Rollouts', faListCheck],
  ['/audit', 'Audit', faClipboardList],
  ['/settings', 'Settings', faGear],
];

function isCurrent(section: string): boolean {
  if (section === '/') return path.value === '/';
  return path.value.startsWith(section) || (section === '/clusters' && path.value.startsWith('/nodes'));
}

function NavBadge({ section }: { section: string }) {
  const overview = useData('overview', {}).data;
  const clusters = overview?.cluster_cards ?? [];
  if (section === '/' && overview?.critical)
    return <span class="nav-badge tone-danger"><Icon of={faCircleExclamation} /> {overview.critical}<span class="pf-v6-screen-reader"> critical</span></span>;
  const running = clusters.filter((c) => c.rollout_id).length;
  if (section === '/rollouts' && running) return <span class="nav-badge">{running}<span class="pf-v6-screen-reader"> under way</span></span>;
  return null;
}

function Nav({ open, close }: { open: boolean; close: () => void }) {
  const status = useData('status', {}).data;
  return (
    <nav id="nav" class={`nav${open ? ' open' : ''}`} aria-label="Main" onKeyDown={(e) => e.key === 'Escape' && close()}>
      <ul>
        {sections.map(([to, text, icon]) => (
          <li key={to}>
            <a href={to} class="nav-item" aria-current={isCurrent(to) ? 'page' : undefined} onClick={close}>
              <Icon of={icon} /><span>{text}</span><NavBadge section={to} />
            </a>
          </li>
        ))}
      </ul>
      <div class="nav-foot">
        {status && <div>opsd {status.version} · {status.host}</div>}
        <div>{masthead(now.value)}</div>
      </div>
    </nav>
  );
}

function Person() {
  const { name, role } = session.value!;
  return (
    <Menu label={`${name}, ${role}`} spoken class="person"
      face={<><Icon of={faUser} /><span class="pf-v6-screen-reader">Account of </span><span class="person-name">{name}</span> <span class="tag person-role">{role}</span><Icon of={faCaretDown} class="caret" /></>}
      items={[
        { text: 'Change password', icon: faKey, href: '/settings/password' },
        { text: 'Sign out', icon: faRightFromBracket, onClick: () => void signOut().catch((e: Error) => toast('danger', e.message)) },
      ]} />
  );
}

function Theme() {
  const dark = isDark();
  return (
    <button type="button" class="theme" onClick={toggleTheme} aria-label={`${dark ? 'Dark' : 'Light'} theme, switch to ${dark ? 'light' : 'dark'}`}>
      <Icon of={dark ? faMoon : faSun} /><span class="theme-word">{dark ? 'Dark' : 'Light'}</span>
    </button>
  );
}

function Masthead({ navOpen, setNavOpen }: { navOpen: boolean; setNavOpen: (v: boolean) => void }) {
  const [searching, setSearching] = useState(false);
  return (
    <header class={`masthead${searching ? ' searching' : ''}`}>
      <button type="button" class="bars" aria-label="Navigation" aria-expanded={navOpen} aria-controls="nav" onClick={() => setNavOpen(!navOpen)}><Icon of={faBars} /></button>
      <a href="/" class="brand" aria-label="opsd, overview"><Logo /><span>opsd</span></a>
      <GlobalSearch open={() => setSearching(true)} close={() => setSearching(false)} />
      <div class="masthead-end">
        <button type="button" class="search-toggle" aria-label="Search" aria-expanded={searching}
          onClick={() => {
            setSearching(!searching);
            if (!searching) setTimeout(() => document.getElementById('global-search')?.focus());
          }}><Icon of={searching ? faXmark : faMagnifyingGlass} /></button>
        <Theme />
        <Person />
      </div>
    </header>
  );
}

const toastClasses = {
  success: 'pf-v6-c-alert pf-m-success',
  danger: 'pf-v6-c-alert pf-m-danger',
  info: 'pf-v6-c-alert pf-m-info',
};
const toastIcons = { success: faCircleCheck, danger: faCircleExclamation, info: faCircleInfo };

export function Toasts() {
  return (
    <div class="toasts" role="region" aria-label="Messages">
      <ul class="pf-v6-c-alert-group pf-m-toast" aria-live="polite">
        {toasts.value.map((t) => (
          <li key={t.id} class="pf-v6-c-alert-group__item">
            <div class={toastClasses[t.tone]}>
              <div class="pf-v6-c-alert__icon"><Icon of={toastIcons[t.tone]} /></div>
              <p class="pf-v6-c-alert__title">{t.text}</p>
              <div class="pf-v6-c-alert__action"><Button kind="plain" icon={faXmark} label="Close message" onClick={() => closeToast(t.id)} /></div>
              {t.href && <div class="pf-v6-c-alert__action-group"><a href={t.href}>{t.link}</a></div>}
            </div>
          </li>
        ))}
      </ul>
      <div class="pf-v6-screen-reader" role="status" aria-live="polite">{spoken.value}</div>
    </div>
  );
}

export function Shell({ children }: { children: ComponentChildren }) {
  const [navOpen, setNavOpen] = useState(false);
  useEffect(() => setNavOpen(false), [path.value]);
  return (
    <div class="shell">
      <a class="skip" href="#main">Skip to content</a>
      <Masthead navOpen={navOpen} setNavOpen={setNavOpen} />
      {navOpen && <div class="nav-shade" onClick={() => setNavOpen(false)} />}
      <Nav open={navOpen} close={() => setNavOpen(false)} />
      <main id="main" class="main" tabIndex={-1}>{children}</main>
    </div>
  );
}
