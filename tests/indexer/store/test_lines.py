import pytest

from indexer.store.lines import Use, pack_bindings, pack_uses, unpack_bindings, unpack_uses

_CALL = ("run", "call", 3, "main", "", "<shop.tasks>", 2)
_IMPORT = ("run", "import", 1, "", "shop.tasks", "", -1)
_OTHER = ("close", "call", 4, "main", "file", "", 0)


def test_the_uses_of_a_name_stand_together_and_know_their_place_in_the_file() -> None:
    packed = dict(pack_uses([_IMPORT, _CALL, _OTHER]))
    assert list(packed) == ["close", "run"]
    assert unpack_uses(packed["run"]) == [Use(0, *_IMPORT[1:]), Use(1, *_CALL[1:])]
    assert unpack_uses(packed["close"]) == [Use(2, *_OTHER[1:])]


def test_a_chain_that_is_written_over_several_lines_stays_one_use() -> None:
    chain = ("run", "call", 3, "main", "a\n\t.b", "", 0)
    packed = dict(pack_uses([_OTHER, chain]))
    assert unpack_uses(packed["run"]) == [Use(1, "call", 3, "main", "a  .b", "", 0)]
    assert unpack_uses(packed["close"]) == [Use(0, *_OTHER[1:])]


@pytest.mark.parametrize("damage", ["", "0\tcall\t3", "x\tcall\t3\tmain\t\t\t2", "0\tcall\t3\tmain\t\t\t2\n"])
def test_what_is_no_use_is_not_read_as_one(damage: str) -> None:
    with pytest.raises(ValueError, match=r"unpack|invalid literal"):
        unpack_uses(damage)


def test_bindings_come_back_and_the_last_of_a_name_counts() -> None:
    bound = [("", "run", "<shop.tasks>.run"), ("Shop", "*", ""), ("", "run", "<shop>.run"), ("", "a\nb", "c")]
    assert unpack_bindings(pack_bindings(bound)) == {
        ("", "run"): "<shop>.run", ("Shop", "*"): "", ("", "a b"): "c",
    }  # fmt: skip


def test_a_file_without_bindings_has_none() -> None:
    assert unpack_bindings(pack_bindings([])) == {}
