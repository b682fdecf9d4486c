"""Checks of ESLint and its plugins, Biome, Prettier and the compiler of TypeScript."""

from __future__ import annotations

_QUOTES = "biome format:javascript.formatter.quoteStyle"
_TS = "eslint:@typescript-eslint"

ECMA = {
    # errors
    ("catch.empty", "no"): "eslint:no-empty, biome:noEmptyBlockStatements",
    ("catch.unused", "omitted"): "eslint:unicorn/prefer-optional-catch-binding",
    ("catch.name", "error"): "eslint:unicorn/catch-error-name",
    ("throw.new", "yes"): "eslint:unicorn/throw-new-error, biome:useThrowNewError",
    ("errorclass.name", "set"): "eslint:unicorn/custom-error-definition",
    ("raise.from", "yes"): "eslint:preserve-caught-error",
    # names
    ("name.file", "kebab"): "eslint:unicorn/filename-case, biome:useFilenamingConvention",
    # docs
    ("doc.function", "yes"): "eslint:jsdoc/require-jsdoc",
    ("jsdoc.param", "yes"): "eslint:jsdoc/require-param",
    ("jsdoc.type", "no"): "eslint:jsdoc/no-types",
    ("jsdoc.dash", "yes"): "eslint:jsdoc/require-hyphen-before-param-description always",
    ("jsdoc.dash", "no"): "eslint:jsdoc/require-hyphen-before-param-description never",
    ("types.return", "yes"): f"{_TS}/explicit-module-boundary-types, "
    f"{_TS}/explicit-function-return-type, tsc:isolatedDeclarations",
    ("types.method", "yes"): f"{_TS}/explicit-function-return-type",
    ("ts.suppress", "expect-error"): f"{_TS}/prefer-ts-expect-error, {_TS}/ban-ts-comment",
    # structure
    ("semicolons", "yes"): f"prettier:semi=true, eslint:semi always, {_TS}/semi always, "
    "biome format:javascript.formatter.semicolons=always",
    ("semicolons", "no"): "prettier:semi=false, eslint:semi never, "
    "biome format:javascript.formatter.semicolons=asNeeded",
    ("quotes", "single"): f"prettier:singleQuote=true, eslint:quotes single, {_QUOTES}=single",
    ("quotes", "double"): f"prettier:singleQuote=false, eslint:quotes double, {_QUOTES}=double",
    ("indent", "2"): "prettier:tabWidth=2",
    ("indent", "4"): "prettier:tabWidth=4",
    ("indent", "tab"): "prettier:useTabs=true",
    ("member.public", "explicit"): f"{_TS}/explicit-member-accessibility explicit",
    ("function.form", "declaration"): "eslint:func-style declaration",
    ("function.form", "arrow"): "eslint:func-style expression",
    ("export", "named"): "eslint:import/no-default-export, biome:noDefaultExport",
    ("export", "default"): "eslint:import/prefer-default-export",
    ("import.type", "statement"): "eslint:import/consistent-type-specifier-style prefer-top-level",
    ("import.type", "inline"): "eslint:import/consistent-type-specifier-style prefer-inline",
    ("import.node", "node:"): "eslint:unicorn/prefer-node-protocol, eslint:n/prefer-node-protocol, "
    "eslint:import/enforce-node-protocol-usage always, biome:useNodejsImportProtocol",
    ("import.order", "packages first"): "eslint:import/order, eslint:simple-import-sort/imports, "
    "eslint:perfectionist/sort-imports",
    ("import.suffix", "none"): "eslint:import/extensions never",
    ("import.suffix", ".js"): "eslint:import/extensions always",
    ("module", "esm"): f"{_TS}/no-require-imports, eslint:import/no-commonjs, "
    "eslint:unicorn/prefer-module, biome:noCommonJs",
    ("object.type", "interface"): f"{_TS}/consistent-type-definitions interface, "
    "biome:useConsistentTypeDefinitions",
    ("object.type", "type"): f"{_TS}/consistent-type-definitions type",
    ("array.type", "T[]"): f"{_TS}/array-type array, biome:useConsistentArrayType",
    ("array.type", "Array<T>"): f"{_TS}/array-type generic",
    ("any", "unknown"): f"{_TS}/no-explicit-any, biome:noExplicitAny",
    ("map.type", "Record"): f"{_TS}/consistent-indexed-object-style record",
    ("map.type", "index"): f"{_TS}/consistent-indexed-object-style index-signature",
    ("signature.form", "property"): f"{_TS}/method-signature-style property",
    ("inject.readonly", "yes"): f"{_TS}/prefer-readonly",
    ("declaration", "block"): "eslint:no-var, biome:noVar",
    ("if.braces", "yes"): "eslint:curly all, biome:useBlockStatements",
    ("chain", "?."): f"{_TS}/prefer-optional-chain, biome:useOptionalChain",
    ("text", "template"): "eslint:prefer-template, biome:useTemplate",
    ("own.property", "hasOwn"): "eslint:prefer-object-has-own",
    ("date.now", "now"): "eslint:unicorn/prefer-date-now, biome:useDateNow",
    ("number", "Number"): "eslint:unicorn/prefer-number-properties, biome:useNumberNamespace",
    ("boolean", "Boolean"): "eslint:no-implicit-coercion",
    ("absent", "undefined"): "eslint:unicorn/no-null",
    ("log", "logger"): "eslint:no-console, biome:noConsole",
    ("environment", "settings"): "eslint:n/no-process-env, biome:noProcessEnv",
    ("props.form", "destructured"): "eslint:react/destructuring-assignment always",
    ("equality", "strict"): "eslint:eqeqeq, biome:noDoubleEquals",
    ("loop", "for"): "eslint:unicorn/no-array-for-each, biome:noForEach",
    ("promise", "await"): "eslint:promise/prefer-await-to-then",
    ("object.copy", "spread"): "eslint:prefer-object-spread",
    # tests
    ("test.title", "lower"): "eslint:jest/prefer-lowercase-title, eslint:vitest/prefer-lowercase-title",
    ("test.group", "yes"): "eslint:jest/require-top-level-describe, eslint:vitest/require-top-level-describe",
    ("test.equal", "toStrictEqual"): "eslint:jest/prefer-strict-equal, eslint:vitest/prefer-strict-equal",
    ("test.throws", "toThrow"): "eslint:jest/no-alias-methods, eslint:vitest/no-alias-methods",
    ("test.called", "toHaveBeen"): "eslint:jest/no-alias-methods, eslint:vitest/no-alias-methods",
    ("test.async", "async"): "eslint:jest/no-done-callback, eslint:vitest/no-done-callback",
    ("test.callback", "arrow"): "eslint:prefer-arrow-callback, eslint:mocha/prefer-arrow-callback",
    ("test.events", "userEvent"): "eslint:testing-library/prefer-user-event",
}
