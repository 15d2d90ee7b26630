// Which page stands at which path.
import type { ComponentChild } from 'preact';
import { match, path } from './lib/route';
import { loadSession, session, sessionError, signedIn } from './lib/session';
import { AuditPage } from './pages/audit';
import { CertificatePage } from './pages/certificate';
import { CertificateImportPage } from './pages/certificate-import';
import { CertificatesPage } from './pages/certificates';
import { ClusterPage } from './pages/cluster';
import { ClusterAddPage } from './pages/cluster-add';
import { ClustersPage } from './pages/clusters';
import { ConsolePage } from './pages/console';
import { Gate } from './pages/gate';
import { NodePage } from './pages/node';
import { NodeAddPage, NodeEditPage } from './pages/node-form';
import { NodesPage } from './pages/nodes';
import { OverviewPage } from './pages/overview';
import { PasswordPage } from './pages/password';
import { RolloutPage } from './pages/rollout';
import { RolloutsPage } from './pages/rollouts';
import { SearchPage } from './pages/search';
import { SettingsPage } from './pages/settings';
import { SetupPage } from './pages/setup';
import { SignInPage } from './pages/sign-in';
import { SshKeyPage } from './pages/ssh-key';
import { TokensPage } from './pages/tokens';
import { UsersPage } from './pages/users';
import { Page } from './ui/page';
import { Shell, Toasts } from './ui/shell';
import { EmptyState, ErrorAlert } from './ui/states';

type Found = Record<string, string>;

const pages: [pattern: string, page: (found: Found) => ComponentChild][] = [
  ['/', () => <OverviewPage />],
  ['/certificates', () => <CertificatesPage />],
  ['/certificates/import', () => <CertificateImportPage />],
  ['/certificates/:id', ({ id }) => <CertificatePage key={id} id={id!} />],
  ['/clusters', () => <ClustersPage />],
  ['/clusters/add', () => <ClusterAddPage />],
  ['/clusters/:ref', ({ ref }) => <ClusterPage key={ref} clusterRef={ref!} />],
  ['/nodes', () => <NodesPage />],
  ['/nodes/add', () => <NodeAddPage />],
  ['/nodes/:ref', ({ ref }) => <NodePage key={ref} nodeRef={ref!} />],
  ['/nodes/:ref/edit', ({ ref }) => <NodeEditPage key={ref} nodeRef={ref!} />],
  ['/rollouts', () => <RolloutsPage />],
  ['/rollouts/:id', ({ id }) => <RolloutPage key={id} id={id!} />],
  ['/audit', () => <AuditPage />],
  ['/search', () => <SearchPage />],
  ['/settings', () => <SettingsPage />],
  ['/settings/console', () => <ConsolePage />],
  ['/settings/users', () => <UsersPage />],
  ['/settings/tokens', () => <TokensPage />],
  ['/settings/ssh-key', () => <SshKeyPage />],
  ['/settings/password', () => <PasswordPage />],
];

function NotFound() {
  return (
    <Page title="No such page">
      <EmptyState title="There is nothing at this address" actions={<a href="/">Overview</a>}><code>{path.value}</code></EmptyState>
    </Page>
  );
}

function Current() {
  for (const [pattern, page] of pages) {
    const found = match(pattern, path.value);
    if (found) return <>{page(found)}</>;
  }
  return <NotFound />;
}

export function App() {
  if (session.value === undefined) {
    if (!sessionError.value) return null;
    return <Gate title="opsd"><ErrorAlert error={sessionError.value} title="opsd cannot be reached" retry={() => void loadSession()} /></Gate>;
  }
  if (path.value === '/setup' && !signedIn()) return <SetupPage />;
  if (!signedIn()) return <SignInPage />;
  return <><Shell><Current /></Shell><Toasts /></>;
}
