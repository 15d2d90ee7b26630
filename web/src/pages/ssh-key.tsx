import { Page } from '../ui/page';
import { SshKey } from '../ui/ssh-key';

export function SshKeyPage() {
  return (
    <Page title="SSH key" width="form" crumbs={[['Settings', '/settings'], ['SSH key']]} sub="opsd signs in to hosts with a key of its own, made at first use. The private half never leaves it.">
      <SshKey />
    </Page>
  );
}
