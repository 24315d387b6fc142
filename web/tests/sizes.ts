// Maps of a wanted size.
import type { Card, Lane, MapDocument, Stage, Touchpoint } from "../src/api/shapes.ts";

const order = (at: number) => `a${String(at).padStart(5, "0")}V`;

export function grid(id: string, size: { touchpoints: number; lanes: number; cards: number }): MapDocument {
  const stages: Stage[] = [];
  const touchpoints: Touchpoint[] = [];
  for (let at = 0; at < size.touchpoints; at += 1) {
    if (at % 6 === 0) stages.push({ id: `s${at / 6}`, title: `Stage ${at / 6 + 1}`, order: order(at) });
    const feels = { label: "so", valence: ((at * 7) % 17) / 4 - 2 };
    touchpoints.push({
      id: `t${at}`,
      stage: `s${Math.floor(at / 6)}`,
      title: `I do ${at + 1}`,
      order: order(at),
      feels,
    });
  }
  const lanes: Lane[] = Array.from({ length: size.lanes }, (_, at) => ({
    id: `l${at}`,
    title: `Lane ${at + 1}`,
    kind: "text",
    view: "both",
    on: true,
    order: order(at),
  }));
  const cells = size.touchpoints * size.lanes;
  const cards: Card[] = Array.from({ length: size.cards }, (_, at) => ({
    id: `00000000-0000-4000-8000-${String(at).padStart(12, "0")}`,
    touchpoint: `t${(at % cells) % size.touchpoints}`,
    lane: `l${Math.floor((at % cells) / size.touchpoints)}`,
    order: order(at),
    text: `What is done here, card ${at + 1}`,
    text_rev: 1,
  }));
  return { id, title: "I walk far", scope: "current", settings: {}, lanes, stages, touchpoints, cards };
}
