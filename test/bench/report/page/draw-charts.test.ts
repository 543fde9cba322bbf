import { runInNewContext } from "node:vm";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ChartSpec } from "../../../../bench/report/page/chart-spec.js";
import { drawCharts, type PageElement } from "../../../../bench/report/page/draw-charts.js";

/** A chart that the script has made. */
interface Drawn {
  readonly canvas: FakeElement;
  readonly data: ChartData;
  destroyed: boolean;
}

interface ChartData {
  readonly labels: readonly string[];
  readonly datasets: readonly [
    dots: { readonly data: readonly { readonly x: number; readonly y: number }[] },
    bars: { readonly data: readonly number[]; readonly backgroundColor: readonly string[] },
  ];
}

class FakeElement implements PageElement {
  hidden = true;
  readonly style = { height: "" };

  constructor(
    readonly textContent: string | null = null,
    readonly parentElement: FakeElement | null = null,
  ) {}
}

const SPEC: ChartSpec = {
  id: "first",
  axis: "time, ms (lower is better)",
  bars: [
    {
      label: "ours",
      peer: "offthread",
      median: 2,
      text: "2 ms",
      rounds: [1, 2, 4],
      roundTexts: ["1 ms", "2 ms", "4 ms"],
    },
    { label: "theirs", peer: "sdk", median: 8, text: "8 ms", rounds: [8], roundTexts: ["8 ms"] },
  ],
};

/** Runs the function's source text as the page does: in a realm that has nothing but what a page has. */
function run(specs: readonly ChartSpec[], ids: readonly string[]) {
  const figures = new Map(ids.map((id) => [id, new FakeElement()]));
  const elements = new Map(
    [...figures].map(([id, figure]) => [id, new FakeElement(null, new FakeElement(null, figure))]),
  );
  elements.set("charts", new FakeElement(JSON.stringify(specs)));
  const drawn: Drawn[] = [];
  let scheme = "light";
  let changed = (): void => {};
  class Chart implements Drawn {
    destroyed = false;
    readonly data: ChartData;
    constructor(
      readonly canvas: FakeElement,
      configuration: { readonly data: ChartData },
    ) {
      // Another realm's arrays are not deeply equal to ours.
      this.data = JSON.parse(JSON.stringify(configuration.data));
      drawn.push(this);
    }
    destroy(): void {
      this.destroyed = true;
    }
  }
  runInNewContext(`(${drawCharts})(page)`, {
    page: {
      Chart,
      document: {
        documentElement: new FakeElement(),
        getElementById: (id: string) => elements.get(id) ?? null,
      },
      getComputedStyle: () => ({ getPropertyValue: (name: string) => ` ${scheme}${name} ` }),
      matchMedia: () => ({
        addEventListener: (_: string, listener: () => void) => {
          changed = listener;
        },
      }),
    },
  });
  const changeScheme = (to: string): void => {
    scheme = to;
    changed();
  };
  return { drawn, figures, elements, changeScheme };
}

const draw = suite("drawing charts");

draw("bars are medians in the peers' colours, dots the rounds", () => {
  const { drawn, figures, elements } = run([SPEC], ["first"]);
  const [chart] = drawn;
  assert.ok(chart);
  assert.is(chart.canvas, elements.get("first"));
  assert.is(figures.get("first")?.hidden, false);
  assert.match(chart.canvas.parentElement?.style.height ?? "", /^\d+px$/);
  const [dots, bars] = chart.data.datasets;
  assert.equal(chart.data.labels, ["ours", "theirs"]);
  assert.equal(bars.data, [2, 8]);
  assert.equal(bars.backgroundColor, ["light--offthread", "light--sdk"]);
  const points = dots.data;
  assert.equal(
    points.map(({ x, y }) => [x, Math.round(y)]),
    [
      [1, 0],
      [2, 0],
      [4, 0],
      [8, 1],
    ],
  );
  assert.is(new Set(points.slice(0, 3).map(({ y }) => y)).size, 3, "rounds do not hide each other");
});

draw("a change of the colour scheme draws anew, and lets the old chart go", () => {
  const { drawn, changeScheme } = run([SPEC], ["first"]);
  changeScheme("dark");
  assert.equal(
    drawn.map(({ destroyed }) => destroyed),
    [true, false],
  );
  assert.equal(drawn[1]?.data.datasets[1].backgroundColor, ["dark--offthread", "dark--sdk"]);
});

draw("without charts, or without their place, there is nothing to draw and no error", () => {
  assert.equal(run([], []).drawn, []);
  const { drawn } = run([{ ...SPEC, id: "gone" }, SPEC], ["first"]);
  assert.is(drawn.length, 1);
});

draw.run();
