"""The libraries of which a JavaScript or TypeScript team picks one for a job."""

from __future__ import annotations

from ..choices import Choices

# job -> module prefixes. A file that imports two of them counts for both.
ECMA_CHOICES = Choices({
    "http": ("axios", "node-fetch", "got", "undici", "ky", "superagent", "ofetch", "@angular/common/http"),
    "validation": ("zod", "yup", "joi", "ajv", "valibot", "io-ts", "class-validator", "superstruct"),
    "logging": ("winston", "pino", "bunyan", "debug", "consola", "log4js", "loglevel", "signale"),
    "state": ("redux", "@reduxjs/toolkit", "zustand", "mobx", "jotai", "recoil", "xstate", "pinia", "vuex"),
    "dates": ("moment", "dayjs", "date-fns", "luxon"),
    "database": (
        "typeorm", "prisma", "@prisma/client", "drizzle-orm", "knex", "kysely", "sequelize", "mongoose",
        "@mikro-orm/core", "pg", "mysql2", "better-sqlite3",
    ),
    "web": ("express", "fastify", "koa", "hono", "@hapi/hapi", "@nestjs/common", "restify", "polka"),
    "cli": ("commander", "yargs", "cac", "meow", "oclif", "@oclif/core", "citty", "clipanion", "minimist"),
    "colours": ("chalk", "picocolors", "kleur", "colorette", "ansi-colors", "colors", "yoctocolors"),
    "processes": ("execa", "child_process", "cross-spawn", "tinyexec", "zx"),
    "globs": ("fast-glob", "glob", "globby", "tinyglobby"),
    "lists": ("lodash", "lodash-es", "underscore", "ramda", "radash", "es-toolkit", "remeda"),
    "ids": ("uuid", "nanoid", "cuid", "ulid", "@paralleldrive/cuid2"),
    "queries": ("@tanstack/react-query", "react-query", "swr", "@apollo/client", "urql", "@trpc/client"),
    "forms": ("react-hook-form", "formik", "final-form", "react-final-form"),
    "classnames": ("clsx", "classnames", "class-variance-authority", "tailwind-merge"),
    "styles": ("styled-components", "@emotion/styled", "@emotion/react", "@mui/material", "@stitches/react"),
    "translations": ("i18next", "react-i18next", "next-intl", "react-intl", "vue-i18n", "@lingui/core"),
    "results": ("neverthrow", "fp-ts", "effect", "ts-results", "oxide.ts", "@badrap/result"),
})  # fmt: skip
TEST_CHOICES = Choices(
    {
        "requests": ("nock", "msw", "supertest", "light-my-request", "axios-mock-adapter", "fetch-mock"),
        "rendering": ("@testing-library/react", "enzyme", "react-test-renderer", "@vue/test-utils"),
        "clicks": ("@testing-library/user-event",),
        "samples": ("@faker-js/faker", "faker", "fishery", "factory.ts", "chance"),
        "modules": ("proxyquire", "rewire", "mock-require", "esmock", "testdouble"),
    }
)
