import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import "@repo/ui/base.css";
import "@repo/ui/page.css";
import "@repo/ui/strip.css";
import pkg from "../../package.json";

export const metadata: Metadata = {
  title: `${pkg.name} · Sessions across dynos`,
  description: `Do sessions work with several web dynos? This app keeps them by the strategy "${pkg.strategy.title}".`,
};

export const viewport: Viewport = { colorScheme: "light dark" };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <noscript>
          <style>{".needs-script { display: none }"}</style>
        </noscript>
        {children}
      </body>
    </html>
  );
}
