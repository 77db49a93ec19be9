/** The time range of a view: what the address says, and what the server is asked. */
import type { Period } from "./api/schema";
import { set } from "./router";

export type Range = Partial<Record<keyof Period, string>>;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** Name in the address → name in the contract. */
const NAMES: [string, keyof Period][] = [
  ["range", "relative_range"],
  ["from", "start_date"],
  ["to", "end_date"],
  ["compare", "compare_to"],
  ["compare_from", "comparison_start_date"],
  ["compare_to", "comparison_end_date"],
];

/** The range an address stands for; empty where each widget keeps its own. */
export function rangeOf(params: URLSearchParams): Range {
  const given: Range = {};
  for (const [name, field] of NAMES) {
    const value = params.get(name);
    if (value) given[field] = value;
  }
  const { start_date: from, end_date: to, relative_range: relative, ...comparison } = given;
  if (from && to && DATE.test(from) && DATE.test(to)) {
    return { start_date: from, end_date: to, ...comparison };
  }
  return relative ? { relative_range: relative, ...comparison } : {};
}

/** Puts a range into the address. */
export function setRange(range: Range): void {
  set(Object.fromEntries(NAMES.map(([name, field]) => [name, range[field]])));
}
