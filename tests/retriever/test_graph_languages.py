# ruff: noqa: E501 (the text of a file stands on one line)
"""Which definition a use in Go, TypeScript, JavaScript, Java and Rust means, and what is no evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.store.catalog import SymbolRow
from retriever.graph import Graph
from tests.retriever.graphs import graph_of, meant

GO = {
    "go.mod": "module example.org/shop\n",
    "pay/till.go": """package cash

type Till struct {
	Base
	drawer *Drawer
	byName map[string][]*Drawer
}

type Base struct{}

func (b *Base) Close() {}

type Drawers []*Drawer

func New() (*Till, *Drawer) { return &Till{}, nil }
""",
    "pay/drawer.go": """package cash

type Drawer struct{ till Till }

func (d *Drawer) Pull() *Till { return nil }

type Puller interface{ Pull() *Till }
""",
    "pay/methods.go": "package cash\n\nfunc (t *Till) Count(n int) (total int) { return 0 }\n",
    "pay/build_linux.go": "package cash\n\nfunc Lock() {}\n",
    "pay/build_darwin.go": "package cash\n\nfunc Lock() {}\n",
    "other/other.go": "package other\n\ntype Till struct{}\n\nfunc (t *Till) Count() {}\n\nfunc New() {}\n",
}
TYPESCRIPT = {
    "tsconfig.json": '{ // paths\n "compilerOptions": {"paths": {"@/*": ["./src/*"],}} }',
    "packages/core/package.json": '{"name": "@shop/core", "main": "dist/index.js"}',
    "packages/core/src/index.ts": "export * from './money'\nexport { Lock as Bolt } from './lock'\n",
    "packages/core/src/money.ts": "export class Money { add(): Money { return this } }\n",
    "packages/core/src/lock.ts": "export class Lock { turn() {} }\n",
    "src/till.ts": """import { Drawer } from './drawer'
export abstract class Base { close(): this { return this } }
export default class Till extends Base {
  spare = new Drawer()
  #own: Drawer
  constructor(private readonly drawer: Drawer) { super() }
  get front(): Drawer { return this.drawer }
  count(): number { return 1 }
}
export function make() { return new Till(new Drawer()) }
export type Options = { till: Till; open(): Till }
export const tills: Till[] = []
""",
    "src/drawer.ts": "export class Drawer { pull(): void {} }\nexport class Other { pull() {} count() {} }\n",
    "lib/legacy.js": "function Old() {}\nOld.prototype.ring = function () {}\nmodule.exports = Old\n",
}
JAVA = {
    "src/main/java/shop/Till.java": """package shop;

import java.util.List;

public class Till extends Base {
    private final List<Drawer> drawers = null;
    static Till open(String name) { return null; }
    void count() {}
    void count(int n) {}
    void put(int n) {}
    void put(String s) {}
    class Lock { void turn() { } }
}
""",
    "src/main/java/shop/Base.java": "package shop;\n\nclass Base { void close() {} void count(int a, int b) {} }\n",
    "src/main/java/shop/Drawer.java": (
        "package shop;\n\nclass Drawer {\n  Drawer() {}\n  Drawer(int n) {}\n  Till pull() { return null; } }\n"
    ),
    "src/main/java/other/Till.java": "package other;\n\npublic class Till { public void count() {} }\n",
}
RUST = {
    "Cargo.toml": '[package]\nname = "shop-core"\n',
    "src/lib.rs": "pub mod till;\npub mod money;\npub use till::Till;\npub fn helper() {}\n",
    "src/till/mod.rs": """use crate::money::{self, Money};
pub mod drawer;
pub struct Till { pub drawer: Option<Box<drawer::Drawer>>, coins: Vec<Money> }
pub trait Ring { fn ring(&self); fn twice(&self) { self.ring() } }
impl Till { pub fn new() -> Result<Self, Error> { todo!() } pub fn count(&self) -> u8 { 1 } }
""",
    "src/till/drawer.rs": "pub struct Drawer;\nimpl Drawer { pub fn pull(&self) -> super::Till { loop {} } }\n",
    "src/till/ring.rs": "use super::{Ring, Till};\nimpl Ring for Till { fn ring(&self) {} }\n",
    "src/money.rs": "pub struct Money;\nimpl Money { pub fn add(&self) {} }\npub fn change() {}\n",
}
STORIES = {
    "go: a receiver and its fields": (
        GO, "pay/a.go", "package cash\n\nfunc (t *Till) A() {\n\tt.drawer.Pull() // # here\n}\n",
        ["pay/drawer.go:Drawer.Pull"],
    ),
    "go: an item of a slice in a map": (
        GO, "pay/a.go",
        "package cash\n\nfunc A(t Till) {\n\tfor _, d := range t.byName[\"a\"] {\n\t\td.Pull() // # here\n\t}\n}\n",
        ["pay/drawer.go:Drawer.Pull"],
    ),
    "go: a type that names a slice": (
        GO, "pay/a.go",
        "package cash\n\nfunc A(all Drawers) {\n\tfor _, d := range all {\n\t\td.Pull() // # here\n\t}\n}\n",
        ["pay/drawer.go:Drawer.Pull"],
    ),
    "go: a package that calls itself otherwise, and what its function gives": (
        GO, "main.go",
        'package main\n\nimport "example.org/shop/pay"\n\nfunc main() {\n\tt, _ := cash.New()\n\tt.Count(1) // # here\n}\n',
        ["pay/methods.go:Till.Count"],
    ),
    "go: the second result": (
        GO, "pay/a.go", "package cash\n\nfunc A() {\n\t_, d := New()\n\td.Pull() // # here\n}\n",
        ["pay/drawer.go:Drawer.Pull"],
    ),
    "go: a method of an embedded type": (
        GO, "pay/a.go", "package cash\n\nfunc A() {\n\tt := new(Till)\n\tt.Close() // # here\n}\n",
        ["pay/till.go:Base.Close"],
    ),
    "go: the branch of a type switch": (
        GO, "pay/a.go",
        "package cash\n\nfunc A(x any) {\n\tswitch y := x.(type) {\n\tcase *Drawer:\n\t\ty.Pull() // # here\n\t}\n}\n",
        ["pay/drawer.go:Drawer.Pull"],
    ),
    "go: an interface's method": (
        GO, "pay/a.go", "package cash\n\nfunc A(p Puller) {\n\tp.Pull() // # here\n}\n",
        ["pay/drawer.go:Puller.Pull"],
    ),
    "typescript: a default import": (
        TYPESCRIPT, "src/a.ts", "import T from './till'\nconst t = new T(x)\nt.count() // # here",
        ["src/till.ts:Till.count"],
    ),
    "typescript: an alias of tsconfig, and what a function gives": (
        TYPESCRIPT, "test/a.ts", "import { make } from '@/till'\nconst t = make()\nt.spare.pull() // # here",
        ["src/drawer.ts:Drawer.pull"],
    ),
    "typescript: a package of the workspace that exports all of a file": (
        TYPESCRIPT, "src/a.ts", "import { Money } from '@shop/core'\nfunction f(m?: Money) {\n  m!.add() // # here\n}",
        ["packages/core/src/money.ts:Money.add"],
    ),
    "typescript: a name that is exported under another": (
        TYPESCRIPT, "src/a.ts", "import * as core from '@shop/core'\nnew core.Bolt().turn() // # here",
        ["packages/core/src/lock.ts:Lock.turn", "packages/core/src/lock.ts:Lock"],
    ),
    "typescript: a property of a constructor and a getter": (
        TYPESCRIPT, "src/a.ts", "import T from './till'\nfunction f(t: T | null) {\n  t?.front.pull() // # here\n}",
        ["src/drawer.ts:Drawer.pull"],
    ),
    "typescript: an inherited method": (
        TYPESCRIPT, "src/a.ts", "import T from './till'\nfunction f(this: void, t: T) {\n  t.close() // # here\n}",
        ["src/till.ts:Base.close"],
    ),
    "typescript: what is taken apart": (
        TYPESCRIPT, "src/a.ts",
        "import type { Options } from './till'\nfunction f({ till }: Options) {\n  till.count() // # here\n}",
        ["src/till.ts:Till.count"],
    ),
    "typescript: the parameter of a callback": (
        TYPESCRIPT, "src/a.ts", "import { tills } from './till'\ntills.forEach(t => {\n  t.count() // # here\n})",
        ["src/till.ts:Till.count"],
    ),
    "typescript: the bound of a type parameter": (
        TYPESCRIPT, "src/a.ts",
        "import T from './till'\nfunction f<X extends T>(x: Promise<X>) {\n  (await x).count() // # here\n}",
        ["src/till.ts:Till.count"],
    ),
    "javascript: a module that is a function, and a method of its prototype": (
        TYPESCRIPT, "lib/a.js", "const Legacy = require('./legacy')\nnew Legacy().ring() // # here",
        ["lib/legacy.js:Old.ring", "lib/legacy.js:Old"],
    ),
    "java: a package of its own folder and the overload that fits": (
        JAVA, "src/test/java/shop/A.java",
        "package shop;\nclass A { void a() {\n  Till t = Till.open(\"x\");\n  t.count(1); // # here\n} }",
        ["src/main/java/shop/Till.java:Till.count"],
    ),
    "java: an overload that a base adds": (
        JAVA, "src/main/java/shop/A.java", "package shop;\nclass A { void a(Till t) {\n  t.count(1, 2); // # here\n} }",
        ["src/main/java/shop/Base.java:Base.count"],
    ),
    "java: an inherited method without a qualifier": (
        JAVA, "src/main/java/shop/A.java", "package shop;\nclass A extends Till { void a() {\n  close(); // # here\n} }",
        ["src/main/java/shop/Base.java:Base.close"],
    ),
    "java: a star import, a nested class and a loop": (
        JAVA, "src/main/java/app/A.java",
        "package app;\nimport shop.*;\nclass A { void a(java.util.List<Till.Lock> all) {\n"
        "  for (var lock : all)\n    lock.turn(); // # here\n} }",
        ["src/main/java/shop/Till.java:Till.Lock.turn"],
    ),
    "java: a class and the constructor that fits": (
        JAVA, "src/main/java/shop/A.java", "package shop;\nclass A { Object a() {\n  return new Drawer(1); // # here\n} }",
        ["src/main/java/shop/Drawer.java:Drawer", "src/main/java/shop/Drawer.java:Drawer.Drawer"],
    ),
    "rust: a result, an option and a pointer": (
        RUST, "src/a.rs",
        "use crate::Till;\nfn a() {\n    let t = Till::new()?;\n    t.drawer.unwrap().pull(); // # here\n}\n",
        ["src/till/drawer.rs:Drawer.pull"],
    ),
    "rust: if let, and what a method of another module gives": (
        RUST, "src/a.rs",
        "use super::till::Till;\nfn a(t: &mut Till) {\n    if let Some(d) = t.drawer.as_ref() {\n"
        "        d.pull().count(); // # here\n    }\n}\n",
        ["src/till/drawer.rs:Drawer.pull", "src/till/mod.rs:Till.count"],
    ),
    "rust: an impl in another file": (
        RUST, "src/a.rs", "fn a(t: crate::till::Till) {\n    t.ring(); // # here\n}\n", ["src/till/ring.rs:Till.ring"],
    ),
    "rust: the bound of a type parameter": (
        RUST, "src/a.rs",
        "use crate::till::Ring;\nfn a<T>(t: T) where T: Ring {\n    t.twice(); // # here\n}\n",
        ["src/till/mod.rs:Ring.twice"],
    ),
    "rust: an inner module and a path": (
        RUST, "src/money/tests.rs",
        "mod inner {\n    use super::super::*;\n    fn a() {\n        crate::money::change(); // # here\n    }\n}\n",
        ["src/money.rs:change"],
    ),
    "rust: another crate's root by its name": (
        RUST, "tests/a.rs", "use shop_core::{helper, Till};\nfn a() {\n    helper(); // # here\n}\n", ["src/lib.rs:helper"],
    ),
}  # fmt: skip
NOT_PROVEN = {
    "go: one function for each platform is one of them": (
        GO, "pay/a.go", "package cash\n\nfunc A() {\n\tLock() // # here\n}\n",
        ["pay/build_darwin.go:Lock", "pay/build_linux.go:Lock"],
    ),
    "go: a package of others": (
        GO, "pay/a.go", 'package cash\n\nimport "net/other"\n\nfunc A() {\n\tother.New() // # here\n}\n', [],
    ),
    "go: a variable of the name is no function": (
        GO, "pay/a.go", "package cash\n\nfunc A(New func()) {\n\tNew() // # here\n}\n", [],
    ),
    "typescript: a receiver of which nothing is said": (
        TYPESCRIPT, "src/a.ts", "function f(x: any) {\n  x.count() // # here\n}",
        ["src/drawer.ts:Other.count", "src/till.ts:Till.count"],
    ),
    "typescript: a package that is installed": (
        TYPESCRIPT, "src/a.ts", "import { make } from 'maker'\nmake() // # here", [],
    ),
    "typescript: a declaration in a block that has ended": (
        TYPESCRIPT, "src/a.ts",
        "import T from './till'\nfunction f(t: any) {\n  if (t) {\n    const t = new T(1)\n    t.close()\n  }\n"
        "  t.count() // # here\n}",
        ["src/drawer.ts:Other.count", "src/till.ts:Till.count"],
    ),
    "java: overloads that only the types of arguments tell apart": (
        JAVA, "src/main/java/shop/A.java", "package shop;\nclass A { void a(Till t, Object x) {\n  t.put(x); // # here\n} }",
        ["src/main/java/shop/Till.java:Till.put"],
    ),
    "rust: a method of an option is not one of what is in it": (
        RUST, "src/a.rs", "fn a(t: Option<crate::till::Till>) {\n    t.count(); // # here\n}\n",
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_what_the_text_proves(story: str, tmp_path: Path) -> None:
    files, path, text, expected = STORIES[story]
    uses = meant(graph_of(tmp_path, {**files, path: text}), path, text)
    assert {use for use, proven in uses.items() if proven} == set(expected)


@pytest.mark.parametrize("story", NOT_PROVEN)
def test_what_it_does_not(story: str, tmp_path: Path) -> None:
    files, path, text, expected = NOT_PROVEN[story]
    assert meant(graph_of(tmp_path, {**files, path: text}), path, text) == dict.fromkeys(expected, False)


@pytest.mark.parametrize("use", ["x.go()", "x[0].go()"])
def test_types_that_stand_for_each_other_are_no_endless_way(use: str, tmp_path: Path) -> None:
    text = f"type A = B;\ntype B = A;\nexport function f(x: A) {{\n  {use}; // here\n}}\n"
    graph = graph_of(tmp_path, {"a.ts": text, "b.ts": "export class Other {\n  go() {}\n}\n"})

    file = graph.catalog.file(graph.repo, "a.ts")
    assert file is not None
    targets = [target for one in graph.references(file.id) for target in graph.targets(one)]
    assert [(row.qualname, proven) for row, proven in targets] == [("Other.go", False)]


def test_callers_of_all_overloads_are_proven_though_none_is_by_itself(tmp_path: Path) -> None:
    text = "package shop;\nclass A { void a(Till t, Object x) { t.put(x); } }\n"
    graph = graph_of(tmp_path, {**JAVA, "src/main/java/shop/A.java": text})
    both = graph.definitions("Till.put")
    assert [caller.resolved for caller in graph.callers(both)] == [True]
    assert [caller.resolved for caller in graph.callers(both[:1])] == [False]


def test_a_type_of_go_stands_below_the_interfaces_whose_methods_it_has(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, GO)
    puller, drawer = (_one(graph, name) for name in ("Puller", "Drawer"))
    below = graph.hierarchy(puller).descendants
    assert [(heir.symbol, heir.resolved) for heir in below] == [("Drawer", True)]
    assert [base.symbol for base in graph.hierarchy(drawer).ancestors] == ["Puller"]
    pull = next(row for row in graph.definitions("Pull") if row.qualname == "Puller.Pull")
    assert [method.symbol for method in graph.hierarchy(pull).overriding] == ["Drawer.Pull"]


def test_a_type_of_rust_stands_below_the_traits_it_implements_in_another_file(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, RUST)
    below = graph.hierarchy(_one(graph, "Ring")).descendants
    assert [(heir.symbol, heir.resolved) for heir in below] == [("Till", True)]


def test_classes_of_typescript_and_java_stand_below_their_bases(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, {**TYPESCRIPT, **JAVA})
    heirs = {
        (heir.path, heir.symbol, heir.resolved)
        for base in graph.definitions("Base")
        for heir in graph.hierarchy(base).descendants
    }
    assert heirs == {("src/till.ts", "Till", True), ("src/main/java/shop/Till.java", "Till", True)}


def _one(graph: Graph, name: str) -> SymbolRow:
    (row,) = graph.definitions(name)
    return row
