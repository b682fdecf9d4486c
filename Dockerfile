# The core of Cairn on a slim Python: no compiler, no torch, no root.

FROM python:3.12-slim AS build
WORKDIR /source
RUN python -m venv /opt/cairn
COPY . .
RUN /opt/cairn/bin/pip install --no-cache-dir .

FROM python:3.12-slim
# git lists a repository's files the way its owner sees them.
RUN apt-get update \
    && apt-get install -y --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --home-dir /data --shell /usr/sbin/nologin cairn \
    && install -d -m 1777 /data
COPY --from=build /opt/cairn /opt/cairn
ENV PATH=/opt/cairn/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/data \
    CAIRN_DATA=/data \
    CAIRN_HOST=0.0.0.0 \
    CAIRN_PORT=8000
USER 1000:1000
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=6 \
    CMD ["python", "-Ic", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
# Listening beyond loopback, it refuses to start without CAIRN_API_KEY.
CMD ["cairn", "serve"]
