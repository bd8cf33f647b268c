// node lint.mjs <folder>: what AWS's plugin says of the .js and .ts files in a folder,
// as JSON: {file: [[rule, message, line, column, endLine, endColumn], …]}.
import plugin from "@aws-appsync/eslint-plugin";
import { ESLint } from "eslint";
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const folder = process.argv[2];
writeFileSync(
  join(folder, "tsconfig.json"),
  JSON.stringify({
    compilerOptions: {
      allowJs: true,
      lib: ["es2023"],
      module: "esnext",
      moduleDetection: "force",
      noEmit: true,
      target: "esnext",
      types: [],
    },
    include: ["*.js", "*.ts"],
  }),
);
const recommended = plugin.configs.recommended;
const eslint = new ESLint({
  cwd: folder,
  overrideConfigFile: true,
  overrideConfig: [
    {
      ...recommended,
      files: ["**/*.js", "**/*.ts"],
      languageOptions: {
        ...recommended.languageOptions,
        parserOptions: { project: "./tsconfig.json", tsconfigRootDir: folder },
      },
      linterOptions: { reportUnusedDisableDirectives: "off" },
    },
  ],
});
const found = {};
for (const { filePath, messages } of await eslint.lintFiles(["*.js", "*.ts"])) {
  found[basename(filePath)] = messages.map((each) => [
    each.ruleId,
    each.message,
    each.line,
    each.column,
    each.endLine,
    each.endColumn,
  ]);
}
console.log(JSON.stringify(found));
