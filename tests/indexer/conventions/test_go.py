"""What a Go file tells about the habits of its team."""

from __future__ import annotations

import pytest

from .facts import facts, rules

STORE = """package store

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"example.com/shop/store/keys"
)

// ErrGone is handed back for what was there once.
var ErrGone = errors.New("key is gone")

var notThere = errors.New("key is not there")

// A Store keeps values.
type Store struct {
	path string
}

type Opener interface {
	Open(path string) error
}

type LockError struct{ Path string }

func (e *LockError) Error() string { return "locked" }

// New opens a store.
func New(ctx context.Context, path string, options ...Option) (*Store, error) {
	if err := check(path); err != nil {
		return nil, fmt.Errorf("check %s: %w", path, err)
	}
	err := lock(path)
	if err != nil {
		return nil, fmt.Errorf("lock: %v", err)
	}
	return &Store{path: path}, nil
}

// Hands out the path.
func (s *Store) Path() string { return s.path }

func (s *Store) GetUserId(name string, ctx context.Context) (int, error) {
	if err == io.EOF || errors.Is(err, ErrGone) {
		return 0, fmt.Errorf("No such user.")
	}
	var seen = map[string]any{}
	others := make(map[string]interface{})
	_, ok := err.(*LockError)
	if errors.As(err, &locked) {
		panic("locked twice")
	}
	return 0, nil
}

func MustOpen(path string) *Store {
	panic("can't open")
}
"""


def test_go_errors_are_wrapped_compared_and_named() -> None:
    found = facts("store/store.go", STORE)
    assert found["error.wrap"] == {"%w": [1, 35], "%v": [1, 39]}
    assert found["error.plain"] == {"errors.New": [2, 15, 17], "fmt.Errorf": [1, 49]}
    assert found["error.message"] == {"plain": [4, 15, 17, 35], "both": [1, 49]}
    assert found["error.scope"] == {"inline": [1, 34], "apart": [1, 37]}
    assert found["error.compare"] == {"errors.Is": [1, 48], "==": [1, 48]}
    assert found["error.cast"] == {"errors.As": [1, 54], "assertion": [1, 53]}
    assert found["error.sentinel"] == {"Err": [1, 15], "other": [1, 17]}
    assert found["error.type"] == {"Error": [1, 30]}


def test_only_what_does_not_promise_to_panic_should_not() -> None:
    assert facts("store/store.go", STORE)["error.raised"] == {"returned": [3, 35, 39, 49], "panic": [1, 55]}


def test_go_names_receivers_getters_and_initialisms() -> None:
    found = facts("store/store.go", STORE)
    assert found["receiver.name"] == {"short": [3, 30, 45, 47]}
    assert found["getter.name"] == {"bare": [1, 45]}
    assert found["name.initialism"] == {"title": [1, 47]}
    assert found["interface.er"] == {"yes": [1, 24]}
    assert found["context.place"] == {"first": [1, 33], "later": [1, 47]}
    assert found["options.form"] == {"functional": [1, 33]}
    assert found["doc.start"] == {"name": [2, 19, 32], "other": [1, 44]}


def test_an_initialism_is_not_the_beginning_of_a_word() -> None:
    found = facts("a.go", "package a\n\nfunc Identify() {}\nfunc parseURLs() {}\nfunc Apiary() {}\n")
    assert found["name.initialism"] == {"upper": [1, 4]}


def test_receivers_of_one_type_should_agree() -> None:
    text = "package a\nfunc (c Cart) A() {}\nfunc (c Cart) B() {}\nfunc (cart Cart) D() {}\n"
    found = facts("a.go", text)
    assert found["receiver.same"] == {"yes": [2, 2, 3], "no": [1, 4]}
    assert found["receiver.name"] == {"short": [2, 2, 3], "long": [1, 4]}


def test_go_imports_are_grouped() -> None:
    found = facts("store/store.go", STORE)
    assert found["import.groups"] == {"apart": [1, 4]}
    assert found["import.own"] == {"apart": [1, 11]}
    mixed = 'package a\n\nimport (\n\t"example.com/shop/store/keys"\n\t"fmt"\n\t"github.com/spf13/cobra"\n)\n'
    assert facts("store/a.go", mixed)["import.groups"] == {"together": [1, 5]}
    assert facts("store/a.go", mixed)["import.own"] == {"together": [1, 4]}


def test_go_has_two_words_for_anything_and_two_for_an_empty_map() -> None:
    found = facts("store/store.go", STORE)
    assert found["any.word"] == {"any": [1, 51], "interface{}": [1, 52]}
    assert found["map.empty"] == {"literal": [1, 51], "make": [1, 52]}
    filled = 'package a\n\nvar m = map[string]int{"a": 1}\n\nfunc f(m map[string]int) {}\n'
    assert "map.empty" not in facts("a.go", filled)


def test_what_stands_in_strings_and_comments_of_go_is_no_code() -> None:
    text = 'package a\n\n// panic("x")\nvar x = "errors.New(\\"Y\\")"\nvar y = `fmt.Errorf("Z")`\n'
    found = facts("a.go", text)
    assert "error.plain" not in found
    assert "error.raised" not in found


TESTS = """package store_test

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOpen(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		want string
		expectedPath string
	}{
		{name: "one"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.NoError(t, open(t.TempDir(), context.Background()))
		})
	}
	for _, line := range lines {
		os.Setenv("A", line)
	}
}

func Test_close(t *testing.T) {
	cases := map[string]struct{ want string }{}
	for name, tc := range cases {
		check(name, tc)
	}
}

func open(t *testing.T, path string) error {
	t.Helper()
	return nil
}

func check(tb testing.TB) {}
"""


def test_a_go_test_tells_names_tables_and_helpers() -> None:
    found = facts("store/store_test.go", TESTS)
    assert found["test.package"] == {"external": [1, 1]}
    assert found["test.name"] == {"TestA": [1, 11], "Test_": [1, 30]}
    assert found["test.parallel"] == {"yes": [1, 11], "no": [1, 30]}
    assert found["test.helper"] == {"yes": [1, 37], "no": [1, 42]}
    assert found["test.cases"] == {"tests": [1, 13], "cases": [1, 31]}
    assert found["test.cases.form"] == {"slice": [1, 13], "map": [1, 31]}
    assert found["test.case"] == {"tt": [1, 20], "tc": [1, 32]}
    assert found["test.subtests"] == {"yes": [1, 20], "no": [1, 32]}
    assert found["test.want"] == {"want": [1, 15], "expected": [1, 16]}


def test_a_go_test_tells_what_it_takes_from_testing() -> None:
    found = facts("store/store_test.go", TESTS)
    assert found["test.noerror"] == {"require": [1, 22]}
    assert found["test.temp"] == {"t.TempDir": [1, 22]}
    assert found["test.context"] == {"context.Background": [1, 22]}
    assert found["test.env"] == {"os.Setenv": [1, 26]}


def test_data_of_go_tests_is_not_counted_as_code() -> None:
    assert "error.plain" not in facts("store/testdata/src/a.go", STORE)


@pytest.mark.parametrize(
    ("path", "text", "rule", "said"),
    [
        (
            "p{n}/a.go",
            "package a\n\nfunc f() error {{\n\tif err := g(); err != nil {{\n"
            '\t\treturn fmt.Errorf("f{n}: %w", err)\n'
            "\t}}\n\treturn nil\n}}\n",
            "error.wrap=%w",
            "An error handed on is wrapped with `%w`.",
        ),
        (
            "p{n}/a_test.go",
            "package a\n\nfunc TestA(t *testing.T) {{\n\tcases := []struct{{ a int }}{{}}\n"
            "\tfor _, c := range cases {{\n\t\tt.Run(c.a, nil)\n\t}}\n}}\n",
            "test.cases=cases",
            "Tables of test cases are called `cases`.",
        ),
    ],
)
def test_go_rules_are_said_in_a_sentence(path: str, text: str, rule: str, said: str) -> None:
    found = rules({path.format(n=n): text.format(n=n) for n in range(6)})
    assert found[rule].statement == said


def test_go_files_do_without_init_and_say_why_a_linter_is_wrong() -> None:
    text = "package a\n\nfunc init() {} //nolint:gochecknoinits // it registers\n\nvar x = 1 //nolint\n"
    found = facts("a.go", text)
    assert found["init"] == {"yes": [1, 3]}
    assert found["nolint.name"] == {"yes": [1, 3], "no": [1, 5]}
    assert found["nolint.reason"] == {"yes": [1, 3], "no": [1, 5]}
    assert facts("a.go", "package a\n\nfunc f() {}\n")["init"] == {"no": [1, 1]}
