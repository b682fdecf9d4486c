from menu.card import card


def test_card():
    assert card() == ["bread 2", "soup 4"]
