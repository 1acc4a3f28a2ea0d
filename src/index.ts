import { createApp } from "./app.ts";

export { GroupCoordinator } from "./coordinator/group-coordinator.ts";

export default createApp();
