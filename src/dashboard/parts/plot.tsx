import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { Columns } from "../group/curve.ts";
import { axisTime, count, rough } from "./format.ts";

export interface Line {
  readonly label: string;
  /** The CSS variable of its colour. */
  readonly color: string;
  readonly fill?: boolean;
  readonly dash?: boolean;
  readonly bars?: boolean;
}

interface Props {
  readonly columns: Columns;
  readonly lines: readonly Line[];
  readonly height: number;
  /** The plot in words. */
  readonly label: string;
}

const FONT = "11px system-ui, sans-serif";
const AXIS_WIDTH = 52;

/** Lines or bars over time, in the page's colours; drawn anew when the data, the width or the theme changes. */
export function Plot({ columns, lines, height, label }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsFor(element, lines, height), toData(columns), element);
    };
    make();
    const resized = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height }),
    );
    resized.observe(element);
    const theme = matchMedia("(prefers-color-scheme: dark)");
    theme.addEventListener("change", make);
    return () => {
      resized.disconnect();
      theme.removeEventListener("change", make);
      plot.current?.destroy();
      plot.current = null;
    };
  }, []);
  useEffect(() => plot.current?.setData(toData(columns)), [columns]);
  return <div ref={frame} class="plot" role="img" aria-label={label} />;
}

/** A canvas does not know CSS variables: an element is painted with it and asked for its colour. */
function colorOf(element: HTMLElement, name: string): string {
  element.style.color = `var(${name})`;
  const { color } = getComputedStyle(element);
  element.style.color = "";
  return color;
}

const toData = (columns: Columns) => columns as unknown as uPlot.AlignedData;

function optionsFor(element: HTMLElement, lines: readonly Line[], height: number): uPlot.Options {
  const color = (name: string) => colorOf(element, name);
  const axis = {
    font: FONT,
    stroke: color("--quiet"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 20, 0, 0],
    scales: { y: { range: (_, __, max) => [0, Math.max(1, max * 1.05)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        space: 80,
        values: (_, ticks, __, ___, step) => ticks.map((tick) => axisTime(tick, step)),
      },
      {
        ...axis,
        size: AXIS_WIDTH,
        space: 36,
        values: (_, ticks) => ticks.map((tick) => (tick >= 10 ? count(tick) : rough(tick))),
      },
    ],
    series: [{}, ...lines.map((line) => seriesFor(line, color(line.color)))],
  };
}

const barPaths = uPlot.paths.bars?.({ size: [0.7, 24], radius: 0.2 });

function seriesFor({ label, fill, dash, bars }: Line, stroke: string): uPlot.Series {
  return {
    label,
    stroke,
    width: bars ? 0 : 2,
    points: { show: false },
    spanGaps: true,
    ...(dash && { dash: [4, 4] }),
    ...(bars && barPaths && { fill: stroke, paths: barPaths }),
    ...(fill && { fill: translucent(stroke) }),
  };
}

const translucent = (color: string): string => `color-mix(in srgb, ${color} 16%, transparent)`;
