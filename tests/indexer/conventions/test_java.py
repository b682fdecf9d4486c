"""What a Java file tells about the habits of its team."""

from __future__ import annotations

import pytest

from .facts import facts, rules

CART = """/* Copyright of nobody. */
package shop;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.*;

import org.slf4j.Logger;

/**
 * A cart.
 *
 * @since 1.2
 */
public abstract class AbstractCart implements Cart {
    private static final Logger LOG = LoggerFactory.getLogger(AbstractCart.class);

    @Inject
    private Prices prices;

    /**
     * Returns the total.
     *
     * @param day the day
     * @return the total
     */
    public int total(final String day, Map<String, Integer> prices) {
        final List<String> names = new ArrayList<>();
        int sum = 0;
        String last = "throw new X()";
        for (final String name : names) {
            sum += 1;
        }
        try (
            InputStream in = open(day)) {
            read(in);
        } catch (IOException e) {
            throw new CartException("Can't read the prices.", e);
        } catch (Exception ex) {
            throw new IllegalStateException("no prices");
        }
        return null;
    }

    /** Return it */
    public void first(String name) {
        requireNonNull(name);
        if (name == null) {
            throw new IllegalArgumentException("Name missing");
        }
        try {
            run();
        } catch (IOException ignored) {
        }
        try {
            run();
        } catch (IOException e) {
            // nobody waits for it
        }
        try {
            run();
        } catch (IOException e) {
        }
    }

    abstract void later(String name);
}
"""


def test_java_handlers_name_their_cause_and_say_why_they_are_empty() -> None:
    found = facts("src/shop/AbstractCart.java", CART)
    assert found["raise.from"] == {"yes": [1, 39], "no": [1, 41]}
    assert found["catch.width"] == {"named": [4, 38, 54, 58], "broad": [1, 40]}
    assert found["catch.name"] == {"e": [3, 38, 58, 63], "ex": [1, 40]}
    assert found["catch.empty"] == {"no": [4, 38, 40, 54], "yes": [1, 63]}


def test_java_messages_and_missing_values() -> None:
    found = facts("src/shop/AbstractCart.java", CART)
    assert found["error.message"] == {"both": [1, 39], "plain": [1, 41], "capital": [1, 50]}
    assert found["null.check"] == {"Objects.requireNonNull": [1, 48], "if": [1, 49]}
    assert found["absent"] == {"null": [1, 43]}
    assert found["raise"] == {
        "CartException": [1, 39],
        "IllegalStateException": [1, 41],
        "IllegalArgumentException": [1, 50],
    }


def test_only_what_could_be_final_is_asked() -> None:
    found = facts("src/shop/AbstractCart.java", CART)
    assert found["final.parameter"] == {"yes": [1, 28], "no": [2, 28, 47]}  # `later` has no body
    assert found["final.local"] == {"yes": [1, 29], "no": [1, 31]}  # `sum` changes, `in` is opened by `try`
    assert found["final.loop"] == {"yes": [1, 32]}
    assert found["local.type"] == {"written": [1, 29]}


def test_java_imports_loggers_and_names() -> None:
    found = facts("src/shop/AbstractCart.java", CART)
    assert found["import.static"] == {"first": [1, 4]}
    assert found["import.java"] == {"first": [1, 6]}
    assert found["import.wildcard"] == {"no": [2, 6, 9], "yes": [1, 7]}
    assert found["logger.name"] == {"LOG": [1, 17]}
    assert found["uses.logging"] == {"org.slf4j": [1, 9]}
    assert found["inject"] == {"field": [1, 19]}
    assert found["abstract.name"] == {"Abstract": [1, 16]}
    assert found["file.header"] == {"yes": [1, 1]}


def test_javadoc_has_tags_and_sentences() -> None:
    found = facts("src/shop/AbstractCart.java", CART)
    assert found["doc.since"] == {"yes": [1, 16]}
    assert found["doc.author"] == {"no": [1, 16]}
    assert found["doc.param"] == {"yes": [1, 28], "no": [1, 47]}
    assert found["doc.return"] == {"yes": [1, 28]}
    assert found["doc.period"] == {"yes": [2, 12, 23], "no": [1, 46]}  # where it stands
    assert found["doc.mood"] == {"third": [1, 23], "imperative": [1, 46]}


def test_what_overrides_needs_no_javadoc_of_its_own() -> None:
    text = "public class A {\n  @Override\n  public String a() {\n  }\n\n  public void b() {\n  }\n}\n"
    assert facts("A.java", text)["doc.method"] == {"no": [1, 6]}


def test_an_implementation_is_named_after_its_interface() -> None:
    text = (
        "class CartImpl implements Cart {}\nclass DefaultTill implements Till {}\nclass T implements A {}\n"
    )
    assert facts("A.java", text)["impl.name"] == {"Impl": [1, 1], "Default": [1, 2]}


TEST = """package shop;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Assertions;

class CartTest {
    @Mock private Prices prices;

    @Test
    @DisplayName("adds")
    void shouldAddOne() {
        given(prices.of("a")).willReturn(1);
        assertThrows(IOException.class, () -> cart.read());
    }

    @Test
    public void total_of_nothing_is_zero() {
        when(prices.of("a")).thenReturn(1);
        try {
            cart.read();
            fail("read");
        } catch (IOException expected) {
        }
    }

    @ParameterizedTest
    void testTotal() { mock(Prices.class); }

    void help() {}
}
"""


def test_a_java_test_tells_names_stand_ins_and_expected_exceptions() -> None:
    found = facts("src/test/java/shop/CartTest.java", TEST)
    assert found["test.framework"] == {"junit5": [1, 3]}
    assert found["test.name"] == {"should": [1, 11], "words": [1, 17], "test": [1, 27]}
    assert found["test.public"] == {"no": [2, 11, 27], "yes": [1, 17]}
    assert found["test.display"] == {"yes": [1, 11], "no": [2, 17, 27]}
    assert found["test.raises"] == {"assertThrows": [1, 13], "fail": [1, 21]}
    assert found["test.stub"] == {"given": [1, 12], "when": [1, 18]}
    assert found["test.mock"] == {"annotation": [1, 7], "call": [1, 27]}
    assert found["uses.assertions"] == {"JUnit": [1, 4]}


def test_old_junit_declares_the_exception() -> None:
    text = "import org.junit.Test;\nclass ATest {\n  @Test(expected = A.class)\n  public void testA() {}\n}\n"
    found = facts("src/test/ATest.java", text)
    assert found["test.raises"] == {"expected": [1, 4]}
    assert "test.public" not in found  # it had no choice


def test_what_lies_with_the_tests_and_tests_nothing_is_no_test_file() -> None:
    files = {f"src/test/java/A{n}Test.java": "class A {\n  @Test\n  void testA() {}\n}\n" for n in range(6)}
    found = rules(files | {"src/test/java/TestBase.java": "public class TestBase {}\n"})
    assert (found["test.file=*Test"].support, found["test.file=*Test"].total) == (6, 6)


@pytest.mark.parametrize(("base", "kind"), [("RuntimeException", "unchecked"), ("IOException", "checked")])
def test_own_exceptions_are_checked_or_not_by_their_first_ancestor(base: str, kind: str) -> None:
    files = {"ShopException.java": f"public class ShopException extends {base} {{}}\n"}
    files |= {
        f"E{n}Exception.java": f"public class E{n}Exception extends ShopException {{}}\n" for n in range(6)
    }
    found = rules(files)
    assert found[f"error.checked={kind}"].support == 7
    assert found["error.root=ShopException"].support == 6
    assert found["error.suffix=Exception"].ordinary


def test_java_rules_are_said_in_a_sentence() -> None:
    text = "public class A{n} {{\n  private static final Logger LOG = x();\n  void f(final int a) {{}}\n}}\n"
    found = rules({f"A{n}.java": text.format(n=n) for n in range(6)})
    assert found["logger.name=LOG"].statement == "Loggers are called `LOG`."
    assert found["final.parameter=yes"].statement == "Parameters are final."


def test_bodies_of_one_line_stand_in_braces_or_not() -> None:
    text = (
        "class A {\n  void f() {\n    if (a) {\n      g();\n    }\n    if (b)\n      g();\n"
        "    for (int i = 0; i < n; i++) g();\n    if (c\n        && d) {\n      g();\n    }\n  }\n}\n"
    )
    assert facts("A.java", text)["braces"] == {"yes": [1, 3], "no": [2, 6, 8]}


def test_a_library_of_assertions_has_one_name_however_it_is_imported() -> None:
    body = "class ATest {\n  @Test\n  void testA() {}\n}\n"
    whole = facts("src/test/ATest.java", "import org.assertj.core.api.Assertions;\n" + body)
    one = facts("src/test/ATest.java", "import static org.assertj.core.api.Assertions.assertThat;\n" + body)
    assert whole["uses.assertions"] == one["uses.assertions"] == {"AssertJ": [1, 1]}


def test_what_every_object_has_is_overridden_by_name() -> None:
    text = (
        "class A {\n  @Override\n  public String toString() {\n  }\n\n"
        "  public int hashCode() {\n  }\n\n  public boolean equals(A other) {\n  }\n}\n"
    )
    assert facts("A.java", text)["override"] == {"yes": [1, 2], "no": [1, 6]}
