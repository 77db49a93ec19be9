import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { DARK, LIGHT } from "./tokens.ts";

/** Everything the built files are made of. */
const SOURCES = [
  ...[".npmrc", "build", "index.html", "package-lock.json", "package.json", "src"],
  ...["tsconfig.json", "vite.config.ts", LIGHT, DARK],
];
const NAME = "build.json";

const files = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path).flatMap((name) => files(join(path, name)))
    : [path];

/** Path relative to `folder` → SHA-256, in the order of the paths. */
function hashes(paths: string[], folder = ""): Record<string, string> {
  const sum = (path: string) =>
    createHash("sha256").update(readFileSync(join(folder, path))).digest("hex");
  return Object.fromEntries(paths.sort().map((path) => [path, sum(path)]));
}

/** Writes which sources the build is made of and what it came to, so that a test can tell whether
 * the committed build is current where there is no Node. */
export function manifest(out: string): Plugin {
  return {
    name: "manifest",
    apply: "build",
    closeBundle() {
      const built = files(out).map((path) => path.slice(out.length + 1));
      const content = { sources: hashes(SOURCES.flatMap(files)), built: hashes(built, out) };
      writeFileSync(join(out, NAME), `${JSON.stringify(content, null, 1)}\n`);
    },
  };
}
