"""How JavaScript and TypeScript name parameters, types, constants, handlers and files."""

from __future__ import annotations

import pytest

from .facts import facts, rules


def test_parameters_that_mean_the_same_are_told_apart_by_word() -> None:
    found = facts(
        "src/serve.ts",
        "export function serve(req: Request, opts: Options = {}) {}\n"
        "const handle = (request, options) => 1\n"
        "function deep({ options }: Given, callback?: () => void) {}\n"
        "class Server {\n  constructor(private readonly options: Options) {}\n}\n",
    )
    assert found["parameter.request"] == {"req": [1, 1], "request": [1, 2]}
    assert found["parameter.options"] == {"opts": [1, 1], "options": [2, 2, 5]}
    assert found["parameter.callback"] == {"callback": [1, 3]}


def test_a_word_for_a_parameter_is_a_rule_where_another_was_possible() -> None:
    files = {f"src/a{n}.ts": "export function run(options: O) {}\n" * 3 for n in range(6)}
    assert not [key for key in rules(files) if key.startswith("parameter")]
    rule = rules(files | {"src/z.ts": "export function run(opts: O) {}\n"})["parameter.options=options"]
    assert rule.statement == "A parameter for the options is called `options`, not `opts`."
    assert (rule.support, rule.total) == (18, 19)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("export type Box<TItem extends string, K> = { a: TItem }\n", {"T": [1, 1]}),
        ("export interface Box<Item = Map<string, Other>> {}\n", {"word": [1, 1]}),
        ("function wrap<T>(x: Array<Item>) {}\n", {}),
        ("class Box<Item, TKey> {}\n", {"word": [1, 1], "T": [1, 1]}),
    ],
)
def test_type_parameters_of_more_than_a_letter_show_their_style(text: str, found: dict[str, object]) -> None:
    assert facts("a.ts", text).get("generic.name", {}) == found


def test_types_and_interfaces_may_carry_a_prefix() -> None:
    found = facts("a.ts", "interface IUser {}\ninterface Item {}\ntype TId = string\ntype Tree = string[]\n")
    assert found["interface.prefix"] == {"yes": [1, 1], "no": [1, 2]}
    assert found["type.prefix"] == {"T": [1, 3], "none": [1, 4]}


def test_members_of_enums_show_their_style() -> None:
    found = facts("a.ts", "enum Color {\n  Red = 'r',\n  DARK_BLUE = 'b',\n  green = 'g',\n  X = 'x',\n}\n")
    assert found["enum.member"] == {"pascal": [1, 2], "upper": [1, 3], "camel": [1, 4]}


def test_only_numbers_and_texts_are_asked_how_constants_are_named() -> None:
    found = facts(
        "a.ts",
        "export const MAX_PAUSE = 5_000\nconst prefix: string = 'x'\nconst router = new Router('x')\n"
        "const list = ['a']\nfunction f() {\n  const local = 1\n}\n",
    )
    assert found["constant.literal"] == {"upper": [1, 1], "camel": [1, 2]}


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("src/retry-policy.ts", "export class RetryPolicy {}\n", {"export": [1, 1]}),
        ("src/retry.ts", "export class RetryPolicy {}\n", {"other": [1, 1]}),
        (
            "src/Pay.ts",
            "export interface Options {}\nexport function pay(o: Options) {}\n",
            {"export": [1, 1]},
        ),
        ("src/index.ts", "export class RetryPolicy {}\n", {}),
        ("src/two.ts", "export const a = 1\nexport const b = 2\n", {}),
    ],
)
def test_a_file_that_exports_one_thing_is_named_after_it_or_not(
    path: str, text: str, found: dict[str, object]
) -> None:
    assert facts(path, text).get("file.subject", {}) == found


def test_private_members_are_hidden_in_one_of_several_ways() -> None:
    found = facts(
        "a.ts",
        "class A {\n  private readonly left = 1\n  #right = 2\n  private _old?: string\n"
        "  constructor(private b: B) {}\n  static #run() {\n    return this.#right\n  }\n}\n",
    )
    assert found["private"] == {"private": [3, 2, 4, 5], "#": [2, 3, 6]}
    assert found["private.name"] == {"plain": [2, 2, 5], "_": [1, 4]}
    plain = facts("a.js", "class A {\n  _hidden() {}\n  __proto() {}\n  shown() {}\n}\n")
    assert plain["private"] == {"_": [1, 2]}


def test_handlers_and_props_of_components_have_names() -> None:
    found = facts(
        "src/SaveButton.tsx",
        "export function SaveButton({ onSave }: SaveButtonProps) {\n"
        "  return <button onClick={handleClick} onFocus={onFocus} onBlur={onLeave} onAbort={() => 1} />\n}\n"
        "export const Row: FC<Props> = (props) => <li />\n"
        "const Cell = ({ a }: { a: string }) => <td />\n",
    )
    assert found["handler.name"] == {"handle": [1, 2], "on": [1, 2]}
    assert found["component.form"] == {"declaration": [1, 1], "FC": [1, 4], "arrow": [1, 5]}
    assert found["props.form"] == {"destructured": [2, 1, 5], "props": [1, 4]}
    assert found["props.type"] == {"own": [1, 1], "inline": [1, 5]}
    assert found["component.file"] == {"pascal": [1, 1]}


def test_a_file_without_markup_has_no_components() -> None:
    found = facts("src/make.js", "function Make(props) {}\nconst a = b < c\n")
    assert "component.form" not in found
