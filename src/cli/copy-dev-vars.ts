/** Gives a new clone the development key. An existing `.dev.vars` is left as it is. */
import { copyFileSync, existsSync } from "node:fs";

if (!existsSync(".dev.vars")) copyFileSync(".dev.vars.development", ".dev.vars");
