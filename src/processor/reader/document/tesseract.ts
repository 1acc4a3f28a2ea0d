import { createRequire } from "node:module";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createWorker } from "tesseract.js";
import type { Word } from "../layout/word.ts";
import type { OcrEngine } from "./engine.ts";

const require = createRequire(import.meta.url);
/** The smaller of the two models in a package: the other only adds data for an older engine. */
const MODEL = "4.0.0_best_int";
const LSTM_ONLY = 1;
/** The language whose words and accents fit best is found word by word. */
const LANGUAGES = ["eng", "deu", "fra"];

/** Tesseract in WebAssembly with its models from node_modules: nothing is downloaded. */
export async function createTesseract(
  languages: readonly string[] = LANGUAGES,
): Promise<OcrEngine> {
  const worker = await startWorker(languages);
  return {
    async recognise({ width, height, data }, dotsPerInch) {
      await worker.setParameters({ user_defined_dpi: String(Math.round(dotsPerInch)) });
      const picture = Buffer.concat([Buffer.from(`P5 ${width} ${height} 255\n`), data]);
      const { data: page } = await worker.recognize(picture, {}, { text: false, blocks: true });
      const lines = page.blocks?.flatMap(({ paragraphs }) =>
        paragraphs.flatMap((paragraph) => paragraph.lines),
      );
      return (lines ?? []).flatMap(({ words }) => words.map(toWord));
    },
    async close() {
      await worker.terminate();
    },
  };
}

/** The worker wants its models in one folder, npm has them in one each: they are together while it starts. */
async function startWorker(languages: readonly string[]) {
  const langPath = await mkdtemp(join(tmpdir(), "invoice-reader-"));
  try {
    for (const code of languages)
      await copyFile(modelOf(code), join(langPath, `${code}.traineddata.gz`));
    return await createWorker([...languages], LSTM_ONLY, { langPath, cacheMethod: "none" });
  } finally {
    await rm(langPath, { recursive: true });
  }
}

function modelOf(language: string): string {
  return join(
    dirname(require.resolve(`@tesseract.js-data/${language}/package.json`)),
    MODEL,
    `${language}.traineddata.gz`,
  );
}

interface TesseractWord {
  text: string;
  confidence: number;
  bbox: { x0: number; x1: number; y0: number; y1: number };
}

function toWord({
  text,
  confidence,
  bbox: { x0: left, x1: right, y0: top, y1: bottom },
}: TesseractWord): Word {
  return { text, confidence: confidence / 100, left, right, top, bottom };
}
