// Bundles the elements, once a language, and the style sheet into hashed files below assets/bundle/.
// `node themes/airlock/bundle.mjs [--watch]`
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const known = JSON.parse(await readFile(join(root, "../../site_builder/course/languages.json"), "utf8"));
const outdir = join(root, "assets", "bundle");
const languages = Object.keys(known);

/**
 * What more than one element needs, and pages of lessons need all of: every element begins with it, so that it becomes
 * one file. Left to itself, the bundler makes one of every set of elements that share something.
 */
const core = ["api", "format", "texts"]
  .map((name) => `./assets/lib/${name}.js`)
  .concat(
    ["server", "progress", "threads"].map((name) => `./assets/elements/${name}.js`),
    ["lit/html.js", "lit/directives/live.js", "lit/directives/unsafe-html.js"],
  );

/** What the scripts say of texts: keys as they stand in quotes, and the beginnings of those that are put together. */
async function readMentions() {
  const folders = ["lib", "elements", join("elements", "kinds")].map((name) => join(root, "assets", name));
  const files = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder))
        .filter((name) => name.endsWith(".js"))
        .map((name) => readFile(join(folder, name), "utf8")),
    ),
  );
  const source = (await Promise.all(files.flat())).join("\n");
  const keys = new Set([...source.matchAll(/["'`](\w+)["'`]/g)].map(([, key]) => key));
  const beginnings = [...new Set([...source.matchAll(/`(\w+_)\$\{/g)].map(([, beginning]) => beginning))];
  return (key) => keys.has(key) || beginnings.some((beginning) => key.startsWith(beginning));
}

/** Texts that templates alone use are no part of a script. */
async function withoutPages(texts) {
  const isMentioned = await readMentions();
  return JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(texts)).filter(([key]) => isMentioned(key))));
}

/** Resolves "airlock:core" to all of the above, "airlock:texts" to the texts of one language, "airlock:staff-texts" to those of teachers' pages alone, "airlock:events-texts" to those of webinars and practicals, "airlock:readiness-texts" to those of readiness and refreshers, "airlock:scene-texts" to those of scenes, and "airlock:kinds" to every file in elements/kinds/. */
const virtual = (language) => ({
  name: "airlock",
  setup(build) {
    build.onResolve({ filter: /^airlock:/ }, ({ path }) => ({ path, namespace: "airlock" }));
    build.onLoad({ filter: /texts$/, namespace: "airlock" }, async ({ path }) => ({
      // "airlock:texts" is texts/en.json, "airlock:staff-texts" texts/staff/en.json.
      contents: await withoutPages(
        await readFile(
          join(root, "texts", /:(\w*)-?texts/.exec(path)[1].replace("texts", ""), `${language}.json`),
          "utf8",
        ),
      ),
      loader: "json",
    }));
    // A library of the older kind, as one of today's: otherwise every page loads what makes the one of the other.
    build.onResolve({ filter: /^jsqr$/ }, () => ({ path: "jsqr", namespace: "airlock-library" }));
    build.onLoad({ filter: /.*/, namespace: "airlock-library" }, async ({ path }) => {
      const contents = `export { default } from "${path}";`;
      const made = await esbuild.build({
        stdin: { contents, resolveDir: root },
        bundle: true,
        format: "esm",
        write: false,
      });
      return { contents: made.outputFiles[0].text, loader: "js" };
    });
    build.onLoad({ filter: /core$/, namespace: "airlock" }, () => ({
      contents: core.map((name) => `import "${name}";`).join("\n"),
      resolveDir: root,
    }));
    build.onLoad(
      { filter: /elements[\\/](?:main|quiz-early|staff-tools|app-pages|class-asked|scene-[a-z]+|air-[a-z-]+)\.js$/ },
      async ({ path }) => ({
        contents: `import "airlock:core";\n${await readFile(path, "utf8")}`,
        loader: "js",
      }),
    );
    build.onLoad({ filter: /kinds$/, namespace: "airlock" }, async () => {
      const folder = join(root, "assets", "elements", "kinds");
      const names = (await readdir(folder)).filter((name) => name.endsWith(".js")).sort();
      return {
        contents: names.map((name) => `import "./${name}";`).join("\n"),
        resolveDir: folder,
      };
    });
  },
});

const common = { bundle: true, minify: true, metafile: true, outdir, legalComments: "none", logLevel: "warning" };

/** The file that an entry point became, as an address below the site's root. */
function outputOf(metafile, entry) {
  const [name] = Object.entries(metafile.outputs).find(
    ([, info]) => info.entryPoint && basename(info.entryPoint) === entry,
  );
  return `assets/bundle/${basename(name)}`;
}

await rm(outdir, { recursive: true, force: true });
await mkdir(outdir, { recursive: true });
const scripts = {};
for (const language of languages) {
  const result = await esbuild.build({
    ...common,
    entryPoints: [join(root, "assets", "elements", "main.js")],
    entryNames: `[name].${language}.[hash]`,
    chunkNames: `[name].${language}.[hash]`,
    format: "esm",
    splitting: true,
    target: ["es2022"],
    define: {
      __LANG__: JSON.stringify(language),
      __LANGUAGES__: JSON.stringify(Object.keys(known).join(" ")),
      __LOCALE__: JSON.stringify(known[language].locale),
    },
    plugins: [virtual(language)],
  });
  scripts[language] = outputOf(result.metafile, "main.js");
}
const styles = await esbuild.build({
  ...common,
  entryPoints: ["airlock", "staff", "scene"].map((name) => join(root, "assets", "css", `${name}.css`)),
  entryNames: "[name].[hash]",
});
await esbuild.build({
  ...common,
  outdir: undefined,
  entryPoints: [join(root, "assets", "worker", "sw.js")],
  outfile: join(root, "sw.js"),
});
const shared = {
  style: outputOf(styles.metafile, "airlock.css"),
  staff: outputOf(styles.metafile, "staff.css"),
  scene: outputOf(styles.metafile, "scene.css"),
};
const manifest = { shared, scripts };
// Compressed as well as it can be, once: a site takes these files as they are.
for (const path of [...(await readdir(outdir)).map((name) => join(outdir, name)), join(root, "sw.js")]) {
  if (!/\.(?:js|css)$/.test(path)) continue;
  const data = await readFile(path);
  await writeFile(`${path}.br`, brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  await writeFile(`${path}.gz`, gzipSync(data, { level: 9 }));
}
await writeFile(join(outdir, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
console.log(`bundled ${languages.length + 1} entry points into ${outdir.replace(`${process.cwd()}/`, "")}`);
