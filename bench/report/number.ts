/** A number as people read it: three digits, as the noise allows no more. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return "∞";
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString("en-US");
  if (size >= 100) return value.toFixed(0);
  return String(Number(value.toPrecision(3)));
}

/** A fraction in per cent, without decimals. */
export function formatPercent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}
