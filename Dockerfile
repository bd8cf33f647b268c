# syntax=docker/dockerfile:1
# docker build -t appsync-emulator .
# docker run --rm -p 20002:20002 -v "$PWD":/app appsync-emulator

FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY emulator ./emulator
COPY resolvers ./resolvers
COPY examples ./examples
RUN python -m pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.11-slim
# Functions with a Node.js runtime run on Debian's.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends nodejs \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /wheels /wheels
RUN python -m pip install --no-cache-dir "$(echo /wheels/*.whl)[sam,services]" && rm -rf /wheels
RUN useradd --uid 10001 --create-home emulator
# Numbers, so that an orchestrator can tell that it is not root.
USER 10001:10001
ENV PYTHONUNBUFFERED=1
# The project is mounted here; its template is found by itself.
WORKDIR /app
EXPOSE 20002
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ.get('APPSYNC_EMULATOR_PORT', '20002') + '/_emulator/health', timeout=4)"]
ENTRYPOINT ["appsync-emulator"]
CMD ["start", "--host", "0.0.0.0"]
