import { render } from "preact";
import { App } from "./app.tsx";
import { startClock } from "./data/clock.ts";
import { followSession } from "./data/session.ts";
import { prepareFormats } from "./parts/format.ts";

followSession();
startClock();
const root = document.querySelector("#dashboard");
if (root !== null) render(<App />, root);
// The first requests are on their way.
prepareFormats();
