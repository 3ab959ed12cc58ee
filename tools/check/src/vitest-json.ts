import { experimental_getRunnerTask, JsonReporter, type TestModule } from "vitest/node";

/**
 * vitest's JSON report, with what that leaves out: why no test of a suite began, where its `beforeAll` failed. It stands
 * as the message of the file.
 *
 * @public vitest takes it by path
 */
export default class extends JsonReporter {
  override async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    for (const module of modules) {
      const errors = [...module.children.allSuites()].flatMap((suite) => suite.errors());
      const { result } = experimental_getRunnerTask(module);
      if (result && !result.errors?.length && errors.length > 0)
        result.errors = errors as typeof result.errors;
    }
    await super.onTestRunEnd(modules);
  }
}
