from settings.defaults import DEFAULTS


def test_the_port_is_free_for_everybody():
    assert DEFAULTS["port"] > 1024
