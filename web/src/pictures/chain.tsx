// A chain as connected cards, the authority left, the leaf right; below each other on narrow screens.
import { faCertificate, faCheck, faCircleCheck, faCircleExclamation, faCircleQuestion, faStamp, faTriangleExclamation, faXmark } from '@fortawesome/free-solid-svg-icons';
import type { ChainCard } from '../contract';
import { date } from '../lib/time';
import { commonName, keyName } from '../lib/words';
import { Icon } from '../ui/icon';
import { Tag, Terms } from '../ui/panel';
import { Status, urgency } from '../ui/status';

const brief = (hex: string | null) => (hex ? (hex.length > 20 ? `${hex.slice(0, 12)}…:${hex.slice(-2)}` : hex) : 'none');

function State({ card }: { card: ChainCard }) {
  const days = card.days_left;
  switch (urgency(days)) {
    case 'expired': return <Status tone="danger" icon={faCircleExclamation}>Expired</Status>;
    case 'expiring': return <Status tone="danger" icon={faCircleExclamation}>Expires in {days} {days === 1 ? 'day' : 'days'}</Status>;
    case 'soon': return <Status tone="warning" icon={faTriangleExclamation}>Expires in {days} days</Status>;
    case 'later': return <Status tone="success" icon={faCircleCheck}>{card.kind === 'root' ? 'Ends the chain, valid' : 'Valid'}</Status>;
  }
}

function Card({ card, own }: { card: ChainCard; own: boolean }) {
  const name = card.common_name ?? commonName(card.subject);
  return (
    <article class={`chain-card${own ? ' own' : ''}`} aria-label={`${name}, ${card.kind}`}>
      <header>
        <Icon of={card.kind === 'leaf' || card.kind === 'self-signed' ? faCertificate : faStamp} />
        <strong title={card.subject}>{card.id && !own ? <a href={`/certificates/${card.id}`}>{name}</a> : name}</strong>
        <Tag>{card.kind}</Tag>
      </header>
      <Terms narrow of={[
        { term: 'Valid to', value: <span class={`days-${urgency(card.days_left)}`}>{date(card.not_after)}</span> },
        { term: 'Key', value: `${keyName(card)}, ${card.signature}` },
        { term: 'SKI', value: <code title={card.ski ?? ''}>{brief(card.ski)}</code> },
        { term: 'From', value: card.source === 'inventory' ? 'the inventory, by its name' : 'the file', hide: own },
      ]} />
      <footer><State card={card} /></footer>
    </article>
  );
}

function Arrow({ child, issuer }: { child: ChainCard; issuer: ChainCard | null }) {
  const known = issuer && child.aki && issuer.ski;
  const fits = known && child.aki === issuer.ski;
  const tone = !issuer ? 'unknown' : known && !fits ? 'bad' : 'good';
  return (
    <div class={`chain-arrow chain-arrow-${tone}`}>
      <span class="chain-word">signs</span>
      <span class="chain-line" aria-hidden="true" />
      {known && (fits
        ? <span class="chain-word tone-success"><Icon of={faCheck} /> AKI fits</span>
        : <span class="chain-word tone-danger"><Icon of={faXmark} /> AKI differs</span>)}
    </div>
  );
}

function Missing({ issuer }: { issuer: string }) {
  return (
    <article class="chain-card missing" aria-label={`${commonName(issuer)}, missing`}>
      <header><Icon of={faStamp} /><strong title={issuer}>{commonName(issuer)}</strong><Tag>not held</Tag></header>
      <p>Its certificate came neither with this one nor is it in the inventory. Import it and the chain is whole.</p>
      <footer><Status tone="subtle" icon={faCircleQuestion}>Issuer not known</Status></footer>
    </article>
  );
}

export function ChainPicture({ chain, complete, sha256 }: { chain: ChainCard[]; complete: boolean; sha256: string }) {
  const cards = [...chain].reverse();
  const first = cards[0];
  if (!first) return null;
  const whole = complete || first.kind === 'root' || first.kind === 'self-signed';
  return (
    <div class="chain" tabIndex={0} role="group" aria-label="Chain, from the authority to the leaf">
      {!whole && <Missing issuer={first.issuer} />}
      {cards.map((card, i) => (
        <div key={card.sha256} class="chain-link">
          {(i > 0 || !whole) && <Arrow child={card} issuer={i > 0 ? cards[i - 1]! : null} />}
          <Card card={card} own={card.sha256 === sha256} />
        </div>
      ))}
    </div>
  );
}
