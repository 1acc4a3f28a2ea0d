/** Gives a new clone the development key. A `.dev.vars` that exists is left alone. */
import { copyFileSync, existsSync } from "node:fs";

if (!existsSync(".dev.vars")) copyFileSync(".dev.vars.development", ".dev.vars");
