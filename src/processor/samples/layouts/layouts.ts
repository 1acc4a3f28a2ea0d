import type { Printed } from "../invoice.ts";
import type { Sheet, TextStyle } from "../sheet.ts";
import { drawBanner } from "./banner.ts";
import { drawBoxed } from "./boxed.ts";
import { drawClassic } from "./classic.ts";
import { drawCompact } from "./compact.ts";
import { drawLetter } from "./letter.ts";
import { drawTypewriter } from "./typewriter.ts";

export interface Layout {
  name: string;
  defaults: TextStyle;
  draw: (sheet: Sheet, printed: Printed) => void;
}

export const LAYOUTS: Layout[] = [
  { name: "letter", defaults: { font: "Helvetica", size: 10 }, draw: drawLetter },
  { name: "banner", defaults: { font: "Slab", size: 10 }, draw: drawBanner },
  { name: "classic", defaults: { font: "Times-Roman", size: 11 }, draw: drawClassic },
  { name: "typewriter", defaults: { font: "Courier", size: 10 }, draw: drawTypewriter },
  { name: "boxed", defaults: { font: "Helvetica", size: 9.5 }, draw: drawBoxed },
  { name: "compact", defaults: { font: "Times-Roman", size: 9.5 }, draw: drawCompact },
];
