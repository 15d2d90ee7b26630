import { faCertificate, faKey, faLock, faRobot, faTerminal, faUsers, type IconDefinition } from '@fortawesome/free-solid-svg-icons';
import type { ComponentChildren } from 'preact';
import type { Name } from '../lib/api';
import { useData } from '../lib/data';
import { now } from '../lib/now';
import { can, roleFor } from '../lib/session';
import { ago, date } from '../lib/time';
import { Value } from '../ui/copy';
import { Icon } from '../ui/icon';
import { Page } from '../ui/page';
import { Panel, Terms } from '../ui/panel';
import { Show, SkeletonRows } from '../ui/states';
import { Status } from '../ui/status';

function Entry({ href, icon, title, needs, children }: { href: string; icon: IconDefinition; title: string; needs?: Name; children: ComponentChildren }) {
  return (
    <li>
      <a href={href} class="settings-entry">
        <Icon of={icon} />
        <span><strong>{title}</strong><span class="subtle">{children}</span></span>
        {needs && !can(needs) && <Status tone="subtle" icon={faLock}>needs {roleFor(needs)}</Status>}
      </a>
    </li>
  );
}

function Daemon() {
  const asked = useData('status', {});
  return (
    <Panel title="This opsd" pad={false}>
      <Show asked={asked} skeleton={<SkeletonRows rows={6} widths={['30%', '70%']} />}>
        {(s) => (
          <div class="panel-body">
            <Terms narrow of={[
              { term: 'Version', value: s.version },
              { term: 'Host', value: <code>{s.host}</code> },
              { term: 'HTTPS port', value: s.https_port || 'off' },
              { term: 'HTTP port', value: s.http_port || 'off' },
              { term: 'Fingerprint', value: s.fingerprint ? <Value text={s.fingerprint} what="console fingerprint" /> : 'TLS is off' },
              { term: 'State folder', value: <code class="value">{s.state_folder}</code> },
              { term: 'Running', value: `since ${date(s.started)}, ${ago(s.started, now.value)}, process ${s.pid}` },
            ]} />
          </div>
        )}
      </Show>
    </Panel>
  );
}

export function SettingsPage() {
  return (
    <Page title="Settings" sub="This console, the people and programs that use it.">
      <div class="split split-2">
        <Panel title="Sections" pad={false}>
          <ul class="settings-list">
            <Entry href="/settings/console" icon={faCertificate} title="Console certificate">What browsers see when they open opsd</Entry>
            <Entry href="/settings/users" icon={faUsers} title="Users" needs="userList">People and what they may do</Entry>
            <Entry href="/settings/tokens" icon={faRobot} title="API tokens" needs="tokenList">For scripts</Entry>
            <Entry href="/settings/ssh-key" icon={faTerminal} title="SSH key">What hosts must know to let opsd in</Entry>
            <Entry href="/settings/password" icon={faKey} title="Password">Your own</Entry>
          </ul>
        </Panel>
        <Daemon />
      </div>
    </Page>
  );
}
