"""The head of a function of JavaScript or TypeScript -> its parameters, and whether its result has a type."""

from __future__ import annotations

from ..lines import inside_brackets


def parameters_of(signature: str) -> str:
    """What stands between the brackets of the parameters."""
    opening = signature.find("(")
    return inside_brackets(signature, opening).strip() if opening >= 0 else ""


def returns_of(signature: str) -> bool:
    """Whether the result has a type: after the parameters, or on the name it is bound to."""
    opening = signature.find("(")
    if opening < 0:
        return False
    if ":" in signature[:opening].partition("=")[0] and "=" in signature[:opening]:
        return True  # const run: Handler = (…) => …
    closing = opening + len(inside_brackets(signature, opening)) + 1
    return signature[closing + 1 :].lstrip().startswith(":")
