import type { Chart, ChartConfiguration, Plugin } from "chart.js";
import type { ChartSpec } from "./chart-spec.js";

/** What the script uses of the browser. */
export interface Page {
  readonly document: {
    getElementById(id: string): PageElement | null;
    readonly documentElement: PageElement;
  };
  readonly Chart: new (canvas: unknown, configuration: ChartConfiguration) => Pick<Chart, "destroy">;
  getComputedStyle(element: PageElement): { getPropertyValue(name: string): string };
  matchMedia(query: string): { addEventListener(event: "change", listener: () => void): void };
}

/** An element, as far as the script cares. */
export interface PageElement {
  readonly textContent: string | null;
  readonly parentElement: PageElement | null;
  readonly style: { height: string };
  hidden: boolean;
}

/**
 * Draws the page's charts, and draws them anew when the colour scheme changes. Its own source text goes into the
 * page, so it must not use anything from outside of itself.
 */
export function drawCharts(page: Page): void {
  const { document, Chart } = page;
  const ROW_PX = 46;
  const AXIS_PX = 40;
  const BAR_PX = 14;
  const FONT = { family: "system-ui, sans-serif", size: 13 };
  const specs = JSON.parse(document.getElementById("charts")?.textContent ?? "[]") as ChartSpec[];
  let drawn: Pick<Chart, "destroy">[] = [];

  const draw = (): void => {
    for (const chart of drawn) chart.destroy();
    const style = page.getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    drawn = specs.flatMap((spec) => {
      const canvas = document.getElementById(spec.id);
      const frame = canvas?.parentElement;
      const figure = frame?.parentElement;
      if (!frame || !figure) return [];
      figure.hidden = false;
      frame.style.height = `${spec.bars.length * ROW_PX + AXIS_PX}px`;
      return [new Chart(canvas, configure(spec, colour))];
    });
  };

  const configure = ({ bars }: ChartSpec, colour: (name: string) => string): ChartConfiguration => {
    // Rounds lie under each other in the order of time, the first one at the top of its bar.
    const dots = bars.flatMap(({ rounds }, bar) =>
      rounds.map((x, round) => ({ x, y: bar + ((round + 0.5) / rounds.length - 0.5) * 0.24 })),
    );
    const dotTexts = bars.flatMap(({ label, roundTexts }) =>
      roundTexts.map((text, round) => `${label}, round ${round + 1}: ${text}`),
    );
    const longest = Math.max(...bars.map(({ text }) => text.length));
    return {
      type: "bar",
      data: {
        labels: bars.map(({ label }) => label),
        datasets: [
          {
            type: "scatter",
            data: dots,
            parsing: false,
            pointRadius: 3,
            pointHoverRadius: 5,
            backgroundColor: colour("ink"),
            borderColor: colour("surface"),
            borderWidth: 1,
            order: 0,
          },
          {
            type: "bar",
            data: bars.map(({ median }) => median),
            backgroundColor: bars.map(({ peer }) => colour(peer)),
            borderRadius: 3,
            barThickness: BAR_PX,
            minBarLength: 2,
            order: 1,
          },
        ],
      },
      options: {
        indexAxis: "y",
        locale: "en-US",
        animation: false,
        maintainAspectRatio: false,
        layout: { padding: { top: 8, right: longest * 7.5 + 14 } },
        font: FONT,
        plugins: {
          legend: { display: false },
          tooltip: {
            displayColors: false,
            callbacks: {
              title: () => "",
              label: ({ datasetIndex, dataIndex }) =>
                (datasetIndex === 0 ? dotTexts[dataIndex] : `median: ${bars[dataIndex]?.text}`) ?? "",
            },
          },
        },
        scales: {
          x: {
            beginAtZero: true,
            border: { display: false },
            grid: { color: colour("line") },
            ticks: { color: colour("muted"), maxTicksLimit: 6, font: FONT },
          },
          y: {
            border: { display: false },
            grid: { display: false },
            // Above its bar, inside of the chart: a phone has no room beside it.
            ticks: {
              mirror: true,
              labelOffset: -17,
              padding: 0,
              color: colour("ink"),
              font: FONT,
              autoSkip: false,
            },
          },
        },
      },
      plugins: [medianTexts(bars, colour("ink"))],
    };
  };

  /** Writes each median behind its bar and dots. */
  const medianTexts = (bars: ChartSpec["bars"], ink: string): Plugin => ({
    id: "medianTexts",
    afterDatasetsDraw: ({ ctx, scales: { x, y } }) => {
      if (x === undefined || y === undefined) return;
      ctx.save();
      ctx.fillStyle = ink;
      ctx.font = `600 ${FONT.size}px ${FONT.family}`;
      ctx.textBaseline = "middle";
      bars.forEach(({ median, rounds, text }, bar) => {
        const end = x.getPixelForValue(Math.max(median, ...rounds));
        ctx.fillText(text, end + 10, y.getPixelForValue(bar));
      });
      ctx.restore();
    },
  });

  draw();
  page.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
