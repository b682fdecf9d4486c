from pins import pinned, wanted


def _parts(version):
    return [int(part) for part in version.split(".")]


def test_every_requirement_is_pinned_and_new_enough():
    for name, least in wanted().items():
        assert name in pinned(), name
        assert _parts(pinned()[name]) >= _parts(least), f"requirements.txt pins {name} below {least}"
