// What expires when, over twelve months: a diamond for an authority, a disc for a leaf, a hollow square for the console.
import type { ExpiryMark } from '../contract';
import { date, monthName } from '../lib/time';
import { urgency } from '../ui/status';
import { textWidth, useWidth } from '../ui/use-width';

const dayMs = 86_400_000;
const lanes: [lane: string, text: string][] = [['authority', 'Authorities'], ['leaf', 'Node leaves'], ['console', 'Console']];

interface Frame {
  compact: boolean;
  width: number;
  left: number; // of today
  right: number; // of the last day shown
  top: number;
  laneHeight: number;
  from: number;
  to: number;
}

function frameOf(width: number, from: number): Frame {
  const compact = width < 620;
  const to = new Date(from);
  to.setUTCMonth(to.getUTCMonth() + 12);
  return {
    compact, width, from, to: to.getTime(),
    left: compact ? 14 : 112, right: width - (compact ? 16 : 130), top: 26, laneHeight: compact ? 46 : 38,
  };
}

const xOf = (f: Frame, at: number) => f.left + ((f.right - f.left) * (at - f.from)) / (f.to - f.from);
const middleOf = (f: Frame, lane: number) => f.top + lane * f.laneHeight + (f.compact ? 22 : f.laneHeight / 2);

interface Placed {
  mark: ExpiryMark;
  x: number;
  text: string; // of the label, which may stand for neighbours too
  note: string;
  own: string;
  tone: string; // of the label: that of its earliest mark
  side: 'right' | 'left' | 'below' | 'none';
}

const named = (m: ExpiryMark) => (m.count > 1 ? `${m.label} ×${m.count}` : m.label);

function noteOf(m: ExpiryMark): string {
  if (m.days_left < 0) return 'expired';
  if (m.days_left <= 30) return m.days_left === 1 ? '1 day' : `${m.days_left} days`;
  return date(m.at).replace(/ \d{4}$/, '');
}

// Marks that lie side by side share one label, that of the earliest first.
function groupsOf(xs: number[]): number[][] {
  const groups: number[][] = [];
  xs.forEach((x, i) => {
    const last = groups.at(-1);
    if (last && x - xs[last.at(-1)!]! < 26) last.push(i);
    else groups.push([i]);
  });
  return groups;
}

// The whole of it, and what is said where that has no room.
function textsOf(f: Frame, marks: ExpiryMark[]): string[] {
  const names = [...new Set(marks.map((m) => (f.compact ? m.label : named(m))))];
  const short = `${names[0]} +${names.length - 1}`;
  return names.length === 1 ? names : names.length === 2 ? [names.join(', '), short] : [short];
}

// Labels go right of their marks, left of them near the edge, and away where they would lie over another. The earliest
// comes first, so what is urgent keeps its label.
function placeLane(f: Frame, unsorted: ExpiryMark[]): Placed[] {
  const marks = [...unsorted].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const taken: [number, number][] = [];
  const xs = marks.map((m) => xOf(f, Math.max(f.from, Date.parse(m.at))));
  const free = (from: number, to: number, own: number[]) =>
    taken.every(([a, b]) => to < a || from > b) && xs.every((x, i) => own.includes(i) || x + 8 < from || x - 8 > to);
  return groupsOf(xs).flatMap((group) => {
    const members = group.map((i) => marks[i]!);
    const [first, last] = [xs[group[0]!]!, xs[group.at(-1)!]!];
    const note = noteOf(members[0]!);
    const texts = textsOf(f, members);
    const tries = texts.flatMap((text): [Placed['side'], number, number, string][] => {
      const w = Math.max(textWidth(text), f.compact ? 0 : textWidth(note)) + 6;
      return f.compact
        ? [['below', first - w / 2, first + w / 2, text]]
        : [['right', last + 12, last + 12 + w, text], ['left', first - 12 - w, first - 12, text]];
    });
    const fit = tries.find(([, a, b]) => (f.compact
      ? a > -4 && b < f.width && taken.every(([c, d]) => b < c || a > d)
      : free(a, b, group) && a > f.left && b < f.right + 8));
    if (fit) taken.push([fit[1], fit[2]]);
    const text = fit?.[3] ?? texts[0]!;
    const bearer = fit?.[0] === 'right' ? members.length - 1 : 0;
    return members.map((mark, k): Placed => ({
      mark, x: xs[group[k]!]!, text, note, own: named(mark), side: fit && k === bearer ? fit[0] : 'none', tone: urgency(members[0]!.days_left),
    }));
  });
}

function Shape({ lane, x, y }: { lane: string; x: number; y: number }) {
  if (lane === 'authority') return <path d={`M${x} ${y - 7}L${x + 7} ${y}L${x} ${y + 7}L${x - 7} ${y}Z`} />;
  if (lane === 'leaf') return <circle cx={x} cy={y} r="5.5" />;
  return <rect class="hollow" x={x - 6} y={y - 6} width="12" height="12" />;
}

function Mark({ placed: p, y }: { placed: Placed; y: number }) {
  const tone = urgency(p.mark.days_left);
  const href = p.mark.lane === 'console' ? '/settings/console' : p.mark.certificate_id ? `/certificates/${p.mark.certificate_id}` : '/certificates';
  const anchor = p.side === 'left' ? 'end' : p.side === 'below' ? 'middle' : 'start';
  const tx = p.side === 'left' ? p.x - 12 : p.side === 'below' ? p.x : p.x + 12;
  const shown = p.side === 'none' || p.text === p.own ? `${p.own} ${noteOf(p.mark)}` : p.side === 'below' ? `${p.text}, ${p.own}` : `${p.text} ${p.note}, ${p.own}`;
  const words = `${shown}: ${p.mark.days_left < 0 ? 'expired' : `${p.mark.days_left} days left`}, ${date(p.mark.at)}`;
  return (
    <a href={href} class={`mark mark-${tone}`} aria-label={words}>
      <title>{words}</title>
      <circle class="mark-focus" cx={p.x} cy={y} r="11" />
      <Shape lane={p.mark.lane} x={p.x} y={y} />
      {p.side === 'below' && <text class="mark-label" x={tx} y={y + 20} text-anchor={anchor}>{p.text}</text>}
      {(p.side === 'left' || p.side === 'right') && (
        <text class={`mark-label label-${p.tone}`} text-anchor={anchor}>
          <tspan x={tx} y={y - 2}>{p.text}</tspan> <tspan class="mark-note" x={tx} y={y + 12}>{p.note}</tspan>
        </text>
      )}
    </a>
  );
}

function Months({ f, bottom }: { f: Frame; bottom: number }) {
  const start = new Date(f.from);
  const every = f.compact ? 2 : 1;
  return (
    <>
      {Array.from({ length: 12 }, (_, i) => Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1 + i, 1)).map((at, i) => {
        const x = xOf(f, at);
        if (x > f.right + 1) return null;
        const month = new Date(at).getUTCMonth();
        const text = month === 0 && !f.compact ? `Jan ${new Date(at).getUTCFullYear()}` : monthName(month);
        const crowded = x - f.left < 34;
        return (
          <g key={at}>
            <line class="month" x1={x} x2={x} y1={f.top} y2={bottom} />
            {i % every === 0 && !crowded && <text class="month-name" x={x} y="14" text-anchor="middle">{text}</text>}
          </g>
        );
      })}
    </>
  );
}

function Later({ f, marks, y }: { f: Frame; marks: ExpiryMark[]; y: number }) {
  const later = marks.filter((m) => Date.parse(m.at) > f.to);
  if (!later.length || f.compact) return null;
  const n = later.reduce((sum, m) => sum + Math.max(1, m.count), 0);
  const last = Math.max(...later.map((m) => new Date(m.at).getUTCFullYear()));
  return <text class="mark-later" x={f.width - 2} y={y + 4} text-anchor="end">+{n} later, to {last}</text>;
}

export function ExpiryPicture({ marks, at }: { marks: ExpiryMark[]; at: number }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const f = frameOf(width, at);
  const bottom = f.top + lanes.length * f.laneHeight;
  const [d30, d60] = [xOf(f, at + 30 * dayMs), xOf(f, at + 60 * dayMs)];
  return (
    <div ref={ref} class="expiry">
      {width > 0 && (
        <svg width={width} height={bottom + 2} role="group" aria-label="What expires in the next twelve months">
          <rect class="zone-30" x={f.left} y={f.top} width={d30 - f.left} height={bottom - f.top} />
          <rect class="zone-60" x={d30} y={f.top} width={d60 - d30} height={bottom - f.top} />
          <Months f={f} bottom={bottom} />
          {lanes.map(([lane], i) => <line key={lane} class="lane" x1={0} x2={width} y1={f.top + i * f.laneHeight} y2={f.top + i * f.laneHeight} />)}
          <line class="today" x1={f.left} x2={f.left} y1={f.top - 6} y2={bottom} />
          <text class="today-name" x={f.compact ? 0 : f.left} y="14" text-anchor={f.compact ? 'start' : 'middle'}>Today</text>
          {lanes.map(([lane, text], i) => {
            const own = marks.filter((m) => m.lane === lane);
            const y = middleOf(f, i);
            return (
              <g key={lane}>
                <text class="lane-name" x={f.compact ? f.left + 4 : 0} y={f.compact ? f.top + i * f.laneHeight + 13 : y + 4}>{text}</text>
                {placeLane(f, own.filter((m) => Date.parse(m.at) <= f.to)).map((p) => <Mark key={`${p.mark.at}${p.mark.label}`} placed={p} y={y} />)}
                <Later f={f} marks={own} y={y} />
              </g>
            );
          })}
        </svg>
      )}
    </div>
  );
}

export function ExpiryLegend() {
  return (
    <div class="legend" aria-hidden="true">
      <span class="mark"><svg width="16" height="16"><Shape lane="authority" x={8} y={8} /></svg> authority</span>
      <span class="mark"><svg width="16" height="16"><Shape lane="leaf" x={8} y={8} /></svg> leaf</span>
      <span class="mark"><svg width="16" height="16"><Shape lane="console" x={8} y={8} /></svg> console</span>
      <span class="wide"><i class="swatch zone-30" /> 30 days</span>
      <span class="wide"><i class="swatch zone-60" /> 60 days</span>
    </div>
  );
}
