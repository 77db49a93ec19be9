/** Numbers and instants as people read them. Exact decimals stay text until they are shown. */
import type { Figure, MetricUse } from "./api/schema";
import { text, words } from "./text";

const LOCALE = "en-US";
const ABSENT = "—";
/** From here on a card shows millions with two decimals. */
const MILLIONS = 1_000_000;

type Decimal = Intl.StringNumericLiteral;

const number = (value: string, options: Intl.NumberFormatOptions = {}): string =>
  new Intl.NumberFormat(LOCALE, options).format(value as Decimal).replace("-", "−");

const decimalsOf = (value: string): number => value.split(".")[1]?.length ?? 0;

/** A plain count or amount with all its decimals. */
export const plain = (value: string | number): string =>
  number(String(value), {
    minimumFractionDigits: decimalsOf(String(value)),
    maximumFractionDigits: decimalsOf(String(value)),
  });

/** A value with all its digits and its unit, as tables show it. */
export function exact(value: string | null, unit: string, currency: string): string {
  if (value === null) return ABSENT;
  if (unit === "money") return number(value, { style: "currency", currency });
  if (unit === "percent") return `${plain(value)}%`;
  if (unit === "days") return `${plain(value)} days`;
  return plain(value);
}

/** A value in the precision of a headline: `$1.24 M`, `$48,312`, `46.2%`. */
export function headline(value: string | null, unit: string, currency: string): string {
  if (value === null) return ABSENT;
  const size = Math.abs(Number(value));
  if (unit === "percent") return `${number(value, { maximumFractionDigits: 1 })}%`;
  if (unit !== "money") return exact(value, unit, currency);
  const money = { style: "currency", currency } as const;
  if (size >= MILLIONS) {
    const millions = String(Number(value) / MILLIONS);
    return `${number(millions, { ...money, maximumFractionDigits: 2 })} M`;
  }
  return number(value, { ...money, maximumFractionDigits: size >= 10_000 ? 0 : 2 });
}

/** A figure as a table shows it: its value, or a dash. */
export const cell = (figure: Figure, metric: MetricUse, currency: string): string =>
  exact(figure.value, metric.unit, currency);

export const reason = (code: string): string => words(text.reasons, code);

/** `12.5%`, without a sign: the direction stands beside it in words. */
export const changeSize = (percent: string): string =>
  `${number(percent.replace("-", ""), { maximumFractionDigits: 1 })}%`;

const utcDay = (day: string) => new Date(`${day}T00:00:00Z`);
const dayFormat = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(LOCALE, { timeZone: "UTC", ...options });

const DAY = dayFormat({ month: "short", day: "numeric", year: "numeric" });
const MONTH = dayFormat({ month: "short", year: "numeric" });

/** `Nov 22, 2026` of a local date. */
export const day = (value: string): string => DAY.format(utcDay(value));

/** `Oct 24 – Nov 22, 2026`; a single day and whole months are said shortly. */
export function days(first: string, last: string): string {
  if (first === last) return day(first);
  if (isWholeMonth(first, last)) return MONTH.format(utcDay(first));
  return DAY.formatRange(utcDay(first), utcDay(last)).replace(/\s–\s/, " – ");
}

function isWholeMonth(first: string, last: string): boolean {
  const [start, end] = [utcDay(first), utcDay(last)];
  const next = new Date(end);
  next.setUTCDate(end.getUTCDate() + 1);
  const same = start.getUTCMonth() === end.getUTCMonth() && first.slice(0, 4) === last.slice(0, 4);
  return same && start.getUTCDate() === 1 && next.getUTCDate() === 1;
}

/** A bucket's name: months and quarters without their day. */
export function bucket(value: string, grain: string): string {
  if (grain === "month") return MONTH.format(utcDay(value));
  if (grain === "quarter") {
    return `Q${Math.floor(utcDay(value).getUTCMonth() / 3) + 1} ${value.slice(0, 4)}`;
  }
  return day(value);
}

/** An instant in a zone: `Nov 22, 2026, 5:33 PM`, with the zone's short name when asked. */
export function instant(value: string, timeZone: string, withZone = false): string {
  return new Intl.DateTimeFormat(LOCALE, {
    ...{ month: "short", day: "numeric", year: "numeric", hour: "numeric", minute: "2-digit" },
    timeZone,
    ...(withZone ? { timeZoneName: "short" } : {}),
  }).format(new Date(value));
}

/** The time of day where the reader is. */
export const clock = (milliseconds: number): string =>
  new Intl.DateTimeFormat(LOCALE, { hour: "numeric", minute: "2-digit" }).format(milliseconds);

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** `3 minutes ago`, `in 2 days`, `just now`. */
export function ago(value: string, now = Date.now()): string {
  const seconds = (new Date(value).getTime() - now) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) {
      const format = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
      return format.format(Math.round(seconds / size), unit);
    }
  }
  return seconds > 1 ? "in a moment" : "just now";
}

/** `1.4 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${number(seconds.toFixed(seconds < 10 ? 1 : 0))} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** `184 kB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : [bytes / 1e6, "MB"];
  return `${number(value.toFixed(value < 10 ? 1 : 0))} ${unit}`;
}
