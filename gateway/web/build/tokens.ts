import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

/** The design tokens that reports are drawn with, and the same names for dark surroundings. */
export const LIGHT = "../../libs/charts/src/praxis_charts/tokens.json";
export const DARK = "../../libs/charts/src/praxis_charts/dark.json";

interface Tokens {
  color: Record<string, string>;
  chart: { categories: string[]; labels: Record<string, string> };
}

type Dark = { color: Record<string, string>; chart: { categories: string[] } };

const read = <T>(path: string) => JSON.parse(readFileSync(path, "utf8")) as T;

/** `--ink-soft: light-dark(…, …);` for `ink_soft`, and so on. */
const variables = (light: Tokens, dark: Dark) =>
  Object.entries(light.color)
    .map(([name, value]) => {
      return `--${name.replaceAll("_", "-")}: light-dark(${value}, ${dark.color[name]});`;
    })
    .join("\n");

/** Light colour → its counterpart in the dark, for charts whose specification holds colours. */
function counterparts(light: Tokens, dark: Dark): Record<string, string> {
  const pairs = Object.entries(light.color).map(([name, value]) => [value, dark.color[name]]);
  const charts = light.chart.categories.map((value, at) => [value, dark.chart.categories[at]]);
  return Object.fromEntries([...pairs, ...charts]);
}

/** `virtual:tokens.css` has the colours as variables; `virtual:tokens` what charts and tables need. */
export function tokens(): Plugin {
  const names = ["virtual:tokens", "virtual:tokens.css"];
  return {
    name: "tokens",
    resolveId: (id) => (names.includes(id) ? `\0${id}` : undefined),
    load(id) {
      if (!names.includes(id.slice(1))) return undefined;
      const [light, dark] = [read<Tokens>(LIGHT), read<Dark>(DARK)];
      if (id.endsWith(".css")) return `:root {\n${variables(light, dark)}\n}`;
      const values = { DARK: counterparts(light, dark), LABELS: light.chart.labels };
      return Object.entries(values)
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
        .join("\n");
    },
  };
}
