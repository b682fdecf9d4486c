import pytest

from agent.suites import runners
from agent.suites.command import SuiteCommand

PYTHON = "/opt/cairn/.venv/bin/python3.11"


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (runners.pytest_command(PYTHON, ""), "pytest"),
        (
            runners.pytest_command(PYTHON, "", "tests", "-k", "fee", cwd="pkg"),
            "cd pkg && pytest tests -k fee",
        ),
        (runners.unittest_command(PYTHON, ""), "python -m unittest discover"),
        (runners.django_command(PYTHON, "", "shop"), "python manage.py test shop"),
        (runners.go_command(""), "go test ./..."),
        (runners.cargo_command(""), "cargo test"),
        (runners.maven_command(""), "mvn test"),
        (runners.gradle_command("", "./gradlew"), "./gradlew test"),
        (runners.rspec_command("", "spec", bundled=True), "bundle exec rspec spec"),
        (runners.phpunit_command("", "vendor/bin/phpunit"), "vendor/bin/phpunit"),
        (runners.ctest_command(""), "ctest --output-on-failure"),
        (runners.script_command("vitest", ""), "vitest"),
        (runners.script_command("jest --runInBand", ""), "jest --runInBand"),
        (runners.script_command("mocha test/*.js", ""), "mocha test/*.js"),
        (runners.script_command("node --test", ""), "node --test"),
        (runners.printing_command(("/bin/sh", "-c", "make check", "test"), ""), "make check"),
    ],
)
def test_a_command_is_shown_as_a_person_would_type_it(command: SuiteCommand | None, shown: str) -> None:
    assert command is not None
    assert command.shown == shown
