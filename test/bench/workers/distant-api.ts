import worker, { GroupCoordinator as Near } from "../../../src/index.ts";
import { keepDistance } from "./distant.ts";

export default worker;

export class GroupCoordinator extends Near {
  constructor(state: DurableObjectState, env: Env) {
    keepDistance(env);
    super(state, env);
  }
}
