// Where the nodes of a cluster's picture stand. Up to four members stand in a row, five to nine in a ring, those of
// SingleStore in tiers; on narrow screens all stand below each other.
import type { Node } from '../contract';

export const most = 9;
export const clients = { width: 150, height: 44 };
export const boxHeight = 76;
const widest = 184;
const narrowest = 156;
const gap = 14;

export interface Spot {
  node: Node;
  x: number; // of the box's middle
  y: number;
}

export interface Line {
  node: Node;
  d: string;
  pill: [number, number] | null;
}

export interface Layout {
  height: number;
  box: number; // width of a node's box
  clients: [number, number];
  spots: Spot[];
  lines: Line[]; // the client channel
  group: string; // who belongs together: a hairline, no channel
}

const top = (y: number) => y - boxHeight / 2;
const bottom = (y: number) => y + boxHeight / 2;
const boxFor = (width: number, n: number) => Math.min(widest, Math.floor(width / n) - gap);

function spread(width: number, n: number): number[] {
  return Array.from({ length: n }, (_, i) => (width * (2 * i + 1)) / (2 * n));
}

function straight(spot: Spot, from: [number, number], pill: boolean): Line {
  const [x1, y1] = from;
  const [x2, y2] = [spot.x, top(spot.y)];
  return { node: spot.node, d: `M${x1} ${y1}L${x2} ${y2}`, pill: pill ? [x1 + (x2 - x1) * 0.56, y1 + (y2 - y1) * 0.56] : null };
}

function row(nodes: Node[], width: number): Layout {
  const y = 214;
  const spots = spread(width, nodes.length).map((x, i) => ({ node: nodes[i]!, x, y }));
  const from: [number, number] = [width / 2, 16 + clients.height];
  const lines = spots.map((s, i) => straight(s, [from[0] + (i - (spots.length - 1) / 2) * Math.min(40, clients.width / spots.length), from[1]], true));
  const box = boxFor(width, nodes.length);
  const group = spots.slice(1).map((s, i) => `M${spots[i]!.x + box / 2} ${y}H${s.x - box / 2}`).join('');
  return { height: bottom(y) + 18, box, clients: [width / 2, 16 + clients.height / 2], spots, lines, group };
}

function ring(nodes: Node[], width: number): Layout {
  const n = nodes.length;
  const [cx, cy] = [width / 2, n > 6 ? 218 : 196];
  const [rx, ry] = [Math.min(width / 2 - widest / 2 - 12, 360), n > 6 ? 164 : 142];
  const spots = nodes.map((node, i) => {
    const angle = (2 * Math.PI * i) / n - Math.PI / 2;
    return { node, x: cx + rx * Math.cos(angle), y: cy + 4 + ry * Math.sin(angle) };
  });
  const lines = spots.map((s) => ({ node: s.node, d: `M${cx} ${cy}L${s.x} ${s.y}`, pill: null }));
  return { height: bottom(cy + ry) + 22, box: widest, clients: [cx, cy], spots, lines, group: `M${spots.map((s) => `${s.x} ${s.y}`).join('L')}Z` };
}

const isLeaf = (n: Node) => n.roles.includes('leaf') && !n.roles.includes('master') && !n.roles.includes('aggregator');

function chunks<T>(items: T[], size: number): T[][] {
  return items.length ? [items.slice(0, size), ...chunks(items.slice(size), size)] : [];
}

function tiers(nodes: Node[], width: number): Layout {
  const leaves = nodes.filter(isLeaf);
  const rest = nodes.filter((n) => !isLeaf(n));
  if (!leaves.length || !rest.length) return ring(nodes, width);
  const upper = row(rest, width);
  const inRow = Math.max(1, Math.floor(width / (narrowest + gap)));
  const rows = chunks(leaves, Math.ceil(leaves.length / Math.ceil(leaves.length / inRow)));
  const from = upper.spots[0]!.y;
  const bus = bottom(from) + 30;
  const spots = rows.flatMap((r, i) => spread(width, r.length).map((x, j) => ({ node: r[j]!, x, y: bus + 30 + boxHeight / 2 + i * (boxHeight + 22) })));
  const all = [...upper.spots, ...spots];
  const xs = all.map((s) => s.x);
  const group = upper.spots.map((s) => `M${s.x} ${bottom(s.y)}V${bus}`).join('') + spots.map((s) => `M${s.x} ${bus}V${top(s.y)}`).join('')
    + `M${Math.min(...xs)} ${bus}H${Math.max(...xs)}`;
  const box = Math.min(upper.box, boxFor(width, Math.max(...rows.map((r) => r.length))));
  return { ...upper, box, height: bottom(spots.at(-1)!.y) + 18, spots: all, group };
}

function stack(nodes: Node[], width: number): Layout {
  const rail = 22;
  const box = width - rail - 26;
  const x = rail + 14 + box / 2;
  const spots = nodes.map((node, i) => ({ node, x, y: 16 + clients.height + 18 + boxHeight / 2 + i * (boxHeight + 14) }));
  const lines = spots.map((s) => ({ node: s.node, d: `M${rail} ${s.y}H${x - box / 2}`, pill: null }));
  const end = spots.at(-1)?.y ?? 0;
  const group = end ? `M${rail} ${16 + clients.height}V${end}` : '';
  return { height: bottom(end) + 14, box, clients: [12 + clients.width / 2, 16 + clients.height / 2], spots, lines, group };
}

export function layout(nodes: Node[], width: number, flavour: string): Layout {
  if (width < 560) return stack(nodes, width);
  if (flavour === 'singlestore') return tiers(nodes, width);
  return nodes.length <= 4 ? row(nodes, width) : ring(nodes, width);
}
