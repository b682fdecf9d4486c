from slugs.tags import tags


def test_tags():
    assert tags("b,a,b") == ["a", "b"]
