"""The name of a set of ESLint's rules -> whether a rule is an error in it.

Only rules that some convention here asks for; a set of a company's own is not known.
https://eslint.org/docs/latest/rules/ and https://typescript-eslint.io/users/configs
"""

from __future__ import annotations

import re

_JS = "no-empty no-var-requires no-unused-vars no-undef no-redeclare no-useless-catch no-case-declarations"
_TS = (
    "@typescript-eslint/no-explicit-any @typescript-eslint/no-require-imports no-var prefer-const "
    "@typescript-eslint/no-unused-vars @typescript-eslint/ban-ts-comment @typescript-eslint/prefer-as-const "
    "@typescript-eslint/no-empty-object-type @typescript-eslint/no-namespace prefer-rest-params prefer-spread"
)
_TYPED = (
    "@typescript-eslint/no-floating-promises @typescript-eslint/no-misused-promises "
    "@typescript-eslint/only-throw-error @typescript-eslint/await-thenable @typescript-eslint/require-await "
    "@typescript-eslint/prefer-promise-reject-errors @typescript-eslint/restrict-template-expressions"
)
_STYLISTIC = (
    "@typescript-eslint/consistent-type-definitions @typescript-eslint/array-type "
    "@typescript-eslint/consistent-generic-constructors @typescript-eslint/consistent-indexed-object-style"
)
_STYLISTIC_TYPED = "@typescript-eslint/prefer-nullish-coalescing @typescript-eslint/prefer-optional-chain"
_UNICORN = (
    "unicorn/prefer-node-protocol unicorn/filename-case unicorn/catch-error-name unicorn/error-message "
    "unicorn/throw-new-error unicorn/custom-error-definition unicorn/no-null unicorn/prefer-module"
)

_OWN = r"(?:.*@typescript-eslint/|(?:ts|tseslint|tsEslint|typescriptEslint)/)"  # as it is often imported
_CHECKED = r"(?:TypeChecked|-type-checked)"
_SETS = tuple(
    (re.compile(pattern), frozenset(rules.split()))
    for pattern, rules in (
        (r"eslint:recommended$|(?:js|eslint|pluginJs)/recommended$", _JS),
        (_OWN + r"(?:recommended|strict)" + _CHECKED + r"?(?:Only)?$", _TS),
        (_OWN + r"(?:recommended|strict)" + _CHECKED + r"(?:Only)?$", _TYPED),
        (_OWN + r"stylistic", _STYLISTIC),
        (_OWN + r"stylistic" + _CHECKED, _STYLISTIC_TYPED),
        (
            r"plugin:unicorn/recommended$|(?:eslintPluginUnicorn|unicorn)/(?:flat/)?(?:recommended|all)$",
            _UNICORN,
        ),
    )
)


def in_set(name: str, rule: str) -> bool:
    return any(rule in rules and pattern.match(name) for pattern, rules in _SETS)
