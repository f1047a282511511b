# One image for the web processes and the worker. Configuration comes from the environment: README.
FROM python:3.12-slim AS packages
RUN python -m venv /opt/docket
COPY requirements.lock .
RUN /opt/docket/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
    -r requirements.lock

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin docket \
    && mkdir -p /app/var && chown docket:docket /app/var
COPY --from=packages /opt/docket /opt/docket
ENV PATH=/opt/docket/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=b24app.settings \
    DOCKET_STATIC_ROOT=/opt/static
WORKDIR /app
COPY LICENSE manage.py ./
COPY b24app b24app
COPY templates templates
COPY static static
# Collecting needs settings that start, not secrets: these end with the command.
RUN DOCKET_BASE_URL=http://localhost \
    DOCKET_SECRET_KEY=only-while-the-image-is-built-only-while-the-image-is-built \
    DOCKET_TOKEN_KEYS=b25seS13aGlsZS10aGUtaW1hZ2UtaXMtYnVpbHQtLi4= \
    DATABASE_URL=sqlite:////tmp/build.sqlite3 \
    DOCKET_QUEUE_FILE=/tmp/build-queue.sqlite3 \
    python manage.py collectstatic --noinput --verbosity 0
USER docket
EXPOSE 8000
CMD ["gunicorn", "b24app.wsgi", "--bind", "0.0.0.0:8000", \
     "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--worker-tmp-dir", "/dev/shm"]
