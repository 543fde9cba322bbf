/** Figures that a few noisy rounds allow: the middle, and how far the middle half lies apart. */

/** What the rounds of one metric add up to, in the metric's unit. */
export interface Summary {
  readonly rounds: number;
  readonly median: number;
  /** Quartiles between which the middle half of the rounds lies; equal to the median for a single round. */
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  readonly min: number;
  readonly max: number;
  /**
   * Distance of the quartiles as a fraction of the median: robust, as one odd round among five does not move it.
   * Undefined when there are less than three rounds, or the median is 0.
   */
  readonly spread?: number;
}

/** Least number of rounds that says anything about spread. */
const LEAST_FOR_SPREAD = 3;

/** Adds up the rounds; undefined when there are none. */
export function summarize(values: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  const lowerQuartile = quantile(sorted, 0.25);
  const upperQuartile = quantile(sorted, 0.75);
  const known = values.length >= LEAST_FOR_SPREAD && median !== 0;
  return {
    rounds: values.length,
    median,
    lowerQuartile,
    upperQuartile,
    min: quantile(sorted, 0),
    max: quantile(sorted, 1),
    ...(known && { spread: (upperQuartile - lowerQuartile) / Math.abs(median) }),
  };
}

/** The value below which a fraction `q` (0 to 1) of `sorted` lies, interpolated between neighbours. */
export function quantile(sorted: readonly number[], q: number): number {
  const place = (sorted.length - 1) * q;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** True when the middle halves of both overlap: then their difference may be nothing but noise. */
export function overlap(one: Summary, other: Summary): boolean {
  return one.lowerQuartile <= other.upperQuartile && other.lowerQuartile <= one.upperQuartile;
}
