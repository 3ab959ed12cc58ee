/** "34 %"; never "100 %" or "0 %" for what is not quite that. */
export function percent(share: number | undefined): string {
  if (share === undefined) return "?";
  if (share > 0 && share < 0.005) return "<1 %";
  if (share < 1 && share > 0.995) return ">99 %";
  return `${Math.round(share * 100)} %`;
}

/** "65,536". */
export function thousands(value: number | undefined): string {
  return value === undefined ? "?" : String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
