/** What one can ask for: the types of the report service, in its own words and order. */
import type { ReportType } from "./api/schema";
import found from "./report-types.json";

export interface Kind {
  type: ReportType;
  title: string;
  question: string;
  /** What its main table can be split by; the first is the default. */
  groupings: string[];
}

export const KINDS = found as Kind[];

const BY_TYPE = new Map(KINDS.map((kind) => [kind.type, kind]));

export const titleOf = (type: ReportType): string => BY_TYPE.get(type)?.title ?? type;

/** The kind an address names; the first where it names none. */
export const kindOf = (type: string | null): Kind =>
  BY_TYPE.get(type as ReportType) ?? (KINDS[0] as Kind);
