FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MIC_DATA=/data \
    MIC_HOST=0.0.0.0 \
    MIC_PORT=8000 \
    MIC_LOG_FORMAT=json

WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --disable-pip-version-check --use-pep517 --require-hashes \
        --requirement requirements.lock \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin mic \
    && install --directory --owner=mic --group=mic /data
COPY config config
COPY crawler crawler
COPY indexer indexer
COPY webui webui

USER mic
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
CMD ["python", "-m", "webui", "serve"]
