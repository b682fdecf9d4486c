"""The libraries between which a Python team chooses, by the job they do."""

from __future__ import annotations

from ..choices import Choices

# job -> module prefixes. A file that imports two of them counts for both.
PYTHON_CHOICES = Choices({
    "http": ("requests", "httpx", "aiohttp", "urllib3", "urllib.request", "http.client", "pycurl"),
    "logging": ("logging", "loguru", "structlog"),
    "cli": ("argparse", "click", "typer", "fire", "optparse", "cleo", "docopt", "cyclopts"),
    "database": (
        "sqlalchemy", "sqlmodel", "sqlite3", "psycopg", "psycopg2", "asyncpg", "aiosqlite", "peewee",
        "tortoise", "pymongo", "motor", "duckdb",
    ),
    "web": (
        "fastapi", "flask", "django", "starlette", "aiohttp.web", "sanic", "tornado", "litestar", "quart",
    ),
    "json": ("json", "orjson", "ujson", "simplejson", "msgspec.json", "rapidjson"),
    "dates": ("datetime", "arrow", "pendulum", "whenever"),
    "async": ("asyncio", "trio", "anyio", "twisted", "gevent", "curio"),
    "yaml": ("yaml", "ruamel.yaml", "strictyaml"),
    "toml": ("tomllib", "tomli", "tomlkit", "toml"),
    "settings": ("pydantic_settings", "dynaconf", "environs", "decouple", "environ", "dotenv"),
    "queue": ("celery", "rq", "dramatiq", "arq", "huey"),
    "retry": ("tenacity", "backoff", "retrying", "stamina"),
    "tables": ("pandas", "polars", "pyarrow"),
    "xml": ("lxml", "xml.etree", "defusedxml", "xml.dom"),
    "terminal": ("rich", "colorama", "termcolor", "blessed"),
    "templates": ("jinja2", "mako", "chevron"),
    "timezones": ("zoneinfo", "pytz", "dateutil.tz"),
})  # fmt: skip

# What tests use beside their framework.
TEST_CHOICES = Choices(
    {
        "stubs": ("responses", "requests_mock", "respx", "httpretty", "aioresponses", "vcr", "pytest_httpx"),
        "clock": ("freezegun", "time_machine"),
        "factories": ("factory", "model_bakery", "polyfactory", "mimesis", "faker"),
    }
)
