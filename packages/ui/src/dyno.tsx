import { dynoColor } from "@repo/colors";
import type { CSSProperties } from "react";

/** Sets `--dyno`, the color that the styles use. */
export function dynoStyle(name: string): CSSProperties {
  return { "--dyno": dynoColor(name) } as CSSProperties;
}

/** A dyno's name on its color. */
export function Dyno({ name }: { name: string }) {
  return (
    <strong className="dyno" style={dynoStyle(name)}>
      {name}
    </strong>
  );
}
